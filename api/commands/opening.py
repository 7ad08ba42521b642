"""How the commands come to the store: by the service's settings, the environment's and what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.defaults import DATABASE

if TYPE_CHECKING:
    from api.settings import Settings
    from api.store.opening import Store

Database = Annotated[
    str | None, typer.Option(help=f"Where everything is kept: sqlite:///FILE or postgresql://... [default: {DATABASE}]")
]


def settings_of(**given: Any) -> "Settings":
    """The service's settings; what is given and not None wins over the environment.

    Parameters
    ----------
    given
        Settings by name.

    Raises
    ------
    UsageError
        Libraries of the service are not there, or a setting is wrong.
    """
    needed()
    import os

    from api.settings import settings_from

    return settings_from(os.environ, given)


@contextmanager
def opened(*, database: str | None, make: bool = False, **given: Any) -> "Iterator[tuple[Store, Settings]]":
    """The store that the settings name, with the newest tables, and the settings.

    Parameters
    ----------
    database
        As it was typed; None: the environment's.
    make
        Whether a database that has no tables gets them; a misspelt one is told of otherwise.
    given
        Other settings by name; those that are not None win over the environment.
    """
    settings = settings_of(database=database, **given)
    from api.store.opening import open_store

    store = open_store(settings.database, make=make)
    try:
        yield store, settings
    finally:
        store.close()


def needed() -> None:
    """Say what to install where the libraries of the service are not there.

    Raises
    ------
    UsageError
        One is not there.
    """
    from importlib.util import find_spec

    from models.errors import UsageError

    missing = [name for name in ("fastapi", "sqlalchemy", "uvicorn", "dbos") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"the service needs libraries that are not here ({', '.join(missing)}): "
            "install them with pip install 'placement-allocation[service]'"
        )
