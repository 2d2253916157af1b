"""What staff do with a response: open a case by hand, archive what needs no answer, say that it is spam."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.desk.cases import SEVERITIES, dismiss
from widget_server.desk.words import required
from widget_server.errors import Conflict, Invalid
from widget_server.people.models import PersonKey
from widget_server.recovery import queries
from widget_server.recovery.history import lock, state_of
from widget_server.recovery.models import Case
from widget_server.recovery.operations import link_flagged
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Response
from widget_server.routing.models import DecisionRow
from widget_server.scoring.models import AssessmentRow


@dataclass(frozen=True)
class ByHand:
    """What a person says where no rule spoke: it stands in for an assessment and a decision."""

    severity: int
    reasons: list[str]
    team_key: str | None = None
    points: int = 20
    parts: list[dict[str, Any]] = field(default_factory=lambda: [{"name": "opened by hand", "points": 20}])
    priority: str = "P3"
    acknowledge_minutes: int = 8 * 60
    resolve_minutes: int = 3 * 24 * 60


def open_by_hand(
    response: Response, actor: User | None, *, reason: str = "Opened by hand", severity: int | None = None
) -> Case:
    """Open a case from any response, or return the one that it has.

    Raises:
        Conflict: the response is spam or a test.
    """
    if response.state in ("spam", "test", "quarantined"):
        raise Conflict(f"This response is marked {response.state}: take that back first.")
    if severity is not None and severity not in SEVERITIES:
        raise Invalid("Severity is a number from 1 (low) to 4 (severe).")
    words = required(reason, "Say why: it stands beside the case.", longest=200)
    assessment, decision = _newest(AssessmentRow, response.id), _newest(DecisionRow, response.id)
    by_hand = ByHand(severity or (assessment.severity if assessment else 2), [words])
    hmacs = list(db.session.scalars(select(PersonKey.hmac).where(PersonKey.response_id == response.id)))
    linked = link_flagged(
        response,
        by_hand,
        decision or by_hand,
        failures=queries.failures_of(response.site_id, hmacs, now_ms()),
        hmacs=hmacs,
        reach=reach_of(response.id),
        opened_by_id=actor.id if actor else None,
    )
    if response.state == "archived":
        response.state = "kept"
        db.session.flush()
    return linked.case


def archive_response(response: Response, actor: User) -> None:
    """Feedback that needs no answer, kept without one."""
    _set_state(response, "archived", allowed=("kept", "archived"))


def keep_response(response: Response, actor: User) -> None:
    """Back from the archive, or not spam after all: it is looked at again."""
    was = response.state
    _set_state(response, "kept", allowed=("archived", "spam", "kept"))
    if was == "spam":
        response.due_at = now_ms()
        db.session.flush()


def mark_spam(response: Response, actor: User) -> None:
    """It counts nowhere from now on; a case that stood on it alone closes."""
    _set_state(response, "spam", allowed=("kept", "archived", "quarantined", "spam"))
    response.due_at = None
    case = queries.case_of_response(response.id)
    if case is None or case.state == "closed":
        return
    if all(other.state == "spam" for other in queries.responses_of(case.id)):
        lock(case)
        dismiss(case, actor, state_of(case), "Spam")


def _set_state(response: Response, state: str, allowed: tuple[str, ...]) -> None:
    db.session.refresh(response, with_for_update=True)
    if response.state not in allowed:
        raise Conflict(f"This response is marked {response.state}.")
    response.state = state
    db.session.flush()


def _newest(model: Any, response_id: int) -> Any:
    found = (
        select(model).where(model.response_id == response_id).order_by(model.revision.desc(), model.id.desc())
    )
    return db.session.scalar(found.limit(1))
