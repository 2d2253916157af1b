"""Responses and cases as records, read a few hundred at a time: no transaction is held while somebody reads on.

Facts, scores, and words as they are stored; never who somebody is, nor what they gave to be written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select

from widget_server.accounts.models import User
from widget_server.database import db
from widget_server.exports.columns import Asked, asked
from widget_server.recovery.addressing import reference
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Response, TextAnswer
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team
from widget_server.surveys.definition import definition_from
from widget_server.surveys.models import Survey, SurveyVersion

BATCH = 500
Record = dict[str, Any]
Ids = Select[tuple[int]]


def all_responses(site_id: int, since: int = 0) -> Ids:
    """Everything of a site that was received at `since` (ms) or later."""
    return select(Response.id).where(Response.site_id == site_id, Response.received_at >= since)


def all_cases(site_id: int, since: int = 0) -> Ids:
    return select(Case.id).where(Case.site_id == site_id, Case.opened_at >= since)


def questions_of(wanted: Ids, language: str) -> list[Asked]:
    """The questions that these responses may have answered, of every version that they name."""
    versions = select(Response.version_id).where(Response.id.in_(wanted), Response.version_id.is_not(None)).distinct()
    found = db.session.execute(
        select(Survey.key, SurveyVersion.definition)
        .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
        .where(SurveyVersion.id.in_(versions))
        .order_by(SurveyVersion.id)
    ).all()
    return asked([(key, definition_from(content).questions) for key, content in found], language)


def response_records(wanted: Ids) -> Iterator[Record]:
    """In the order of their arrival here."""
    for ids in _batches(wanted, Response.id):
        yield from _responses(ids)


def case_records(site_id: int, wanted: Ids) -> Iterator[Record]:
    """In the order of their numbers."""
    for ids in _batches(wanted, Case.id):
        yield from _cases(site_id, ids)


def count(wanted: Ids) -> int:
    return db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _batches(wanted: Ids, column: Any) -> Iterator[list[int]]:
    last = 0
    while True:
        db.session.rollback()
        ids = list(db.session.scalars(wanted.where(column > last).order_by(column).limit(BATCH)))
        if not ids:
            break
        yield ids
        last = ids[-1]
    db.session.rollback()


def _responses(ids: Sequence[int]) -> list[Record]:
    rows = db.session.execute(
        select(
            Response.id, Response.public_id, Response.received_at, Response.survey_key, Response.version, Response.language,
            Response.state, Response.finished, Response.url, Response.release, Response.context, Response.answers,
        ).where(Response.id.in_(ids)).order_by(Response.id)
    ).all()  # fmt: skip
    assessed, texts, cases = _assessed(ids), _texts(ids), _case_numbers(ids)
    db.session.rollback()
    return [
        {
            "id": row.public_id,
            "received_at": _time(row.received_at),
            "survey": row.survey_key,
            "version": row.version,
            "language": row.language,
            "state": row.state,
            "finished": row.finished,
            "page": row.url,
            "release": row.release,
            "device": row.context.get("device"),
            **assessed.get(row.id, NOT_SCORED),
            "case": cases.get(row.id),
            "answers": row.answers,
            "texts": texts.get(row.id, {}),
        }
        for row in rows
    ]


NOT_SCORED: Record = dict.fromkeys(
    ("sentiment", "polarity", "detected_language", "friction", "needs_recovery", "flagged", "severity", "topics", "reasons")
)


def _assessed(ids: Sequence[int]) -> dict[int, Record]:
    wanted = select(
        AssessmentRow.response_id, AssessmentRow.label, AssessmentRow.polarity, AssessmentRow.language,
        AssessmentRow.friction, AssessmentRow.needs_recovery, AssessmentRow.flagged, AssessmentRow.severity,
        AssessmentRow.topics, AssessmentRow.reasons,
    ).where(AssessmentRow.response_id.in_(ids)).order_by(AssessmentRow.id)  # fmt: skip
    names = tuple(NOT_SCORED)
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in db.session.execute(wanted)}  # the newest one stays


def _texts(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    wanted = select(TextAnswer.response_id, TextAnswer.question, TextAnswer.text).where(TextAnswer.response_id.in_(ids))
    for id, question, text in db.session.execute(wanted):
        found.setdefault(id, {})[question] = text
    return found


def _case_numbers(ids: Sequence[int]) -> dict[int, int]:
    wanted = select(CaseResponse.response_id, Case.number).join(Case, Case.id == CaseResponse.case_id)
    return dict(db.session.execute(wanted.where(CaseResponse.response_id.in_(ids))).tuples().all())


def _cases(site_id: int, ids: Sequence[int]) -> list[Record]:
    site = db.session.get_one(Site, site_id)
    earlier = Case.__table__.alias()
    rows = db.session.execute(
        select(Case, Team.key, func.coalesce(func.nullif(User.name, ""), User.email), earlier.c.number)
        .outerjoin(Team, Team.id == Case.team_id)
        .outerjoin(User, User.id == Case.owner_id)
        .outerjoin(earlier, earlier.c.id == Case.repeat_of_id)
        .where(Case.id.in_(ids))
        .order_by(Case.id)
    ).all()
    linked: dict[int, list[str]] = {}
    links = select(CaseResponse.case_id, Response.public_id).join(Response, Response.id == CaseResponse.response_id)
    for case_id, public_id in db.session.execute(links.where(CaseResponse.case_id.in_(ids)).order_by(Response.id)):
        linked.setdefault(case_id, []).append(public_id)
    found = [
        {**_case(case, site), "team": team, "owner": owner, "repeat_of": before, "responses": linked.get(case.id, [])}
        for case, team, owner, before in rows
    ]
    for row in rows:
        db.session.expunge(row[0])  # a long list is not held in memory
    db.session.rollback()
    return found


MOMENTS = (
    "opened_at", "due", "acknowledged_at", "understood_at", "resolved_at", "followed_up_at", "documented_at", "closed_at",
)  # fmt: skip
AS_IT_IS = (
    "number", "state", "closed_as", "priority", "severity", "points", "reach", "language", "reopened", "failures",
    "satisfied", "preventable", "reasons", "cause", "remedy", "fair_solution",
)  # fmt: skip


def _case(case: Case, site: Site) -> Record:
    return {
        "id": case.public_id,
        "reference": reference(site, case.number),
        **{name: getattr(case, name) for name in AS_IT_IS},
        **{name: _time(getattr(case, name)) for name in MOMENTS},
    }


def _time(ms: int | None) -> str | None:
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
