"""Publishing: versions by content, immutable; what an author may not change; pausing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from widget_server import database
from widget_server.database import db
from widget_server.errors import Invalid, NotFound
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys import queries
from widget_server.surveys.models import SurveyVersion
from widget_server.surveys.operations import export_library, load_library, set_status

Publish = Callable[..., str]


def asking(text: str, question_type: str = "yes_no") -> dict[str, Any]:
    question = {"key": "satisfied", "type": question_type, "required": True, "text": {"en": text}}
    return {"title": {"en": "Seat"}, "languages": ["en"], "questions": [question]}


def versions() -> int:
    return db.session.scalar(select(func.count()).select_from(SurveyVersion)) or 0


def test_the_same_content_again_is_the_same_version(published: Publish) -> None:
    assert published("seat", asking("Right?")) == published("seat", asking("Right?"))
    assert versions() == 1


def test_going_back_to_an_older_content_uses_its_version_again(air: Site, published: Publish) -> None:
    first = published("seat", asking("Right?"))
    second = published("seat", asking("All right?"))
    assert published("seat", asking("Right?")) == first != second
    assert versions() == 2
    assert [survey.version for survey in queries.live_surveys(air.id)] == [first]


def test_an_older_version_is_still_found_so_that_late_answers_can_be_read(air: Site, published: Publish) -> None:
    first = published("seat", asking("Right?"))
    published("seat", asking("All right?"))
    for _ in range(2):  # from the database, then from memory
        known = queries.find_version(db.session, air.id, "seat", first)
        assert known is not None
        assert known.definition.questions[0].text == {"en": "Right?"}
    with db.engine.connect() as connection:
        assert queries.find_version(connection, air.id, "seat", first) == known


def test_an_unknown_version_or_one_of_another_site_is_not_found(air: Site, published: Publish) -> None:
    first = published("seat", asking("Right?"))
    assert queries.find_version(db.session, air.id + 1, "seat", first) is None
    assert queries.find_version(db.session, air.id, "seat", "0" * 16) is None
    assert queries.find_version(db.session, air.id, "se\0at", "\0") is None


def test_a_question_key_keeps_its_type_for_good(published: Publish) -> None:
    published("seat", asking("Right?"))
    published("seat", asking("Right?") | {"questions": [{"key": "other", "type": "text", "text": {"en": "?"}}]})
    with pytest.raises(Invalid, match="'satisfied' was of type 'yes_no' in an earlier version and is 'csat' now"):
        published("seat", asking("Right?", "csat"))
    assert versions() == 2


def test_a_wave_is_raised_and_never_lowered(air: Site, published: Publish) -> None:
    waves = []
    for wave in (None, 3, 2):
        published("seat", asking("Right?"), wave)
        waves.append(queries.live_surveys(air.id)[0].wave)
    assert waves == [1, 3, 3]


def test_a_paused_survey_is_not_live_and_publishing_does_not_wake_it(air: Site, published: Publish) -> None:
    published("seat", asking("Right?"))
    with database.writing():
        set_status(db.session.merge(air), "seat", "paused")
    published("seat", asking("All right?"))
    assert queries.live_surveys(air.id) == []
    assert [survey.status for survey in queries.all_surveys(air.id)] == ["paused"]


def test_a_survey_that_is_not_there_can_not_be_paused(air: Site) -> None:
    with pytest.raises(NotFound), database.writing():
        set_status(air, "seat", "paused")


def test_the_sites_name_stands_in_what_was_asked_and_nothing_else_is_a_template(air: Site, published: Publish) -> None:
    text = "May {site} write? {{ 7*7 }} ${x} {site.__class__} %s {0}"
    published("seat", asking(text))
    (found,) = queries.live_surveys(air.id)
    assert found.definition.questions[0].text["en"] == "May Tern Air write? {{ 7*7 }} ${x} {site.__class__} %s {0}"


def test_a_whole_library_is_loaded_once_and_pulled_as_the_same(air: Site, surveys_folder: Path, tmp_path: Path) -> None:
    with database.writing():
        pushed = {version.hash for version in load_library(db.session.merge(air), surveys_folder)}
    written = export_library(air, tmp_path)
    with database.writing():
        again = {version.hash for version in load_library(db.session.merge(air), tmp_path)}
    assert pushed == again
    assert len(written) == versions() == len(pushed)


def test_two_sites_have_surveys_of_their_own(air: Site, published: Publish, surveys_folder: Path) -> None:
    with database.writing():
        other = create_site("Reef Rail", key="reef")
    published("seat", asking("Right?"))
    assert queries.live_surveys(other.id) == []
    assert queries.survey_by_key(other.id, "seat") is None


def test_nothing_is_published_from_a_folder_with_one_bad_file(air: Site, surveys_folder: Path, tmp_path: Path) -> None:
    for file in ("feedback.yaml", "long-dwell.yaml"):
        (tmp_path / file).write_text((surveys_folder / file).read_text("utf-8"), "utf-8")
    (tmp_path / "broken.yaml").write_text("title: Nothing")
    with pytest.raises(Invalid, match=r"broken\.yaml:1"), database.writing():
        load_library(air, tmp_path)
    assert versions() == 0
