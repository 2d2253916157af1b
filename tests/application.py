"""Makes the thousands of applications of a run cheap, and no different: what is the same for all is made once.

werkzeug compiles two functions for each of 140 routes, a password's hash takes as long as a test, and the shipped
surveys are read and checked for each site.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import low_level
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from widget_server.accounts import operations
from widget_server.surveys import operations as surveys

COMPILED: dict[str, bytes] = {}
STATEMENTS: dict[str, Any] = {}
SHIPPED = Path(__file__).resolve().parent.parent / "surveys"


def remember_what_is_the_same() -> None:
    """For the life of this process. Hashes stay real ones, by the real parameters, and each pair of a hash and the right
    password is verified for real once; a wrong one each time.
    """
    Rule._compile_builder = _remembered(Rule._compile_builder)  # type: ignore[method-assign]
    operations.hashed = cache(operations.hashed)  # a new salt for each run, not for each user of it
    low_level.verify_secret = cache(low_level.verify_secret)  # what it raises is not remembered
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg2):
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign, assignment]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _shared_statements)
    shipped, read = cache(surveys.read_library), surveys.read_library
    surveys.read_library = lambda folder: shipped(folder) if folder == SHIPPED else read(folder)


def _shared_statements(connection: Connection) -> None:
    """All engines of one database compile the same statements to the same words."""
    engine = connection.engine
    engine._compiled_cache = STATEMENTS.setdefault(engine.dialect.name, LRUCache(5_000))


class Templates(BytecodeCache):
    """What Jinja made of each template: hand it to an application's `jinja_env`."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if (known := COMPILED.get(_name(bucket))) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        COMPILED[_name(bucket)] = bucket.bytecode_to_string()


def _name(bucket: Bucket) -> str:
    """An environment that escapes nothing, as a proof makes one, compiles to other code."""
    return f"{bucket.key} {bucket.checksum} {bool(bucket.environment.autoescape)}"


def _remembered(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """The builder of a rule's addresses depends on the rule's text and defaults alone: it is handed the rule it serves."""
    known: dict[object, Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        what = (tuple(rule._trace), append_unknown, repr(rule.defaults))
        if what not in known:
            known[what] = compiled(rule, append_unknown)
        return known[what]

    return builder
