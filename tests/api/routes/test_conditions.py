import pytest

from api.problems import ChangedMeanwhileError, ConditionNeededError
from api.routes.conditions import etag, has, must_match


@pytest.mark.parametrize("header", ['"3"', 'W/"3"', '"2", "3"', "*"])
def test_the_state_in_force_is_named(header: str) -> None:
    assert has(header, 3)
    must_match(header, 3)


@pytest.mark.parametrize("header", ['"2"', "3", "", '"*"', '"33"'])
def test_another_state_is_named(header: str) -> None:
    assert not has(header, 3)
    with pytest.raises(ChangedMeanwhileError) as refused:
        must_match(header, 3, "Somebody undid decision 4.")
    assert "Somebody undid decision 4." in refused.value.detail
    assert refused.value.headers == {"ETag": etag(3)}


def test_no_state_is_named() -> None:
    assert not has(None, 3)
    with pytest.raises(ConditionNeededError):
        must_match(None, 3)
