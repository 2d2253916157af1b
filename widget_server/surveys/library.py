"""Survey files: one survey a file, the file's stem is its key. Reads, checks and writes them; knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields

from widget_server.conditions import did_you_mean
from widget_server.errors import Invalid
from widget_server.surveys.checks import findings
from widget_server.surveys.reading import Document, Unreadable, read_document
from widget_server.surveys.schemas import SURVEY

RESERVED = ("routing",)
"""Stems that are no survey: routing.yaml says who handles what."""
KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong, as its author reads it: file, line, field, what is wrong and what to do."""

    file: str
    line: int
    field: str
    message: str
    remedy: str
    severity: str = "error"  # error | warning

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " + (f"{self.field}: " if self.field else "")
        return f"{place}{self.severity}: {self.message}; {self.remedy}"


@dataclass(frozen=True)
class Entry:
    """A survey file without errors."""

    key: str
    content: dict[str, Any]  # as it stands in the file, but for `wave`
    wave: int


def check_directory(directory: Path) -> list[Problem]:
    """All errors and warnings of the survey files in a directory, file by file, line by line."""
    files = survey_files(directory)
    if not files:
        return [Problem(directory.name, 1, "", "there is no survey here", "add a file such as feedback.yaml")]
    return [problem for file in files for problem in check_file(file)]


def check_file(path: Path) -> list[Problem]:
    """All errors and warnings of one file, by line."""
    return _checked(path)[0]


def _checked(path: Path) -> tuple[list[Problem], Document | None]:
    """What is wrong with a file, and what stands in it where it could be read."""
    if not KEY.fullmatch(path.stem):
        remedy = "use small letters, digits and hyphens, a letter first, 60 at most"
        return [Problem(path.name, 1, "", f"'{path.stem}' can't be a survey's key", remedy)], None
    try:
        document = read_document(path)
    except Unreadable as error:
        return [Problem(path.name, error.line, "", error.message, error.remedy)], None
    return sorted(_problems(path.name, document), key=lambda problem: problem.line), document


def read_library(directory: Path) -> list[Entry]:
    """Every survey of a directory, by key.

    Raises:
        Invalid: some file has errors; the detail lists all of them, one a line.
    """
    files = [(path, *_checked(path)) for path in survey_files(directory)]
    problems = [problem for _, found, _ in files for problem in found] if files else check_directory(directory)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Invalid("\n".join(str(problem) for problem in errors))
    return [_entry(path, document) for path, _, document in files if document]


def read_entry(path: Path) -> Entry:
    """One file that was checked."""
    return _entry(path, read_document(path))


def _entry(path: Path, document: Document) -> Entry:
    content = document.content
    return Entry(path.stem, {key: value for key, value in content.items() if key != "wave"}, content.get("wave", 1))


def survey_files(directory: Path) -> list[Path]:
    """The survey files of a directory, by name."""
    if not directory.is_dir():
        return []
    return sorted(path for path in directory.glob("*.yaml") if path.is_file() and path.stem not in RESERVED)


def write_entry(directory: Path, entry: Entry) -> Path:
    """Write a survey as a file that reads back as the same content."""
    if not KEY.fullmatch(entry.key):
        raise Invalid(f"{entry.key!r} can't be the name of a survey file.")
    path = directory / f"{entry.key}.yaml"
    content = in_order({"wave": entry.wave, **entry.content}, SURVEY)
    path.write_text(yaml.dump(content, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, width=110), "utf-8")
    return path


class PlainDumper(yaml.SafeDumper):
    """Writes no anchors: `reading.py` refuses them."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def in_order(content: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The content with its fields in the order of the schema: JSON columns do not keep the author's."""
    ordered: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        if key in content:
            ordered[key] = _field_in_order(content[key], field)
    return ordered


def _field_in_order(value: Any, field: Any) -> Any:
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_field_in_order(item, field.inner) for item in value]
    if isinstance(field, fields.Nested) and isinstance(value, Mapping):
        return in_order(value, field.schema)
    return value


def _problems(file: str, document: Document) -> Iterator[Problem]:
    wrong = SURVEY.validate(document.content) if isinstance(document.content, dict) else {"_schema": [NOT_A_SURVEY]}
    for where, message, remedy in _shape_faults(wrong, (), SURVEY):
        yield Problem(file, document.line(where), field_name(where), message, remedy)
    if wrong:
        return
    for found in findings(document.content):
        severity = "error" if found.is_error else "warning"
        place = document.line(found.where)
        yield Problem(file, place, field_name(found.where), found.message, found.remedy, severity)


REMEDIES = ("write ", "give ", "use ", "ask ", "name ")
NOT_A_SURVEY = "a survey starts with 'title', 'languages' and 'questions'"


def _shape_faults(wrong: Any, where: Where, schema: Any) -> Iterator[tuple[Where, str, str]]:
    """Flatten marshmallow's nested messages: place, what is wrong, what to do."""
    if isinstance(wrong, list):
        for message in wrong:
            yield _explained(str(message), where, schema)
        return
    for key, inner in wrong.items():
        if key == "_schema":
            yield from _shape_faults(inner, where, schema)
        elif isinstance(schema, fields.Dict) and isinstance(inner, dict):
            for messages in inner.values():  # under "key" and "value"
                yield from _shape_faults(messages, (*where, key), None)
        elif isinstance(inner, list) and inner == ["Unknown field."]:
            yield (*where, key), f"there is no field '{key}'", _nearest(key, schema)
        else:
            yield from _shape_faults(inner, (*where, key), _inside(schema, key))


def _inside(schema: Any, key: str | int) -> Any:
    """The schema or field that describes what stands under `key`."""
    if isinstance(schema, fields.List):
        return _opened(schema.inner)
    if isinstance(schema, Schema):
        found = (field for name, field in schema.fields.items() if (field.data_key or name) == key)
        return _opened(next(found, None))
    return None


def _opened(field: Any) -> Any:
    return field.schema if isinstance(field, fields.Nested) else field


def _explained(message: str, where: Where, schema: Any) -> tuple[Where, str, str]:
    if message.startswith("Missing data"):
        return where[:-1], f"'{where[-1]}' is missing", f"add '{where[-1]}'"
    if message.startswith("Field may not be null"):
        return where, "this is empty", "write a value, or remove the line"
    if message.startswith(("Invalid input type", "Not a valid mapping type")):
        return where, "this must hold names and values", _expected(schema)
    if message.startswith("Not a valid list"):
        return where, "this must be a list", "write [one, two], or each on a line that starts with '-'"
    if message.startswith(REMEDIES):
        return where, "the value does not fit", message
    wrong, _, remedy = message.partition(": ")
    if message.startswith("there is no ") and isinstance(schema, fields.Field):
        return where, message, _nearest_choice(message, schema)
    return where, wrong, remedy or "change the value"


def _expected(schema: Any) -> str:
    if isinstance(schema, Schema):
        return "it has " + ", ".join(field.data_key or name for name, field in schema.fields.items())
    return "write a text for each language, as in 'en: …'"


def _nearest(key: Any, schema: Any) -> str:
    known = [field.data_key or name for name, field in schema.fields.items()] if isinstance(schema, Schema) else []
    return did_you_mean(key, known)


def _nearest_choice(message: str, field: fields.Field[Any]) -> str:
    choices = [str(choice) for validator in field.validators for choice in getattr(validator, "choices", ())]
    return did_you_mean(message.rpartition(" '")[2].rstrip("'"), choices)


def field_name(where: Where) -> str:
    """A place as authors say it: questions[2].text.en."""
    name = ""
    for part in where:
        name += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if name else part)
    return name
