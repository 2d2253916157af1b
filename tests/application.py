"""Makes the thousands of applications of a run cheap, and no different: what is the same for all is made once.

werkzeug reads each of 140 routes and compiles two functions for it, a password's hash takes as long as a test, and the
shipped surveys are read and checked for each site.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import low_level
from argon2.exceptions import VerificationError
from flask_security import forms
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
    """For the life of this process. Hashes stay real ones, by the real parameters, and each pair of a hash and a password,
    right or wrong, is verified for real once.
    """
    Rule.compile = _remembered_rules(Rule.compile)  # type: ignore[method-assign]
    operations.hashed = cache(operations.hashed)  # a new salt for each run, not for each user of it
    forms.hash_password = cache(forms.hash_password)  # for whom there is none of: it takes as long as a real one
    low_level.verify_secret = _remembered_with_errors(low_level.verify_secret)
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg2):
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign, assignment]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _shared_statements)
    shipped, read = cache(surveys.read_library), surveys.read_library
    surveys.read_library = lambda folder: shipped(folder) if folder == SHIPPED else read(folder)


def _remembered_with_errors(verify: Callable[..., Any]) -> Callable[..., Any]:
    @cache
    def known(*given: Any) -> Any:
        try:
            return verify(*given)
        except VerificationError as wrong:
            return wrong

    def remembered(*given: Any) -> Any:
        if isinstance(said := known(*given), VerificationError):
            raise type(said)(*said.args)
        return said

    return remembered


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


def _remembered_rules(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What a rule matches and how its addresses are built depends on its text, its defaults and the kinds of values."""
    known: dict[object, dict[str, Any]] = {}

    def compiled(rule: Rule) -> None:
        kinds = (rule.map.host_matching, *rule.map.converters.values())
        what = (rule.rule, rule.merge_slashes, rule.subdomain, rule.host, repr(rule.defaults), kinds)
        if what not in known:
            compile_rule(rule)
            known[what] = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            known[what] |= {name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
            return
        made = known[what]
        rule.__dict__.update(made)
        for name in ("_build", "_build_unknown"):  # each is handed the rule that it serves
            setattr(rule, name, made[name].__get__(rule, None))

    return compiled
