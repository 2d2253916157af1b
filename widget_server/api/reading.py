"""Reads what a caller sends: bodies by `intake/safe_json.py`, then by a schema; what is wrong comes back with pointers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser

from widget_server.errors import Fault, Invalid, WrongMediaType
from widget_server.intake.safe_json import LARGEST_INTEGER, read_object
from widget_server.surveys.shapes import Strict

MOST_BYTES = 512 * 1024


class Reader(FlaskParser):
    """What `arguments` of flask-smorest reads with. A field that we don't know is refused, never ignored."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012 — as webargs declares it

    def load_json(self, req: Request, schema: Schema) -> Any:
        """An object; {} for no body at all, so that the schema says what is missing."""
        body = req.get_data()
        if not body:
            return {}
        if req.mimetype != "application/json":
            raise WrongMediaType("Send the body as application/json.")
        return read_object(body, MOST_BYTES)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        faults = [fault for location in messages.values() for fault in faults_in(location)]
        first = faults[0] if faults else Fault("", "the values do not fit")
        raise Invalid(f"{first.pointer.lstrip('/') or 'The request'}: {first.detail}", faults)


def faults_in(wrong: Any, where: tuple[str, ...] = ()) -> list[Fault]:
    """marshmallow's nested messages as faults with pointers; `where` is the place that they are about."""
    return [Fault("".join(f"/{_escaped(part)}" for part in place), said) for place, said in _flat(wrong, where)]


def _flat(wrong: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(wrong, Mapping):
        for key, inner in wrong.items():
            yield from _flat(inner, where if key in ("_schema", "key", "value") else (*where, str(key)))
    elif isinstance(wrong, list):
        for inner in wrong:
            yield from _flat(inner, where)
    else:
        yield where, str(wrong)


def _escaped(part: str) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def words(longest: int, *, shortest: int = 1, about: str = "", **more: Any) -> Strict:
    """A text in a body. NUL, which no database keeps, is refused by the reader; the documentation says so here."""
    checks = [validate.Length(shortest, longest), validate.Regexp(r"^[^\x00]*\Z", error="NUL can't be stored")]
    return Strict(validate=checks, metadata={"description": about} if about else {}, **more)


class QueryWhole(fields.Integer):
    """A whole number in an address: plain digits, nothing that Python takes for a number besides."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,16}", value) or abs(int(value)) > LARGEST_INTEGER:
            raise ValidationError("write a whole number")
        return int(value)


class QueryFlag(fields.Boolean):
    """true or false in an address, spelled so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise ValidationError("write true or false")
        return bool(value == "true")
