"""Write the next migration from the difference to the tables: `python -m memory.store.migrations 0002 "why"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from . import HEAD, _upgrade, configuration


def write_revision(number: str, message: str) -> None:
    """Compare the tables with a database at the newest revision and write what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'now.db'}")
        with engine.begin() as connection:
            if number != "0001":
                _upgrade(connection)
            command.revision(
                configuration(connection),
                message=message,
                autogenerate=True,
                rev_id=number,
                head="base" if number == "0001" else HEAD,
            )
        engine.dispose()
    print(f"Now set HEAD in memory/store/migrations/__init__.py to {number!r}.")


if __name__ == "__main__":
    write_revision(*sys.argv[1:])
