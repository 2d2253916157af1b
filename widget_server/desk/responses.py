"""What staff do with a response: open a case by hand, archive what needs no answer, say that it is spam."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.announcements import announce_case
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.desk.cases import SEVERITIES, dismiss
from widget_server.desk.severity import priced
from widget_server.desk.words import required
from widget_server.errors import Conflict, Invalid
from widget_server.people.queries import person_hmacs
from widget_server.recovery import queries
from widget_server.recovery.history import lock, state_of
from widget_server.recovery.models import Case
from widget_server.recovery.operations import link_flagged
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Response
from widget_server.routing.operations import route
from widget_server.routing.queries import rulebook
from widget_server.routing.rules import Standing, decide
from widget_server.scoring.models import AssessmentRow


@dataclass(frozen=True)
class ByHand:
    """What a person says where no rule spoke: it stands in for an assessment and a decision."""

    severity: int
    reasons: list[str]
    team_key: str
    points: int
    parts: list[dict[str, Any]]
    priority: str
    acknowledge_minutes: int
    resolve_minutes: int


USUAL_SEVERITY = 2


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
    hmacs = person_hmacs(response.id)
    failures = queries.failures_of(response.site_id, hmacs, now_ms())
    by_hand = _by_hand(response, words, severity, failures)
    linked = link_flagged(
        response,
        by_hand,
        by_hand,
        failures=failures,
        hmacs=hmacs,
        reach=reach_of(response.id),
        opened_by_id=actor.id if actor else None,
    )
    if linked.opened:
        announce_case("case.opened", linked.case)
    if response.state == "archived":
        response.state, response.processed_at = "kept", now_ms()
        db.session.flush()
    return linked.case


def _by_hand(response: Response, reason: str, severity: int | None, failures: int | None) -> ByHand:
    """Team and points by the rulebook; the reason and, where one is given, the severity by a person."""
    assessed = _newest_assessment(response.id)
    severity = severity or (assessed.severity if assessed else USUAL_SEVERITY)
    if assessed is not None:
        decision = route(response, assessed, failures)
        team, parts = decision.team_key, list(decision.parts)
    else:
        usual = decide(rulebook(), {}, Standing(severity, failures, {}))
        team, parts = usual.team, [asdict(part) for part in usual.parts]
    sum_of = priced(rulebook(), parts, severity)
    return ByHand(severity=severity, reasons=[reason], team_key=team, **vars(sum_of))


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
    lock(case)  # first: whoever marks its other message at this moment waits, and then sees this one
    if case.state != "closed" and not queries.stands_on_more_than_spam(case.id):
        dismiss(case, actor, state_of(case), "Spam")


def _set_state(response: Response, state: str, allowed: tuple[str, ...]) -> None:
    db.session.refresh(response, with_for_update=True)
    if response.state not in allowed:
        raise Conflict(f"This response is marked {response.state}.")
    response.state, response.processed_at = state, now_ms()
    db.session.flush()


def _newest_assessment(response_id: int) -> AssessmentRow | None:
    found = select(AssessmentRow).where(AssessmentRow.response_id == response_id)
    return db.session.scalar(found.order_by(AssessmentRow.revision.desc(), AssessmentRow.id.desc()).limit(1))
