"""Scenarios: a question in words, edits on a base, and an answer that is made from the plans of its cases."""
