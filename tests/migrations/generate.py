"""Writes a migration from what changed in the models: `./dev migrate "what changed"`.

It is generated on PostgreSQL, whose types say more than SQLite's; tests/migrations runs it on both. As long as nothing
is released, `--remake-initial` writes the first one anew instead.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from tests.postgres import start_server
from widget_server import app as _every_model  # noqa: F401
from widget_server.migrations import runner

VERSIONS = runner.FOLDER / "versions"


def main(arguments: list[str]) -> None:
    remake = arguments == ["--remake-initial"]
    if not arguments:
        sys.exit('Say what changed: ./dev migrate "cases know who opened them"')
    if remake:
        for path in VERSIONS.glob("*.py"):
            path.unlink()
    message = "The tables of the first release" if remake else arguments[0]
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory(prefix="widget-postgres-", ignore_cleanup_errors=True) as home:
        server = start_server(Path(home))
        try:
            engine = create_engine(server.url(server.create()))
            if not remake:
                runner.upgrade(engine)
            with engine.begin() as connection:
                config = runner.config_for(connection)
                command.revision(config, message, autogenerate=True, rev_id=number)
            engine.dispose()
            _tidy(max(VERSIONS.glob("*.py")))
        finally:
            server.stop()


def _tidy(path: Path) -> None:
    kept = [line for line in path.read_text().splitlines() if "commands auto generated" not in line]
    path.write_text("\n".join(line for line in kept if "### end Alembic" not in line) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
