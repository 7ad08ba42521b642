"""``make migration WORDS=...``: write the migration that ``tables.py`` needs."""

import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory

from api.store.migrating import FOLDER, configuration, migrate
from api.store.opening import Store


def main(words: str) -> None:
    """Compare the tables with those of the last migration, and write the next one.

    Parameters
    ----------
    words
        What changed, as its first line.
    """
    number = len(list(ScriptDirectory(str(FOLDER)).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/empty.db")
        if number > 1:
            migrate(store.engine)
        config = configuration()
        with store.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, words, autogenerate=True, rev_id=f"{number:04}")
        store.close()


if __name__ == "__main__":
    main(sys.argv[1])
