"""What a widget is told, against the protocol."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from widget_server import database
from widget_server.database import db
from widget_server.sites.models import Site
from widget_server.sites.queries import PublicSite, read_public_site
from widget_server.surveys import queries, wire
from widget_server.surveys.definition import definition_from
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import KnownVersion

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def loaded(air: Site, surveys_folder: Path) -> None:
    with database.writing():
        load_library(db.session.merge(air), surveys_folder)


@pytest.fixture
def site(loaded: None) -> PublicSite:
    found = read_public_site("tern")
    assert found is not None
    return found


def test_the_config_names_site_button_theme_and_surveys(site: PublicSite) -> None:
    config = wire.config(site, queries.live_surveys(site.id))
    assert list(config) == ["p", "site", "button", "theme", "surveys"]
    assert config["site"] == {
        "key": "tern", "name": "Tern Air", "language": "en", "languages": ["en", "nl", "no", "th"],
        "zone": "Europe/Oslo", "consent": "open",
    }
    assert config["button"]["survey"] == "feedback"
    assert config["button"]["label"]["no"] == "Tilbakemelding"
    assert set(config["theme"]["light"]) == {"accent", "on_accent", "mark", "ground", "ink", "ink_2", "edge", "wash"}
    assert set(config["theme"]["dark"]) == set(config["theme"]["light"])


def test_the_config_says_when_each_survey_is_shown(site: PublicSite) -> None:
    surveys = {one["key"]: one for one in wire.config(site, queries.live_surveys(site.id))["surveys"]}
    assert surveys["checkout-exit"] == {
        "key": "checkout-exit",
        "version": surveys["checkout-exit"]["version"],
        "wave": 1,
        "languages": ["en", "nl", "no", "th"],
        "triggers": [{"kind": "exit_intent", "min_dwell_seconds": 5}],
        "targeting": {"fact": "url.path", "operator": "matches", "value": "*/pay*"},
        "frequency": {"repeat": "once", "cooldown_days": 0},
        "silenced_by": ["purchase"],
    }
    assert surveys["feedback"]["triggers"] == []


def test_the_config_with_four_surveys_travels_in_4_kB(site: PublicSite) -> None:
    packed = gzip.compress(wire.as_bytes(wire.config(site, queries.live_surveys(site.id))))
    assert len(packed) <= 4_000


def test_without_its_survey_there_is_no_button(site: PublicSite) -> None:
    live = queries.live_surveys(site.id)
    assert wire.config(replace(site, button_survey=None), live)["button"] is None
    assert wire.config(site, [one for one in live if one.key != "feedback"])["button"] is None


def test_a_survey_travels_in_one_language(site: PublicSite) -> None:
    feedback = next(one for one in queries.live_surveys(site.id) if one.key == "feedback")
    known = queries.find_version(db.session, site.id, "feedback", feedback.version)
    assert known is not None
    survey = json.loads(wire.as_bytes(wire.survey(known, "en")))
    mood, comment, topic, contact = survey["questions"]
    assert mood["labels"] == ["Awful", "Poor", "Okay", "Good", "Great"]
    assert comment["in_place"] is True
    absent = {"rows", "max_length", "show_if"} & set(comment) | {"hint", "required", "in_place"} & set(topic)
    assert absent <= {"show_if"}, "what an absent field means anyway is not sent"
    assert comment["variants"][0] == {
        "if": {"fact": "answers.mood", "operator": "at_most", "value": 2},
        "text": "That is not good. What got in your way?",
    }
    assert {"key": "payment", "label": "Payment"} in topic["options"]
    assert contact["type"] == "contact"
    assert survey["consent"] == {"version": "2026-11", "text": "Tern Air may e-mail me about this message."}
    assert "thanks" not in survey, "the widget thanks in its own words"


@pytest.mark.parametrize(
    ("language", "languages", "named"),
    [
        pytest.param("en", ("en",), ["en"], id="one of eighteen"),
        pytest.param("de", ("de", "en"), ["en", "de"], id="in the survey's order"),
        pytest.param("nb-NO", ("nb-NO",), ["no"], id="by another name"),
        pytest.param("tlh", ("tlh",), ["en"], id="never nothing"),
    ],
)
def test_the_config_names_only_languages_that_the_site_speaks(
    site: PublicSite, language: str, languages: tuple[str, ...], named: list[str]
) -> None:
    config = wire.config(replace(site, language=language, languages=languages), queries.live_surveys(site.id))
    assert all(survey["languages"] == named for survey in config["surveys"])
    assert list(config["button"]["label"]) == named


@pytest.mark.parametrize(
    ("fact", "operator", "logic"),
    [
        ("answers.a", "contains", True), ("answers.a", "matches", True), ("answers.a", "is", None),
        ("answers.m.seats", "is", True), ("device", "is", True), ("attribute.tier", "is", True),
    ],
)  # fmt: skip
def test_a_survey_that_branches_by_words_rows_or_the_moment_says_that_it_needs_the_logic(
    fact: str, operator: str, logic: bool | None
) -> None:
    condition = {"any": [{"not": {"fact": fact, "operator": operator, "value": "x"}}]}
    first = {"key": "a", "type": "text", "text": {"en": "A"}}
    questions = [first, {**first, "key": "b", "show_if": condition}]
    definition = definition_from({"title": {"en": "S"}, "languages": ["en"], "questions": questions})
    assert wire.survey(KnownVersion(1, 1, "s", "0" * 16, definition), "en").get("logic") is logic


@pytest.mark.parametrize(("hint", "logic"), [(None, None), ({"en": "Which page?"}, True)])
def test_a_variant_with_a_hint_of_its_own_needs_the_logic(hint: dict[str, str] | None, logic: bool | None) -> None:
    first = {"key": "a", "type": "smiley", "text": {"en": "A"}, "labels": {"en": ["1", "2", "3", "4", "5"]}}
    variant = {"if": {"fact": "answers.a", "operator": "at_most", "value": 2}, "text": {"en": "C"}}
    if hint:
        variant["hint"] = hint
    second = {"key": "b", "type": "text", "text": {"en": "B"}, "variants": [variant]}
    definition = definition_from({"title": {"en": "S"}, "languages": ["en"], "questions": [first, second]})
    assert wire.survey(KnownVersion(1, 1, "s", "0" * 16, definition), "en").get("logic") is logic
