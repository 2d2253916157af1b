"""A24: every migration goes up and down with data, and each row is afterwards what it was; on both databases.

A million rows must be cheap to make and to compare, or nobody runs it: the database makes them by itself, and each table is
read once before and once after.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Select,
    Table,
    create_engine,
    func,
    insert,
    literal,
    literal_column,
    select,
)

from benchmarks.frame import say
from tests.postgres import start_server
from tests.proofs.frame import command
from widget_server.database import engine_options, prepare_engine, writing_connection
from widget_server.migrations import runner

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(runner.FOLDER)).walk_revisions()))]
AT = 1_795_000_000_000

ROWS: dict[str, dict[str, str]] = {
    "responses": {
        "id": "n", "public_id": "'r' || n", "survey_key": "'feedback'", "version": "'v1'", "state": "'kept'",
        "finished": "true", "received_at": f"{AT} + n", "answers": """'{"mood": ' || (n % 5 + 1) || '}'""",
        "context": """'{"signals": {"errors": ' || (n % 3) || '}}'""",
    },
    "texts": {"response_id": "n", "question": "'comment'", "text": "'No. ' || n || ': the page broke, ærlig talt.'"},
    "person_keys": {
        "response_id": "n", "kind": "'email'", "hmac": f"'{'0' * 54}' || (1000000000 + n)", "key_id": "'k'",
    },
    "assessments": {
        "id": "n", "response_id": "n", "model": "'m'", "revision": "1", "label": "'negative'", "severity": "n % 4 + 1",
        "needs_recovery": "n % 100 / 100.0", "reasons": """'["reason ' || (n % 7) || '"]'""",
    },
}  # fmt: skip
"""What differs from row to row, in SQL over the row's number n that both databases read."""


@dataclass(frozen=True)
class Sum:
    """A table: how many rows, and the sum of a 64-bit hash of each: no order matters, each row does, also twice."""

    rows: int
    hashes: int


def prove(rows: int, on: int = 0) -> dict[str, Any]:
    """Fill the first release's tables, go up step by step and down again.

    Args:
        rows: responses, with a text, a key and an assessment each.
        on: 1 SQLite alone, 2 PostgreSQL alone, 0 one after the other.
    """
    told: dict[str, Any] = {"ok": True, "rows": rows}
    if on != 2:
        with tempfile.TemporaryDirectory(prefix="widget-migrations-") as folder:
            told |= _of("sqlite", f"sqlite:///{folder}/widget.db", rows)
    if on != 1:
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


def up_and_down(engine: Engine, rows: int, careless: Sequence[str] = ()) -> dict[str, Any]:
    """Seconds of each way, and the tables of the first release whose rows are not what they were.

    Args:
        careless: statements that each do to one row, at the top, what a careless migration would; they must be found.
    """
    runner.upgrade(engine, REVISIONS[0])
    filled = _timed(lambda: fill(engine, rows))
    say(f"filled in {filled} s")
    before = sums_of(engine)
    say("read")
    up, down = {}, {}
    for revision in REVISIONS[1:]:
        up[revision] = _timed(lambda to=revision: runner.upgrade(engine, to))  # type: ignore[misc]
    say(f"up: {up}")
    kept_above = counts_of(engine)
    for statement in careless:
        _do_once(engine, statement)
    for revision in reversed(REVISIONS[:-1]):
        down[revision] = _timed(lambda to=revision: runner.downgrade(engine, to))  # type: ignore[misc]
    say(f"down: {down}")
    after = sums_of(engine)
    runner.upgrade(engine)
    changed = sorted(name for name in before if before[name] != after.get(name))
    changed += sorted(name for name, part in before.items() if kept_above.get(name) != part.rows)
    return {
        "seconds_filling": filled, "seconds_up": up, "seconds_down": down, "tables": len(before),
        "rows": sum(part.rows for part in before.values()), "changed": changed,
    }  # fmt: skip


def _do_once(engine: Engine, statement: str) -> None:
    with writing_connection(engine) as connection:
        done = connection.exec_driver_sql(statement).rowcount
    if done != 1:
        raise AssertionError(f"{statement!r} touched {done} rows, so it proves nothing")


def fill(engine: Engine, rows: int) -> None:
    """Rows as the first release left them, written to its own tables."""
    with writing_connection(engine) as connection:
        if connection.dialect.name == "postgresql":  # keys that fit by their making; looking each up takes minutes
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        tables = _tables(connection)
        for name, said in (
            ("sites", {"id": 1, "public_id": "s", "key": "proof", "name": "Proof"}),
            ("users", {"id": 1, "public_id": "u", "email": "a@b.example", "fs_uniquifier": "f"}),
            ("api_tokens", {"id": 1, "site_id": 1, "name": "n", "hash": "h"}),
        ):
            connection.execute(insert(tables[name]).values(_fitting(tables[name]) | said))
        for name, varying in ROWS.items():
            table = tables[name]
            alike = {one: value for one, value in _fitting(table).items() if one not in varying}
            columns = [literal(value, table.c[one].type) for one, value in alike.items()]
            columns += [_expression(table, one, words) for one, words in varying.items()]
            numbered = select(*columns).select_from(_numbers(connection, rows))
            connection.execute(insert(table).from_select([*alike, *varying], numbered))


def _expression(table: Table, column: str, words: str) -> Any:
    is_jsonb = str(table.c[column].type) == "JSONB"  # which no text goes into by itself
    return literal_column(f"CAST({words} AS JSONB)" if is_jsonb else words)


def _numbers(connection: Connection, rows: int) -> Any:
    """1 to `rows`, as column n."""
    if connection.dialect.name == "postgresql":
        return func.generate_series(1, rows).table_valued("n").render_derived("numbers")
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < rows))


def _fitting(table: Table) -> dict[str, Any]:
    """A value for each column that must have one, by its type. What belongs to a site belongs to the first."""
    plain = {
        "INTEGER": 1, "BIGINT": 1, "BOOLEAN": False, "JSON": {}, "JSONB": {}, "FLOAT": 0.0, "DOUBLE PRECISION": 0.0,
        "DOUBLE_PRECISION": 0.0,
    }  # fmt: skip
    known = {"consent_mode": "open", "status": "open", "label": "neutral"}
    needed = [column for column in table.columns if not column.nullable]
    kinds = {column.name: str(column.type).partition("(")[0] for column in needed}
    return {name: known.get(name, plain.get(kind, "x")) for name, kind in kinds.items()}


def sums_of(engine: Engine) -> dict[str, Sum]:
    with engine.connect() as connection:
        look = _sum_there if connection.dialect.name == "postgresql" else _sum_here
        return {name: look(connection, _by_name(table)) for name, table in _tables(connection).items()}


def _by_name(table: Table) -> Select[Any]:
    """All columns in an order that rebuilding the table does not change."""
    return select(*[literal_column(f'"{name}"') for name in sorted(table.c.keys())]).select_from(table)


def _sum_there(connection: Connection, wanted: Select[Any]) -> Sum:
    """PostgreSQL hashes by itself."""
    row = wanted.subquery("one")
    hashed = func.hashtextextended(literal_column("one::text"), 0)
    found = connection.execute(select(func.count(), func.coalesce(func.sum(hashed), 0)).select_from(row)).one()
    return Sum(found[0], int(found[1]))


def _sum_here(connection: Connection, wanted: Select[Any]) -> Sum:
    """SQLite has no hash of its own: what its driver hands over, values with their types, hashed by this process' own."""
    cursor = connection.connection.cursor()
    cursor.execute(str(wanted.compile(connection)))
    total = rows = 0
    while some := cursor.fetchmany(10_000):
        total += sum(map(hash, map(repr, some)))
        rows += len(some)
    return Sum(rows, total % 2**64)


def counts_of(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = _tables(connection)
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()
        }


def _tables(connection: Connection) -> dict[str, Table]:
    """As they are now, Alembic's own left out."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != "alembic_version")
    return dict(found.tables)


def _timed(work: Any) -> float:
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    command(prove, __doc__, rows=1_000_000, on=0)
