"""Writes a migration from what changed in the models: `./dev migrate "what changed"`.

It is generated on PostgreSQL, whose types say more than SQLite's; tests/migrations runs it on both. As long as the last
one is not released, `--remake-last` writes it anew from the models as they are now.
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
    if not arguments:
        sys.exit('Say what changed: ./dev migrate "cases know who opened them"')
    message = _take_back_last() if arguments == ["--remake-last"] else arguments[0]
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory(prefix="widget-postgres-", ignore_cleanup_errors=True) as home:
        server = start_server(Path(home))
        try:
            engine = create_engine(server.url(server.create()))
            runner.upgrade(engine)
            with engine.begin() as connection:
                config = runner.config_for(connection)
                command.revision(config, message, autogenerate=True, rev_id=number)
            engine.dispose()
            _tidy(max(VERSIONS.glob("*.py")))
        finally:
            server.stop()


def _take_back_last() -> str:
    """Delete the newest migration; what it was called. The first one is out in the world and stays."""
    newest = max(VERSIONS.glob("*.py"))
    if newest.name.startswith("0001"):
        return "What an installation needs to be run"
    newest.unlink()
    return newest.stem[len("0000_") :].replace("_", " ").capitalize()


def _tidy(path: Path) -> None:
    kept = [line for line in path.read_text().splitlines() if "commands auto generated" not in line]
    path.write_text("\n".join(line for line in kept if "### end Alembic" not in line) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
