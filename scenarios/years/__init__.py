"""Years that go on as this one: cohorts, progress, repeats, PEs gained and lost; every year is planned and checked."""

from scenarios.years.answers import answers_of
from scenarios.years.rates import Rates, rates_of
from scenarios.years.rolling import roll

__all__ = ["Rates", "answers_of", "rates_of", "roll"]
