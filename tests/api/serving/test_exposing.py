from pathlib import Path

import pytest

from api.serving.exposing import address_of, refuse_open_network
from api.settings import Settings
from models.errors import UsageError

PEM = Path("service.pem")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "[::1]", "localhost"])
def test_this_machine_alone_needs_no_tls(host: str) -> None:
    refuse_open_network(Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "placements.example.org", "", "localhost.example.org"])
def test_the_network_is_refused_in_the_clear(host: str) -> None:
    with pytest.raises(UsageError, match=r"in the clear.*--behind-proxy"):
        refuse_open_network(Settings(host=host))
    refuse_open_network(Settings(host=host, behind_proxy=True))
    refuse_open_network(Settings(host=host, certificate=PEM, certificate_key=PEM))


def test_a_certificate_without_its_key() -> None:
    with pytest.raises(UsageError, match="needs its key"):
        refuse_open_network(Settings(host="0.0.0.0", certificate=PEM))


def test_the_address_as_people_type_it() -> None:
    assert address_of(Settings(), 8000) == "http://127.0.0.1:8000"
    assert address_of(Settings(host="::1", certificate=PEM, certificate_key=PEM), 1) == "https://[::1]:1"
