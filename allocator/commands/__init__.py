"""The command line: a file per group of commands. Messages, tables and exit statuses live here and nowhere below.

What a command needs beyond its own words is imported when it is called, so that help and messages come at once.
"""
