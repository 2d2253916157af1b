"""A24: every migration goes up and down with data, and each row is afterwards what it was; on both databases."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, insert

from tests.postgres import start_server
from tests.proofs.frame import command
from widget_server.backup.manifest import Part, count_tables
from widget_server.database import engine_options, prepare_engine, writing_connection
from widget_server.migrations import runner

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(runner.FOLDER)).walk_revisions()))]
AT_ONCE = 5_000
AT = 1_795_000_000_000


def prove(rows: int) -> dict[str, Any]:
    """Fill the first release's tables, go up step by step and down again. `rows` responses with a text and a key each."""
    told: dict[str, Any] = {"ok": True, "rows": rows}
    with tempfile.TemporaryDirectory(prefix="widget-migrations-") as folder:
        told |= _of("sqlite", f"sqlite:///{folder}/widget.db", rows)
    with postgres() as url:
        told |= _of("postgresql", url, rows)
    told["ok"] = all(not value for name, value in told.items() if name.endswith("changed"))
    return told


@contextmanager
def postgres() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="widget-postgres-", ignore_cleanup_errors=True) as home:
        server = start_server(Path(home))
        try:
            yield server.url(server.create())
        finally:
            server.stop()


def _of(name: str, url: str, rows: int) -> dict[str, Any]:
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    try:
        found = up_and_down(engine, rows)
    finally:
        engine.dispose()
    return {f"{name}_{key}": value for key, value in found.items()}


def up_and_down(engine: Engine, rows: int) -> dict[str, Any]:
    """Seconds of each way, and the tables of the first release whose rows are not what they were."""
    runner.upgrade(engine, REVISIONS[0])
    with writing_connection(engine) as connection:
        fill(connection, rows)
    before = counted(engine)
    up, down = {}, {}
    for revision in REVISIONS[1:]:
        up[revision] = _timed(lambda to=revision: runner.upgrade(engine, to))  # type: ignore[misc]
    kept_above = rows_of(engine)
    for revision in reversed(REVISIONS[:-1]):
        down[revision] = _timed(lambda to=revision: runner.downgrade(engine, to))  # type: ignore[misc]
    after = counted(engine)
    runner.upgrade(engine)
    changed = sorted(name for name in before if before[name] != after.get(name))
    changed += sorted(name for name, part in before.items() if kept_above.get(name) != part.rows)
    return {"seconds_up": up, "seconds_down": down, "tables": len(before), "changed": changed}


def fill(connection: Connection, rows: int) -> None:
    """Rows as the first release left them, written to its own tables."""
    tables = MetaData()
    tables.reflect(connection)
    t = tables.tables
    connection.execute(insert(t["sites"]).values(_fitting(t["sites"], id=1, public_id="s", key="proof", name="Proof")))
    user = _fitting(t["users"], id=1, public_id="u", email="a@b.example", fs_uniquifier="f")
    connection.execute(insert(t["users"]).values(user))
    token = _fitting(t["api_tokens"], id=1, site_id=1, name="n", hash="h")
    connection.execute(insert(t["api_tokens"]).values(token))
    for start in range(1, rows + 1, AT_ONCE):
        ids = range(start, min(start + AT_ONCE, rows + 1))
        for name, of in (("responses", _response), ("texts", _text), ("person_keys", _key), ("assessments", _assessment)):
            base = _fitting(t[name])
            connection.execute(insert(t[name]), [{**base, **of(id)} for id in ids])


def _response(id: int) -> dict[str, Any]:
    return {
        "id": id, "public_id": f"r{id}", "site_id": 1, "survey_key": "feedback", "version": "v1", "version_id": None,
        "state": "kept", "finished": True, "received_at": AT + id, "answers": {"mood": id % 5 + 1},
        "context": {"signals": {"errors": id % 3}},
    }  # fmt: skip


def _text(id: int) -> dict[str, Any]:
    return {"response_id": id, "question": "comment", "site_id": 1, "text": f"No. {id}: the page broke, ærlig talt."}


def _key(id: int) -> dict[str, Any]:
    return {"response_id": id, "kind": "email", "site_id": 1, "hmac": f"{id:064x}", "key_id": "k"}


def _assessment(id: int) -> dict[str, Any]:
    return {
        "id": id, "site_id": 1, "response_id": id, "model": "m", "revision": 1, "label": "negative", "severity": id % 4 + 1,
        "needs_recovery": id % 100 / 100, "reasons": [f"reason {id % 7}"],
    }  # fmt: skip


def _fitting(table: Any, **said: Any) -> dict[str, Any]:
    """A value for each column that must have one, by its type; what is `said` stands."""
    plain = {
        "INTEGER": 1, "BIGINT": 1, "BOOLEAN": False, "JSON": {}, "JSONB": {}, "FLOAT": 0.0, "DOUBLE PRECISION": 0.0,
        "DOUBLE_PRECISION": 0.0,
    }  # fmt: skip
    known = {"consent_mode": "open", "status": "open", "label": "neutral"}
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = str(column.type).partition("(")[0]
        if not column.nullable and not (column.primary_key and column.autoincrement is True and not said):
            row[column.name] = known.get(column.name, plain.get(kind, "x"))
    return {**row, **said}


def counted(engine: Engine) -> dict[str, Part]:
    with engine.connect() as connection:
        return count_tables(connection)


def rows_of(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {name: part.rows for name, part in count_tables(connection).items()}


def _timed(work: Any) -> float:
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    command(prove, __doc__, rows=1_000_000)
