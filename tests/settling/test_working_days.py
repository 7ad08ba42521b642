"""England's bank holidays, read without the other countries of the library."""

import subprocess
import sys
from importlib.machinery import PathFinder

import holidays
import pytest

from allocator.settling import working_days
from allocator.settling.working_days import english_bank_holidays

YEARS = range(2000, 2041)
BY_NAME = tuple(sorted(holidays.country_holidays("GB", subdiv="ENG", years=YEARS)))


def test_the_days_are_those_that_the_library_gives_by_name() -> None:
    assert english_bank_holidays(YEARS) == BY_NAME


def test_a_release_that_keeps_the_country_elsewhere_is_asked_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PathFinder, "find_spec", lambda *_: None)
    working_days._united_kingdom.cache_clear()
    assert english_bank_holidays(YEARS) == BY_NAME
    working_days._united_kingdom.cache_clear()


def test_no_other_country_is_loaded() -> None:
    asked = (
        "import sys; from allocator.settling.working_days import english_bank_holidays; english_bank_holidays([2027]);"
        "print(*(m for m in sys.modules if m.startswith('holidays.countries')))"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
