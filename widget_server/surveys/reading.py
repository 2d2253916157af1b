"""Reads a survey's YAML with the line of every value, and nothing that YAML could surprise an author with.

Only plain data: no tags, no anchors, no duplicate keys. Words are words, so that `no` is Norwegian and not false
(true and false alone are booleans, as in YAML 1.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST = 256 * 1024  # bytes
DEEPEST = 30

Path_ = tuple[str | int, ...]

INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # by an escape such as "\\0"; databases and JSON refuse them
DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it, which all of its wheels are: a tenth of the time."""
WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Unreadable(Exception):
    """The file is not what we read: line (from 1), what is wrong, what to do."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


@dataclass(frozen=True)
class Document:
    content: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of the value at this path, or of what is nearest around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> Document:
    """Read a file.

    Raises:
        Unreadable: too large, not UTF-8, not YAML, or YAML of a kind that is not data.
    """
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise Unreadable(1, f"the file is larger than {LARGEST // 1024} kB", "split it into several surveys")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "the file is not UTF-8", "save it as UTF-8") from error
    return read_text(text)


def read_text(text: str) -> Document:
    """The same for text in memory."""
    try:
        return _read(text, LOADER)
    except (yaml.YAMLError, UnicodeEncodeError):  # the other reader says better what is wrong
        return _read_with_words(text)


def _read_with_words(text: str) -> Document:
    try:
        return _read(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, f"this is not YAML: {error.problem}", "look at indentation, colons and quotes") from error
    except yaml.YAMLError as error:
        raise Unreadable(1, f"this is not YAML: {error}".splitlines()[0], "remove odd characters") from error


def _read(text: str, loader: Any) -> Document:
    _refuse_what_is_not_data(text, loader)
    node = yaml.compose(text, Loader=loader)
    if node is None:
        raise Unreadable(1, "the file is empty", "start from one of the surveys that are shipped")
    lines: dict[Path_, int] = {}
    return Document(_value(node, (), lines), lines)


def _refuse_what_is_not_data(text: str, loader: Any) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, "anchors and aliases (& and *) are not read", "write the value out, or put it in quotes")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable(line, "tags (!) are not read", "put the value in quotes")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unreadable(line, f"this is nested more than {DEEPEST} levels deep", "say it with fewer levels")


def _value(node: yaml.Node, path: Path_, lines: dict[Path_, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), lines) for place, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path_, lines: dict[Path_, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise Unreadable(line, "a name must be a single word", "put the value in quotes")
        key = _text(key_node)
        if key in found:
            first = lines[(*path, key)]
            raise Unreadable(line, f"'{key}' stands twice, the first time on line {first}", "keep one of them")
        lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), lines)
    return found


def _text(node: yaml.ScalarNode) -> str:
    text = str(node.value)
    if UNSTORABLE.search(text):
        line = node.start_mark.line + 1 if node.start_mark else 1
        raise Unreadable(line, "there is a character here that is none (NUL, or half of one)", "remove it")
    return text


def _scalar(node: yaml.ScalarNode) -> Any:
    text = _text(node)
    if node.style:  # quoted or a block: text
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
