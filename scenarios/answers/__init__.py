"""Answers: a sentence with numbers, a table and a chart for each question, from the results of its cases."""

from scenarios.answers.answer import Answer, AnswerTable, Chart, Series
from scenarios.answers.answering import KINDS, answered, kind_of

__all__ = ["KINDS", "Answer", "AnswerTable", "Chart", "Series", "answered", "kind_of"]
