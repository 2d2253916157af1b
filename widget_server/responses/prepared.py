"""Inserts and short questions of the way in and of the worker, in words made once and handed to the driver: there
SQLAlchemy's own way around a statement costs several times what the database does. Same transaction, same errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ClauseElement, Column, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.orm import scoped_session
    from sqlalchemy.sql.compiler import SQLCompiler

MARKS = {"pysqlite": "?", "psycopg2": "%s"}
"""Drivers that take values by their place, with the mark for one; both are tested. Another gets psycopg2's."""

Convert = Callable[[Any], Any] | None


MOST_ROWS = 16
"""In one statement: the driver keeps the last 128 of them ready."""


class Insert:
    """Into one table, the columns of each row the same each time; a column that is left out is the database's to fill."""

    def __init__(self, table: Table, *, returning: Sequence[Column[Any]] = (), once: bool = False) -> None:
        self._table = table
        names = ", ".join(column.name for column in returning)
        self._end = " ON CONFLICT DO NOTHING" if once else f" RETURNING {names}" if names else ""
        self._made: dict[tuple[str, tuple[str, ...], int], tuple[str, tuple[tuple[str, Convert], ...]]] = {}

    def one(self, connection: Connection, row: Mapping[str, Any]) -> Any:
        """The driver's cursor: `rowcount`, or `fetchone()` for what it returns."""
        words, columns = self._prepared(connection.dialect, tuple(row), 1)
        return run(connection, words, [row[name] if to is None else to(row[name]) for name, to in columns])

    def all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """As few statements as can be: each is a time that other threads take their turn. Returns how many went in."""
        return sum(cursor.rowcount for cursor in self._together(connection, rows))

    def returned(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The same; what each row returns, in no order."""
        return [back for cursor in self._together(connection, rows) for back in cursor.fetchall()]

    def _together(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
        for start in range(0, len(rows), MOST_ROWS):
            some = rows[start : start + MOST_ROWS]
            words, columns = self._prepared(connection.dialect, tuple(some[0]), len(some))
            values = [row[name] if to is None else to(row[name]) for row in some for name, to in columns]
            yield run(connection, words, values)

    def _prepared(self, dialect: Dialect, names: tuple[str, ...], rows: int) -> tuple[str, tuple[tuple[str, Convert], ...]]:
        made = self._made.get((dialect.name, names, rows))
        if made is None:
            made = self._made[(dialect.name, names, rows)] = self._make(dialect, names, rows)
        return made

    def _make(self, dialect: Dialect, names: tuple[str, ...], rows: int) -> tuple[str, tuple[tuple[str, Convert], ...]]:
        quote = dialect.identifier_preparer.quote
        columns = ", ".join(quote(self._table.c[name].name) for name in names)
        marks = ", ".join([MARKS.get(dialect.driver, "%s")] * len(names))
        values = ", ".join([f"({marks})"] * rows)
        words = f"INSERT INTO {quote(self._table.name)} ({columns}) VALUES {values}{self._end}"  # noqa: S608 — names of ours
        return words, tuple((name, _conversion(self._table.c[name], dialect)) for name in names)


class Ask:
    """A question (or a change that returns something) whose values are plain numbers and texts, named by bindparam."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def rows(self, session: scoped_session[Any], **values: Any) -> list[Any]:
        """All that it finds, as tuples. What the session has pending is written first, as ever."""
        if session.autoflush:
            session.flush()
        connection = session.connection()
        name = connection.dialect.name
        words, places, fixed = self._made.get(name) or self._made.setdefault(name, self._make(connection.dialect))
        given = {**fixed, **values}
        found: list[Any] = run(connection, words, given if places is None else [given[one] for one in places]).fetchall()
        return found

    def first(self, session: scoped_session[Any], **values: Any) -> Any:
        """The first column of the first row, None when there is no row."""
        found = self.rows(session, **values)
        return found[0][0] if found else None

    def _make(self, dialect: Dialect) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
        made = cast("SQLCompiler", self._statement.compile(dialect=dialect))
        fixed = {name: bind.effective_value for name, bind in made.binds.items() if not bind.required}
        return made.string, made.positiontup, fixed


def _conversion(column: Column[Any], dialect: Dialect) -> Convert:
    convert: Convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return convert


def run(connection: Connection, words: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Say it to the driver in the transaction that `connection` is in.

    Raises:
        DBAPIError: as SQLAlchemy would, without the values, which may be a visitor's.
    """
    driver = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        cursor.execute(words, values)
    except driver.Error as error:
        lost = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            words, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost, dialect=connection.dialect
        ) from error
    return cursor
