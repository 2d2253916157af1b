"""The surveys that are shipped: every file loads, in every language, as the widget will read it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from widget_server.surveys import wire
from widget_server.surveys.definition import content_hash, definition_from
from widget_server.surveys.json_schema import json_schema
from widget_server.surveys.library import (
    Entry,
    check_directory,
    check_file,
    read_library,
    survey_files,
    write_entry,
)
from widget_server.surveys.queries import KnownVersion
from widget_server.surveys.questions.registry import TYPES

FOLDER = REPOSITORY / "surveys"
ENTRIES = {entry.key: entry for entry in read_library(FOLDER)}
LANGUAGES = (
    "en", "nl", "no", "th", "de", "fr", "es", "it", "pt", "sv", "da", "fi", "pl", "tr", "ar", "he", "ja", "zh",
)  # fmt: skip


def known(entry: Entry) -> KnownVersion:
    return KnownVersion(1, 1, entry.key, content_hash(entry.content), definition_from(entry.content))


def test_the_six_surveys_are_there_and_routing_is_not_one() -> None:
    assert {"feedback", "checkout-exit", "long-dwell", "recovered", "employee", "hotel-desk"} <= set(ENTRIES)
    assert "routing" not in [path.stem for path in survey_files(FOLDER)]


def test_no_shipped_file_has_an_error_or_a_warning() -> None:
    assert [str(problem) for problem in check_directory(FOLDER)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ENTRIES)
def test_every_sentence_is_there_in_every_language(key: str, language: str) -> None:
    survey = wire.survey(known(ENTRIES[key]), language)
    assert survey["lang"] == language
    assert all(question["text"] for question in survey["questions"])
    others = [wire.survey(known(ENTRIES[key]), other)["questions"] for other in LANGUAGES if other != language]
    assert survey["questions"] not in others


def test_those_for_a_link_are_on_no_page_and_the_one_for_staff_is_anonymous() -> None:
    shown = {key: definition_from(entry.content) for key, entry in ENTRIES.items()}
    assert {key for key, one in shown.items() if one.hosted_only} == {"employee", "hotel-desk"}
    assert {key for key, one in shown.items() if one.anonymous} == {"employee"}


@pytest.mark.parametrize(
    ("stars", "asked"),
    [(5, ["stay", "comment"]), (2, ["stay", "comment", "topic", "room", "contact"])],
    ids=["a good stay", "a bad one"],
)
def test_a_guest_is_asked_for_room_and_address_only_after_a_low_rating(stars: int, asked: list[str]) -> None:
    hotel = definition_from(ENTRIES["hotel-desk"].content)
    assert [question.key for question in hotel.asked({"stay": stars})] == asked
    contact = hotel.question("contact")
    assert contact
    assert contact.hint
    assert all(contact.hint.values())


def translations(part: object) -> list[dict[str, object]]:
    """Every text of a survey, by language."""
    if isinstance(part, list):
        return [found for one in part for found in translations(one)]
    if not isinstance(part, dict):
        return []
    return [part] if "en" in part else [found for one in part.values() for found in translations(one)]


@pytest.mark.parametrize("key", ENTRIES)
def test_every_text_is_in_every_language_with_the_same_places(key: str) -> None:
    for text in translations(ENTRIES[key].content):
        assert set(text) == set(LANGUAGES), text["en"]
        assert {str(said).count("{site}") for said in text.values()} <= {str(text["en"]).count("{site}")}
        assert len({len(said) if isinstance(said, list) else 0 for said in text.values()}) == 1


@pytest.mark.parametrize("key", ENTRIES)
def test_no_sentence_shouts(key: str) -> None:
    assert "!" not in json.dumps(ENTRIES[key].content, ensure_ascii=False)


@pytest.mark.parametrize("path", survey_files(FOLDER), ids=lambda path: path.stem)
def test_a_survey_is_small_when_it_travels(path: Path) -> None:
    definition = definition_from(ENTRIES[path.stem].content)
    assert len(wire.as_bytes(wire.survey(known(ENTRIES[path.stem]), definition.languages[-1]))) < 8_000


@pytest.mark.parametrize("key", ENTRIES)
def test_the_schema_for_editors_accepts_what_we_ship(key: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(ENTRIES[key].content | {"wave": 1}, json_schema())


def test_the_schema_for_editors_refuses_a_condition_that_is_none() -> None:
    content = ENTRIES["feedback"].content | {"show": {"targeting": {"fact": "url.path", "operator": "equals", "value": 1}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, json_schema())


def test_the_schema_for_editors_knows_every_question_type() -> None:
    assert json_schema()["$defs"]["Question"]["properties"]["type"]["enum"] == list(TYPES)


@pytest.mark.parametrize("key", ENTRIES)
def test_a_survey_written_out_reads_back_as_the_same_version(key: str, tmp_path: Path) -> None:
    path = write_entry(tmp_path, ENTRIES[key])
    assert check_file(path) == []
    assert read_library(tmp_path) == [ENTRIES[key]]
    assert content_hash(read_library(tmp_path)[0].content) == content_hash(ENTRIES[key].content)
