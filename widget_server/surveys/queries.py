"""Reads of surveys. A version never changes, so a found one is kept in process for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session, scoped_session

from widget_server.database import db
from widget_server.sites.queries import remembered
from widget_server.surveys.definition import Definition, definition_from
from widget_server.surveys.models import Survey, SurveyState, SurveyVersion

MOST_KEPT = 2_000


@dataclass(frozen=True)
class KnownVersion:
    version_id: int
    survey_id: int
    key: str
    hash: str
    definition: Definition


@dataclass(frozen=True)
class LiveSurvey:
    """A survey with the version that is asked now. `status` is 'live' unless all states were asked for."""

    survey_id: int
    public_id: str
    key: str
    version_id: int
    version: str
    wave: int
    status: str
    definition: Definition


_kept: WeakKeyDictionary[Engine, dict[tuple[int, str, str], KnownVersion]] = WeakKeyDictionary()
_contents: WeakKeyDictionary[Engine, dict[int, dict[str, Any]]] = WeakKeyDictionary()


Source = Connection | Session | scoped_session[Any]


def find_version(source: Source, site_id: int, survey_key: str, version_hash: str) -> KnownVersion | None:
    """The version of a site's survey by its content hash, live or not: late answers are read by what was asked.

    Args:
        source: a connection or session; asked only when the version is not known yet.
    """
    name = (site_id, survey_key, version_hash)
    engine = db.engine if source is db.session else _engine_of(source)
    kept = _kept.setdefault(engine, {})
    if (known := kept.get(name)) is not None:  # one look: another thread may empty it meanwhile
        return known
    if "\0" in survey_key or "\0" in version_hash:  # PostgreSQL refuses NUL
        return None
    row = source.execute(
        select(SurveyVersion.id, Survey.id, SurveyVersion.definition)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(Survey.site_id == site_id, Survey.key == survey_key, SurveyVersion.hash == version_hash)
    ).first()
    if row is None:
        return None
    if len(kept) >= MOST_KEPT:
        kept.clear()
    known = KnownVersion(row[0], row[1], survey_key, version_hash, definition_from(row[2]))
    kept[name] = known
    return known


def _engine_of(source: Source) -> Engine:
    return source.engine if isinstance(source, Connection) else source.get_bind().engine


def live_surveys(site_id: int) -> list[LiveSurvey]:
    """The surveys that are asked now, by key."""
    return [survey for survey in all_surveys(site_id) if survey.status == "live"]


def is_live(site_id: int, key: str) -> bool:
    """Whether the survey is asked now, as of two seconds ago: what comes in for another one comes late."""
    resting: frozenset[str] = remembered(("resting", site_id), lambda: _resting(site_id))
    return key not in resting


def _resting(site_id: int) -> frozenset[str]:
    found = select(Survey.key).join(SurveyState, SurveyState.survey_id == Survey.id)
    return frozenset(db.session.scalars(found.where(Survey.site_id == site_id, SurveyState.status != "live")))


def is_anonymous(site_id: int, key: str) -> bool:
    """Whether the survey, as it is asked now, keeps nothing of whoever answers: for answers to a version not known."""
    return key in anonymous_keys(site_id)


def anonymous_keys(site_id: int) -> frozenset[str]:
    """The surveys that keep nothing of whoever answers, as they are asked now."""
    names: frozenset[str] = remembered(
        ("anonymous", site_id), lambda: frozenset(one.key for one in all_surveys(site_id) if one.definition.anonymous)
    )
    return names


def all_surveys(site_id: int) -> list[LiveSurvey]:
    """Every survey that was ever published, by key, with its newest version and its state."""
    rows = db.session.execute(
        select(Survey, SurveyState, SurveyVersion)
        .join(SurveyState, SurveyState.survey_id == Survey.id)
        .join(SurveyVersion, SurveyVersion.id == SurveyState.live_version_id)
        .where(Survey.site_id == site_id)
        .order_by(Survey.key)
    )
    return [
        LiveSurvey(
            survey_id=survey.id,
            public_id=survey.public_id,
            key=survey.key,
            version_id=version.id,
            version=version.hash,
            wave=state.wave,
            status=state.status,
            definition=definition_from(version.definition),
        )
        for survey, state, version in rows
    ]


def survey_by_key(site_id: int, key: str) -> Survey | None:
    """The row itself, for those who write."""
    return db.session.scalar(select(Survey).where(Survey.site_id == site_id, Survey.key == key))


def content_of(version_id: int) -> dict[str, Any]:
    """A version as it was published: with the site's name in it, and without `wave`."""
    kept = _contents.setdefault(db.engine, {})
    content = kept.get(version_id)
    if content is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        content = kept[version_id] = db.session.get_one(SurveyVersion, version_id).definition
    return dict(content)
