"""What the fields of a survey file are made of: text that is text, numbers that are numbers, a text in each language."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

KEY = validate.Regexp(r"^[a-z][a-z0-9_-]{0,59}\Z", error="use small letters, digits, - and _, a letter first, 60 at most")
LANGUAGE = validate.Regexp(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", error="'{input}' is not a language: write en, nl, no, th …")
SHORT = validate.Length(min=1, max=300, error="write 1 to {max} characters")
WORD = validate.Length(min=1, max=60, error="write 1 to {max} characters")


class Strict(fields.String):
    """Text that is text: a number without quotes is refused, not read as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("this must be text: put it in quotes")
        return value


class Number(fields.Float):
    """A number; not a quoted one, not true."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("this must be a number: write it without quotes")
        return value


class Whole(fields.Integer):
    """A whole number; not a quoted one, not 1.5, not true."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("this must be a whole number: write it without quotes")
        return value


class YesNo(fields.Boolean):
    """true or false, nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("this is neither true nor false: write one of them, without quotes")
        return value


class Condition(fields.Raw):
    """Held to its shape by `conditions.faults`."""


def translated(length: validate.Length = SHORT, **more: Any) -> fields.Dict:
    """A text in each language."""
    return fields.Dict(keys=Strict(validate=LANGUAGE), values=Strict(validate=length), **more)


class StrictSchema(Schema):
    class Meta:
        unknown = RAISE
