"""Whatever stands in a survey file, the author gets sentences and never a traceback."""

from __future__ import annotations

import copy
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from widget_server.surveys import wire
from widget_server.surveys.definition import content_hash, definition_from
from widget_server.surveys.library import Entry, Problem, check_file, read_entry
from widget_server.surveys.queries import KnownVersion
from widget_server.surveys.reading import Unreadable, _read, read_document

SHIPPED = [read_document(path).content for path in sorted((REPOSITORY / "surveys").glob("*.yaml"))]
SURVEYS = [content for content in SHIPPED if "questions" in content]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["en", "no"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A shipped survey in which something, somewhere, is something else or gone."""
    content = copy.deepcopy(draw(st.sampled_from(SURVEYS)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([place for place in places(content) if place]))
        holder = content
        for key in way:
            holder = holder[key]
        if draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = draw(VALUES)
    return content


def checked(text: str | bytes) -> tuple[list[Problem], Entry | None]:
    """What is wrong, and the survey if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        problems = check_file(path)
        return problems, None if any(one.severity == "error" for one in problems) else read_entry(path)


@settings(deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_bytes_are_refused_with_sentences(text: str | bytes) -> None:
    problems, _ = checked(text)
    assert all(problem.message and problem.remedy and problem.line >= 1 for problem in problems)
    assert problems


@given(st.text(alphabet="ab:-,[]{}#&*!|>'\"%@` \n\t?0.~\\é\u2028\u0085", max_size=40))
def test_the_quick_reader_of_yaml_reads_what_the_plain_one_reads(text: str) -> None:
    read = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        with suppress(yaml.YAMLError, Unreadable):
            read.append(_read(text, loader))
    assert all(one == read[0] for one in read)


@settings(max_examples=100, deadline=None)
@given(spoiled())
def test_a_spoiled_survey_is_refused_or_can_be_served_in_each_language(content: Any) -> None:
    _, entry = checked(yaml.safe_dump(content, allow_unicode=True))
    if entry is None:
        return
    known = KnownVersion(1, 1, entry.key, content_hash(entry.content), definition_from(entry.content))
    for language in known.definition.languages:
        assert wire.as_bytes(wire.survey(known, language))
    known.definition.asked({"mood": 2, "reason": "price"})
