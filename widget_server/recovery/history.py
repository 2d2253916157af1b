"""A case's history, only ever added to, and the optimistic lock over it: its version is the number of its last event."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import bindparam, func, select

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Conflict
from widget_server.recovery import lifecycle
from widget_server.recovery.lifecycle import CaseState
from widget_server.recovery.models import Case, CaseEvent, PromiseRow


@dataclass(frozen=True)
class Change:
    """One event in words, for the timeline and for whoever lost a race."""

    seq: int
    at: int
    kind: str
    who: str
    what: str
    data: dict[str, Any]


def lock(case: Case, expected_version: int | None = None) -> None:
    """Read the case afresh under its row's lock, and hold it to the version that the person looked at.

    Raises:
        Conflict: somebody was first; `theirs` is the list of `Change` since then.
    """
    db.session.refresh(case, with_for_update=True)
    unchanged_since(case, expected_version)


def unchanged_since(case: Case, expected_version: int | None) -> None:
    """Under the lock: hold the case to the version that the person looked at; None does without.

    Raises:
        Conflict: as `lock`.
    """
    if expected_version is None or expected_version == case.version:
        return
    theirs = changes(case, after=expected_version)
    said = " ".join(f"{change.who} {change.what}." for change in theirs) or "It has changed."
    conflict = Conflict(f"Somebody changed this case meanwhile. {said}")
    conflict.theirs = theirs
    raise conflict


def record(case: Case, kind: str, actor_id: int | None, **data: Any) -> CaseEvent:
    """Add what happened: facts, nobody's words. Under the case's lock."""
    now = now_ms()
    case.version += 1
    case.changed_at = now
    event = CaseEvent(case_id=case.id, seq=case.version, kind=kind, actor_id=actor_id, data=data, at=now)
    db.session.add(event)
    db.session.flush()
    return event


_STATE_FIELDS = [field.name for field in fields(CaseState) if field.name != "promise_due"]


def state_of(case: Case) -> CaseState:
    """The row as the value that the lifecycle reads."""
    values = {name: getattr(case, name) for name in _STATE_FIELDS}
    return CaseState(**values, promise_due=open_promise_due(case.id))


def apply(case: Case, state: CaseState) -> None:
    """Write what the lifecycle decided, and what is due next."""
    for name in _STATE_FIELDS:
        setattr(case, name, getattr(state, name))
    db.session.flush()
    refresh_due(case)


def refresh_due(case: Case) -> None:
    case.due = lifecycle.due(state_of(case))
    db.session.flush()


def open_promise_due(case_id: int) -> int | None:
    return db.session.scalar(_promise_due, {"case": case_id})


_promise_due = select(func.min(PromiseRow.due)).where(PromiseRow.case_id == bindparam("case"), PromiseRow.state == "open")


def changes(case: Case, after: int = 0) -> list[Change]:
    """The history in words, oldest first."""
    rows = db.session.execute(
        select(CaseEvent, User.name, User.email)
        .outerjoin(User, User.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case.id, CaseEvent.seq > after)
        .order_by(CaseEvent.seq)
    ).all()
    return [
        Change(
            event.seq,
            event.at,
            event.kind,
            _who(event, name or email),
            what(event.kind, event.data),
            dict(event.data),
        )
        for event, name, email in rows
    ]


BY_CUSTOMER = {"customer_wrote", "fair_said", "answered", "rated", "erased"}


def _who(event: CaseEvent, name: str | None) -> str:
    if name:
        return name
    return "The customer" if event.kind in BY_CUSTOMER else "The desk"


_WORDS = {
    "opened": "opened the case",
    "joined": "added another message of the same person",
    "raised": "raised it to {priority}",
    "claimed": "claimed it",
    "assigned": "gave it to {to}",
    "handed_over": "handed it over to {to}",
    "noted": "added a note",
    "understood": "noted what happened",
    "resolved": "marked it resolved",
    "severity_changed": "changed the severity from {before} to {severity}",
    "asked": "asked the customer whether it held",
    "put_off": "put the follow-up off while another case of this person is open",
    "reopened": "opened it again",
    "documented": "closed it with cause and remedy",
    "not_a_failure": "closed it as not a failure",
    "customer_wrote": "wrote again",
    "fair_said": "said what would be fair",
    "rated": "said how satisfied they are after it: {rating}",
    "promise_kept": "kept a promise",
    "gesture_asked": "asked for approval of a gesture",
    "gesture_approved": "approved a gesture",
    "gesture_declined": "declined a gesture",
    "promise_moved": "moved a promise",
    "incident_joined": "made it part of an incident",
    "incident_left": "took it out of its incident",
    "incident_answered": "sent that answer to all cases of the incident",
    "erased": "deleted the message and its sender’s details",
    "expired": "let go of what was written: its time was over",
}


def what(kind: str, data: dict[str, Any]) -> str:
    """What happened, as the end of a sentence that starts with a name."""
    if kind == "replied":
        return "sent a reply with an apology" if data.get("apology") else "sent a reply"
    if kind == "answered":
        return "said that it held" if data.get("satisfied") else "said that it is not right yet"
    words = _WORDS.get(kind, kind.replace("_", " "))
    for name, value in data.items():
        words = words.replace("{" + name + "}", str(value))
    return words
