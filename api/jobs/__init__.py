"""Runs as durable jobs: accepted once, finished, resumed or marked, whatever is killed when."""
