"""Reads behind the responses screen: search and filter, newest first, by cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from widget_server.console.callers import has_receipt_number, is_of_person, receipt_prefix
from widget_server.console.figures import FEWEST_NAMELESS
from widget_server.database import db
from widget_server.desk.learning import flagged_by_rescoring
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Answer, Response, TextAnswer
from widget_server.scoring.models import AssessmentRow
from widget_server.scoring.rated import is_low
from widget_server.surveys.queries import anonymous_keys

STATES = ("kept", "archived", "spam", "test", "quarantined")
PAGE = 40
MOST_COUNTED = 10_000
NEWEST = 5_000
"""Of so many the languages are offered to choose from."""


@dataclass(frozen=True)
class Filters:
    """What the person asked to see. Empty means any."""

    words: str = ""
    survey: str = ""
    state: str = "kept"
    language: str = ""
    look: str = ""  # one of LOOKS
    person: str = ""  # the fingerprint of an address that was asked for; never in an address of ours

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        state = query.get("state", "kept")
        return cls(
            words=query.get("q", "").strip().replace("\0", "")[:200],
            survey=query.get("survey", "").replace("\0", "")[:60],
            state=state if state in STATES else "kept",
            language=query.get("language", "").replace("\0", "")[:10],
            look=query.get("look", "") if query.get("look") in LOOKS else "",
        )

    def query(self, **changes: str) -> dict[str, str]:
        """As the query of an address, without what is empty."""
        changed = replace(self, **changes)
        pairs = {
            "q": changed.words,
            "survey": changed.survey,
            "state": changed.state if changed.state != "kept" else "",
            "language": changed.language,
            "look": changed.look,
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def narrowed(self) -> bool:
        return self != Filters()

    @property
    def filtered(self) -> bool:
        """Whether more than words narrows it."""
        return replace(self, words="", person="") != Filters()

    @property
    def about_caller(self) -> bool:
        """One person or receipt: looked for whatever became of the response, unless a state is asked for."""
        return bool(self.person or receipt_prefix(self.words)) and self.state == "kept"


LOOKS = {
    "flagged": "Flagged",
    "unflagged": "Not flagged",
    "low": "Low rating",
    "unscored": "Not scored",
    "case": "With a case",
    "rescored": "Would be flagged now",
}


@dataclass(frozen=True)
class Row:
    """One response in the list."""

    response: Response
    assessment: AssessmentRow | None
    case: Case | None
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        found = self.assessment.language if self.assessment else None
        return found or self.response.language

    @property
    def words(self) -> str | None:
        return next(iter(self.texts.values()), None)


def found_responses(
    site_id: int, filters: Filters, before: tuple[int, int] | None = None, limit: int = PAGE
) -> list[Row]:
    """The newest first, `limit` + 1 of them, so that the caller sees whether there are more.

    Args:
        before: (received_at, id) of the last row that was shown.
    """
    wanted = _joined().where(*_conditions(site_id, filters))
    if before:
        at, id = before
        wanted = wanted.where(
            or_(Response.received_at < at, and_(Response.received_at == at, Response.id < id))
        )
    rows = db.session.execute(
        wanted.order_by(Response.received_at.desc(), Response.id.desc()).limit(limit + 1)
    ).all()
    texts = texts_by_response([response.id for response, _, _ in rows])
    return [
        Row(response, assessment, case, texts.get(response.id, {})) for response, assessment, case in rows
    ]


def count_found(site_id: int, filters: Filters) -> int:
    """How many there are in all, counted to one more than `MOST_COUNTED`: who has that many looks no further."""
    wanted = select(Response.id)
    if filters.look:
        wanted = _with_what_was_made(wanted)
    found = wanted.where(*_conditions(site_id, filters)).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def ids_found(site_id: int, filters: Filters) -> Select[tuple[int]]:
    """All of them by their rows' ids, for an export of what the list shows."""
    return _with_what_was_made(select(Response.id)).where(*_conditions(site_id, filters))


def one_response(site_id: int, public_id: str) -> Row | None:
    """By the id in the address; None for a foreign or missing one."""
    row = db.session.execute(
        _joined().where(Response.site_id == site_id, Response.public_id == public_id)
    ).first()
    if row is None:
        return None
    return Row(row[0], row[1], row[2], texts_by_response([row[0].id]).get(row[0].id, {}))


def texts_by_response(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """response id → question → words."""
    found: dict[int, dict[str, str]] = {}
    wanted = select(TextAnswer.response_id, TextAnswer.question, TextAnswer.text)
    for id, question, text in db.session.execute(wanted.where(TextAnswer.response_id.in_(list(ids)))):
        found.setdefault(id, {})[question] = text
    return found


def languages_of(site_id: int) -> list[str]:
    """Languages that the newest responses of this site came in; a look at all of them grew with the years."""
    newest = select(Response.language).where(Response.site_id == site_id).order_by(Response.received_at.desc())
    return sorted(set(db.session.scalars(newest.limit(NEWEST))))


def surveys_of(site_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Response.survey_key)
            .where(Response.site_id == site_id)
            .distinct()
            .order_by(Response.survey_key)
        )
    )


def _joined() -> Select[Any]:
    return _with_what_was_made(select(Response, AssessmentRow, Case)).outerjoin(Case, Case.id == CaseResponse.case_id)


def _with_what_was_made(wanted: Select[Any]) -> Select[Any]:
    """With each response's newest assessment, and its case."""
    return wanted.outerjoin(AssessmentRow, _newest_assessment()).outerjoin(
        CaseResponse, CaseResponse.response_id == Response.id
    )


def _newest_assessment() -> ColumnElement[bool]:
    newest = (
        select(func.max(AssessmentRow.id)).where(AssessmentRow.response_id == Response.id).correlate(Response)
    )
    return AssessmentRow.id == newest.scalar_subquery()


def _conditions(site_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Response.site_id == site_id]
    few = _too_few(site_id)
    if few:
        found.append(Response.survey_key.not_in(few))
    if not filters.about_caller:
        found.append(Response.state == filters.state)
    if filters.survey:
        found.append(Response.survey_key == filters.survey)
    if filters.language:
        found.append(Response.language == filters.language)
    if filters.person:
        found.append(is_of_person(site_id, filters.person))
    elif filters.words:
        like = TextAnswer.text.icontains(filters.words, autoescape=True)
        in_text = exists().where(TextAnswer.response_id == Response.id, like)
        ways = [in_text, Response.url.icontains(filters.words, autoescape=True)]
        prefix = receipt_prefix(filters.words)
        found.append(or_(*ways, has_receipt_number(site_id, prefix)) if prefix else or_(*ways))
    if filters.look:
        found.append(_look(filters.look))
    return found


def _too_few(site_id: int) -> list[str]:
    """Anonymous surveys with so few answers that one could tell who gave them."""
    return sorted(key for key in anonymous_keys(site_id) if not _are_enough(site_id, key))


def _are_enough(site_id: int, survey_key: str) -> bool:
    counted = (Response.site_id == site_id, Response.survey_key == survey_key, Response.state.in_(("kept", "archived")))
    fewest = select(Response.id).where(*counted).limit(FEWEST_NAMELESS).subquery()
    return db.session.scalar(select(func.count()).select_from(fewest)) == FEWEST_NAMELESS


def _look(look: str) -> ColumnElement[bool]:
    if look == "low":
        return exists().where(Answer.response_id == Response.id, is_low())
    if look == "rescored":
        return flagged_by_rescoring()
    return {
        "flagged": AssessmentRow.flagged.is_(True),
        "unflagged": AssessmentRow.flagged.is_(False),
        "unscored": AssessmentRow.polarity.is_(None),
        "case": CaseResponse.case_id.is_not(None),
    }[look]
