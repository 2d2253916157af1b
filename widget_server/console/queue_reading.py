"""What stands in the queue: one statement finds, filters, orders and pages.

The order is by due time in groups (overdue, within the hour, later today, later), then by priority, P1 first, then by
what it costs: the priority's points and what waiting adds. Texts and labels are read for the rows of the page alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from widget_server.accounts.models import User
from widget_server.console.times import HOUR, MINUTE, end_of_day
from widget_server.database import db
from widget_server.recovery import lifecycle
from widget_server.recovery.lifecycle import STEPS, CaseState
from widget_server.recovery.models import Approval, Case, PromiseRow
from widget_server.responses.models import Response, TextAnswer
from widget_server.routing.queries import rulebook
from widget_server.routing.rules import waiting_points
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Team

PAGE = 50
MOST = 2_000
LONGEST_IN_LIST = 600
OPEN = ("open", "waiting")

VIEWS: Mapping[str, str] = {
    "mine": "My cases",
    "open": "Open",
    "unclaimed": "Unclaimed",
    "overdue": "Overdue",
    "approval": "To approve",
    "waiting": "With the customer",
    "resolved": "Resolved",
    "closed": "Closed",
}


@dataclass(frozen=True)
class Wanted:
    """What a person asked to see: a view, and filters over it."""

    view: str = "open"
    team: str | None = None
    language: str | None = None
    severity: int | None = None
    show: int = PAGE

    def address(self, **changes: Any) -> dict[str, Any]:
        """The query string of this wish with something changed; what is as usual is left out."""
        values = {"view": self.view, "team": self.team, "language": self.language, "severity": self.severity}
        values.update(changes)
        usual = {"view": "open"}
        return {name: value for name, value in values.items() if value not in (None, "", usual.get(name))}

    @property
    def filtered(self) -> bool:
        return bool(self.team or self.language or self.severity)


@dataclass(frozen=True)
class Row:
    """A case as a line of the queue."""

    case: Case
    words: str | None
    words_language: str | None
    unscored: bool
    owner: str | None
    promise_due: int | None
    asks: str | None  # the state of a gesture that waits for a word, or was approved and not given yet

    @property
    def state(self) -> CaseState:
        return case_state(self.case, self.promise_due)

    @property
    def step(self) -> int:
        """1 to 5; 6 when all is done."""
        step = lifecycle.next_step(self.state)
        return STEPS.index(step) + 1 if step else 6

    @property
    def owed(self) -> str:
        """What the due time is for."""
        case = self.case
        if case.due is None:
            return "With the customer" if case.state == "waiting" else ""
        if case.due == self.promise_due:
            return "Promise"
        if case.unread_since is not None and case.state == "resolved":
            return "Their message"
        step = lifecycle.next_step(self.state)
        return {
            "acknowledge": "First answer",
            "understand": "Resolution",
            "resolve": "Resolution",
            "follow_up": "Follow-up",
            "document": "Cause and remedy",
        }.get(step or "", "")

    def waited(self, now: int) -> int:
        return waiting_points(self.case.opened_at, now, rulebook().waiting)


STATE_FIELDS = [field.name for field in fields(CaseState) if field.name != "promise_due"]


def case_state(case: Case, promise_due: int | None) -> CaseState:
    """The row as the lifecycle reads it, with the promise already in hand: no query for each line."""
    return CaseState(**{name: getattr(case, name) for name in STATE_FIELDS}, promise_due=promise_due)


def rows(site_id: int, wanted: Wanted, *, user_id: int, now: int, zone: ZoneInfo, offset: int = 0) -> list[Row]:
    """The lines of a view, in order."""
    return _read(_page(site_id, wanted, user_id, now, zone, offset), wanted.view, now, zone)


def row_of(case: Case, *, now: int, zone: ZoneInfo) -> Row:
    """One case as a line."""
    return rows_among(select(Case.id).where(Case.id == case.id), now=now, zone=zone)[0]


def rows_among(ids: Select[tuple[int]], *, now: int, zone: ZoneInfo) -> list[Row]:
    """The cases of these ids (a column named `id`) as lines, the most urgent first."""
    return _read(ids, "open", now, zone)


def _page(site_id: int, wanted: Wanted, user_id: int, now: int, zone: ZoneInfo, offset: int) -> Select[tuple[int]]:
    return (
        select(Case.id)
        .where(*conditions(site_id, wanted, user_id, now))
        .order_by(*_order(wanted.view, now, zone))
        .limit(wanted.show)
        .offset(offset)
    )


def _read(page: Select[tuple[int]], view: str, now: int, zone: ZoneInfo) -> list[Row]:
    ids = page.subquery()
    assessed = newest_assessment()
    found = db.session.execute(
        select(
            Case,
            _words(),
            func.coalesce(AssessmentRow.language, Response.language),
            AssessmentRow.label == "unsupported",
            func.coalesce(func.nullif(User.name, ""), User.email),
            _promise_due(),
            _asks(),
        )
        .join(ids, ids.c.id == Case.id)
        .join(Response, Response.id == Case.first_response_id)
        .outerjoin(AssessmentRow, AssessmentRow.id == assessed)
        .outerjoin(User, User.id == Case.owner_id)
        .order_by(*_order(view, now, zone))
    )
    return [
        Row(case, words, language, bool(unscored), owner, due, asks)
        for case, words, language, unscored, owner, due, asks in found
    ]


def conditions(site_id: int, wanted: Wanted, user_id: int, now: int) -> list[ColumnElement[bool]]:
    """The view and the filters, as SQL."""
    asked = [Case.site_id == site_id, in_view(wanted.view, user_id, now)]
    if wanted.language:
        asked.append(Case.language == wanted.language)
    if wanted.severity:
        asked.append(Case.severity == wanted.severity)
    if wanted.team:
        team = select(Team.id).where(Team.site_id == site_id, Team.key == wanted.team).scalar_subquery()
        asked.append(Case.team_id == team)
    return asked


def in_view(view: str, user_id: int, now: int) -> ColumnElement[bool]:
    return {
        "mine": (Case.owner_id == user_id) & (Case.state != "closed"),
        "open": Case.state == "open",
        "unclaimed": Case.owner_id.is_(None) & Case.state.in_(OPEN),
        "overdue": (Case.due < now) & (Case.state != "closed"),
        "approval": Case.id.in_(select(Approval.case_id).where(Approval.state == "asked")) & (Case.state != "closed"),
        "waiting": Case.state == "waiting",
        "resolved": Case.state == "resolved",
        "closed": Case.state == "closed",
    }[view]


def _order(view: str, now: int, zone: ZoneInfo) -> list[Any]:
    if view == "closed":
        return [Case.closed_at.desc(), Case.id.desc()]
    rule = rulebook().waiting  # the same sum as routing.rules.waiting_points, in SQL
    waited = (now - Case.opened_at) // (rule.every_minutes * MINUTE) * rule.points
    cost = Case.points + case((waited > rule.most, rule.most), else_=waited)
    return [due_group(now, zone), Case.priority, cost.desc(), Case.due, Case.id]


def due_group(now: int, zone: ZoneInfo) -> ColumnElement[int]:
    return case(
        (Case.due.is_(None), 4),
        (Case.due < now, 0),
        (Case.due < now + HOUR, 1),
        (Case.due < end_of_day(now, zone), 2),
        else_=3,
    )


def _words() -> ScalarSelect[str]:
    return (
        select(func.substr(TextAnswer.text, 1, LONGEST_IN_LIST))
        .where(TextAnswer.response_id == Case.first_response_id)
        .order_by(func.length(TextAnswer.text).desc(), TextAnswer.question)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def newest_assessment() -> ScalarSelect[int]:
    """How the response that opened a case was read last, by its id; of the `Case` around it."""
    of_response = AssessmentRow.__table__.alias()
    return (
        select(func.max(of_response.c.id))
        .where(of_response.c.response_id == Case.first_response_id)
        .correlate(Case)
        .scalar_subquery()
    )


def _promise_due() -> ScalarSelect[int]:
    return (
        select(func.min(PromiseRow.due))
        .where(PromiseRow.case_id == Case.id, PromiseRow.state == "open")
        .correlate(Case)
        .scalar_subquery()
    )


def _asks() -> ScalarSelect[str]:
    return (
        select(Approval.state)
        .where(Approval.case_id == Case.id, Approval.state.in_(("asked", "approved")), Approval.gesture_id.is_(None))
        .order_by(Approval.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def numbers(site_id: int, wanted: Wanted, *, user_id: int, now: int, zone: ZoneInfo) -> list[int]:
    """The cases of a view in order, by number: for 'previous' and 'next'."""
    found = select(Case.number).where(*conditions(site_id, wanted, user_id, now)).order_by(*_order(wanted.view, now, zone))
    return list(db.session.scalars(found.limit(MOST)))
