"""Writes that open a case or join one, exactly once for each flagged response.

Opening and joining at one site queue on its row in `case_numbers`, so what is read after that can't change under our
hands; primary keys on the links hold the same invariants in the database. Operations flush, edges commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import make_transient_to_detached

from widget_server.clock import now_ms
from widget_server.database import Model, db, public_id
from widget_server.recovery import queries
from widget_server.recovery.history import apply, record, refresh_due, state_of
from widget_server.recovery.lifecycle import CaseState, due, heard
from widget_server.recovery.models import Case, CaseEvent, CaseNumber, CasePerson, CaseResponse
from widget_server.responses.models import Response
from widget_server.responses.prepared import Ask, Insert
from widget_server.routing.queries import due_after
from widget_server.sites.models import Team

FIRST_NUMBER = 1001
MOST_REASONS = 20  # a case is read by people; what opened it comes first
REACH_ORDER = ("none", "receipt", "email")


class Assessed(Protocol):
    """What opening a case reads of an assessment: a row, or a value for a case opened by hand."""

    @property
    def severity(self) -> int: ...

    @property
    def reasons(self) -> list[Any]: ...


class Decided(Protocol):
    """What it reads of a routing decision."""

    @property
    def team_key(self) -> str | None: ...

    @property
    def points(self) -> int: ...

    @property
    def parts(self) -> list[Any]: ...

    @property
    def priority(self) -> str: ...

    @property
    def acknowledge_minutes(self) -> int: ...

    @property
    def resolve_minutes(self) -> int: ...


@dataclass(frozen=True)
class Linked:
    case: Case
    opened: bool  # False: it joined, or was linked before


def link_flagged(
    response: Response,
    assessment: Assessed,
    decision: Decided,
    *,
    failures: int | None,
    hmacs: Sequence[str],
    reach: str,
    opened_by_id: int | None = None,
) -> Linked:
    """Open a case for a flagged response, or join it to the person's open one.

    Args:
        failures: which failure of this person within 90 days; None: unknown, which is never 'first'.
        hmacs: the person's blind indexes; none: nobody can be recognised.
        reach: email, receipt or none.
    """
    _queue_at(response.site_id)
    linked = queries.case_of_response(response.id)
    if linked is not None:
        if linked.severity_reason is None:  # staff said how severe this one is: a rule does not undo that
            _raise(linked, assessment, decision, reach)
        return Linked(linked, opened=False)
    standing = queries.open_case_of(response.site_id, hmacs)
    if standing is not None:
        _join(standing, response, assessment, decision, hmacs, reach)
        return Linked(standing, opened=False)
    return Linked(_open(response, assessment, decision, failures, hmacs, reach, opened_by_id), opened=True)


def hold_person(case: Case, hmacs: Iterable[str]) -> None:
    """This is the person's open case, unless they have another: then that one stays it."""
    for hmac in sorted(set(hmacs)):
        insert_once(CasePerson, site_id=case.site_id, hmac=hmac, case_id=case.id)


def release_person(case: Case) -> None:
    """No longer open: the next failure of this person is a case of its own."""
    db.session.execute(delete(CasePerson).where(CasePerson.case_id == case.id))


def insert_once(model: type[Model], **values: int | str) -> bool:
    """INSERT … ON CONFLICT DO NOTHING. False: the row was there."""
    return bool(_once(model).one(db.session.connection(), values).rowcount == 1)


@cache
def _once(model: type[Model]) -> Insert:
    return Insert(cast("Table", model.__table__), once=True)


_number = Ask(select(CaseNumber.next).where(CaseNumber.site_id == bindparam("site")).with_for_update())
_next_number = Ask(
    update(CaseNumber)
    .where(CaseNumber.site_id == bindparam("site"))
    .values(next=CaseNumber.next + 1)
    .returning(CaseNumber.next)
)
_add_case = Insert(cast("Table", Case.__table__), returning=[cast("Table", Case.__table__).c.id])
_add_link, _add_event = Insert(cast("Table", CaseResponse.__table__)), Insert(cast("Table", CaseEvent.__table__))


def _queue_at(site_id: int) -> None:
    """Wait until nobody else opens or joins at this site; until the transaction's end nobody does."""
    if _number.first(db.session, site=site_id) is None:
        insert_once(CaseNumber, site_id=site_id, next=FIRST_NUMBER)
        _number.first(db.session, site=site_id)


def _take_number(site_id: int) -> int:
    """The next one, by whoever queued."""
    following: int = _next_number.first(db.session, site=site_id)
    return following - 1


def _open(
    response: Response,
    assessment: Assessed,
    decision: Decided,
    failures: int | None,
    hmacs: Sequence[str],
    reach: str,
    opened_by_id: int | None,
) -> Case:
    now = now_ms()
    earlier = queries.earlier_case_of(response.site_id, hmacs, now)
    columns: dict[str, Any] = {
        "public_id": public_id(),
        "site_id": response.site_id,
        "number": _take_number(response.site_id),
        "state": "open",
        "severity": assessment.severity,
        "priority": decision.priority,
        "points": decision.points,
        "parts": list(decision.parts),
        "reasons": list(assessment.reasons),
        "reach": reach,
        "language": response.language,
        "team_id": _team_id(response.site_id, decision.team_key),
        "first_response_id": response.id,
        "repeat_of_id": earlier.id if earlier else None,
        "failures": failures,
        "opened_at": now,
        "opened_by_id": opened_by_id,
        "acknowledge_due": due_after(response.site_id, decision.priority, now, decision.acknowledge_minutes),
        "resolve_due": due_after(response.site_id, decision.priority, now, decision.resolve_minutes),
        "reopened": 0,
        "version": 1,
        "changed_at": now,
    }
    columns["due"] = due(CaseState("open", reach, now, columns["acknowledge_due"], columns["resolve_due"]))
    case = _added(columns)
    connection = db.session.connection()
    _add_link.one(connection, {"response_id": response.id, "case_id": case.id, "linked_at": now})
    hold_person(case, hmacs)
    what = {"response": response.public_id, "priority": case.priority, "repeat": earlier is not None}
    event = {"case_id": case.id, "seq": case.version, "kind": "opened", "actor_id": opened_by_id, "data": what, "at": now}
    _add_event.one(connection, event)
    return case


def _added(columns: dict[str, Any]) -> Case:
    """A new case's row, and the same in the session as if it had been read."""
    db.session.flush()
    case = Case(**columns, id=_add_case.one(db.session.connection(), columns).fetchone()[0])
    make_transient_to_detached(case)
    db.session.add(case)
    return case


def _join(
    case: Case, response: Response, assessment: Assessed, decision: Decided, hmacs: Sequence[str], reach: str
) -> None:
    db.session.refresh(case, with_for_update=True)
    insert_once(CaseResponse, response_id=response.id, case_id=case.id, linked_at=now_ms())
    hold_person(case, hmacs)
    record(case, "joined", None, response=response.public_id)
    apply(case, heard(state_of(case), now_ms()))
    _raise(case, assessment, decision, reach)


def _raise(case: Case, assessment: Assessed, decision: Decided, reach: str) -> None:
    """Take over what is worse than known, and the better way to reach them. Never lower, never later."""
    if case.state == "closed":
        return
    before = (case.severity, case.priority)
    if assessment.severity > case.severity:
        case.severity, case.severity_reason = assessment.severity, None
    if decision.priority < case.priority:  # "P1" sorts before "P2"
        case.priority, case.points, case.parts = decision.priority, decision.points, list(decision.parts)
    now = now_ms()
    acknowledge_due = due_after(case.site_id, decision.priority, now, decision.acknowledge_minutes)
    case.acknowledge_due = min(case.acknowledge_due, acknowledge_due)
    case.resolve_due = min(case.resolve_due, due_after(case.site_id, decision.priority, now, decision.resolve_minutes))
    case.reach = max(case.reach, reach, key=REACH_ORDER.index)
    fresh = [reason for reason in assessment.reasons if reason not in case.reasons]
    case.reasons = [*case.reasons, *fresh][:MOST_REASONS]
    if before != (case.severity, case.priority):
        record(case, "raised", None, priority=case.priority, severity=case.severity)
    refresh_due(case)


def _team_id(site_id: int, key: str | None) -> int | None:
    if key is None:
        return None
    found: int | None = _team.first(db.session, site=site_id, key=key)
    return found


_team = Ask(select(Team.id).where(Team.site_id == bindparam("site"), Team.key == bindparam("key")))
