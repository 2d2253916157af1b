"""Writes of surveys: publishing a definition, pausing one. They flush; the edge commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Invalid, NotFound
from widget_server.sites.models import Site
from widget_server.sites.queries import forget
from widget_server.surveys import queries
from widget_server.surveys.definition import content_hash
from widget_server.surveys.library import Entry, read_library, write_entry
from widget_server.surveys.models import Survey, SurveyState, SurveyVersion
from widget_server.surveys.texts import by_languages, spoken

STATUSES = ("draft", "live", "paused", "archived")


def publish(site: Site, key: str, content: Mapping[str, Any], wave: int | None = None) -> SurveyVersion:
    """Make this content the live version of the survey; the same content again changes nothing.

    Args:
        content: a checked definition; `{site}` in its texts becomes the site's name.
        wave: raised by the author to ask everybody again; a lower one than the present changes nothing.

    Raises:
        Invalid: a question's key had another type in an earlier version.
    """
    named: dict[str, Any] = with_site_name({name: content[name] for name in content if name != "wave"}, site.name)
    survey = queries.survey_by_key(site.id, key) or _new_survey(site, key)
    versions = list(db.session.scalars(select(SurveyVersion).where(SurveyVersion.survey_id == survey.id)))
    refuse_changed_types(named, [version.definition for version in versions])
    wanted = content_hash(named)
    version = next((known for known in versions if known.hash == wanted), None)
    version = version or _new_version(site, survey, wanted, named)
    state = db.session.get(SurveyState, survey.id)
    if state is None:
        state = SurveyState(survey_id=survey.id, status="live", wave=1)
        db.session.add(state)
    state.live_version_id = version.id
    state.wave = max(state.wave, wave or 1)
    db.session.flush()
    return version


def load_library(site: Site, directory: Path) -> list[SurveyVersion]:
    """Publish every survey file of the directory.

    Raises:
        Invalid: a file has errors; all of them stand in the detail, one a line, and nothing was published.
    """
    return [publish(site, entry.key, entry.content, entry.wave) for entry in read_library(directory)]


def export_library(site: Site, directory: Path) -> list[Path]:
    """Write the surveys of a site as files that `load_library` reads back as the same versions."""
    directory.mkdir(parents=True, exist_ok=True)
    surveys = queries.all_surveys(site.id)
    return [write_entry(directory, Entry(one.key, queries.content_of(one.version_id), one.wave)) for one in surveys]


def set_status(site: Site, key: str, status: str) -> SurveyState:
    """Pause a survey, or let it ask again. Answers of those who have it open are still kept."""
    if status not in STATUSES:
        raise Invalid(f"A survey is {', '.join(STATUSES)}, not {status!r}.")
    survey = queries.survey_by_key(site.id, key)
    if survey is None:
        raise NotFound(f"This site has no survey with the key {key!r}.")
    state = db.session.get_one(SurveyState, survey.id)
    state.status = status
    db.session.flush()
    forget()
    return state


def refuse_changed_types(content: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]]) -> None:
    """A question's key keeps its type for good: answers of all versions stand in one column."""
    types = {question["key"]: question["type"] for version in earlier for question in version["questions"]}
    for question in content["questions"]:
        before = types.get(question["key"], question["type"])
        if before != question["type"]:
            key = question["key"]
            raise Invalid(
                f"The question '{key}' was of type '{before}' in an earlier version and is '{question['type']}' now. "
                f"A key keeps its type: give the new question a key of its own, such as '{key}_2'."
            )


def with_site_name(value: Any, name: str) -> Any:
    """The content with `{site}` replaced in its texts: the one placeholder, replaced by plain substitution."""
    if isinstance(value, str):
        return value.replace("{site}", name)
    if isinstance(value, Mapping):
        return {key: with_site_name(inner, name) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_site_name(inner, name) for inner in value]
    return value


def _new_survey(site: Site, key: str) -> Survey:
    survey = Survey(site_id=site.id, key=key, created_at=now_ms())
    db.session.add(survey)
    db.session.flush()
    return survey


def _new_version(site: Site, survey: Survey, wanted: str, content: dict[str, Any]) -> SurveyVersion:
    title = spoken(by_languages(content["title"], content["languages"]), site.language)[:200]
    version = SurveyVersion(survey_id=survey.id, hash=wanted, title=title, definition=content, created_at=now_ms())
    db.session.add(version)
    db.session.flush()
    return version
