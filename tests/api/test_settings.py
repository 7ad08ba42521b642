import pytest

from api.settings import Settings, settings_from
from models.errors import UsageError


def test_every_setting_has_a_variable_and_an_option_wins() -> None:
    environment = {"PLACEMENTS_PORT": "81", "PLACEMENTS_RUN_SECONDS": "9.5", "PLACEMENTS_HOST": " ", "PATH": "/"}
    assert settings_from(environment, {}) == Settings(port=81, run_seconds=9.5)
    assert settings_from(environment, {"port": 82, "host": None}).port == 82


def test_variables_of_the_client_are_none_of_the_service() -> None:
    assert settings_from({"PLACEMENTS_SERVER": "x", "PLACEMENTS_TOKEN": "y"}, {}) == Settings()


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UsageError) as wrong:
        settings_from({"PLACEMENTS_RETENTION_DAY": "7", "PLACEMENTS_PORT": "70000", "PLACEMENTS_ROWS": "many"}, {})
    words = str(wrong.value)
    assert "PLACEMENTS_RETENTION_DAY is no setting. Did you mean 'PLACEMENTS_RETENTION_DAYS'?" in words
    assert "port: Input should be less than or equal to 65535" in words
    assert "rows: Input should be a valid integer" in words


def test_a_secret_is_in_no_message() -> None:
    with pytest.raises(UsageError) as wrong:
        settings_from({"PLACEMENTS_METRICS_TOKEN": "short-secret"}, {})
    assert "short-secret" not in str(wrong.value)
