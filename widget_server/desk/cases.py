"""What staff do with a case beside writing to the customer: one function a command. Each flushes; the edge commits.

Every command takes the version that the person looked at and raises `Conflict` when somebody was first; None does
without that look (a note only adds).
"""

from __future__ import annotations

from widget_server.accounts.models import User
from widget_server.announcements import announce_case
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.desk.severity import priced
from widget_server.desk.words import TOKEN, required, tidy, within
from widget_server.errors import Conflict, Invalid
from widget_server.followup import operations as followup
from widget_server.recovery import lifecycle
from widget_server.recovery.history import apply, lock, record, refresh_due, state_of, unchanged_since
from widget_server.recovery.lifecycle import Action, CaseState
from widget_server.recovery.models import Case, CaseMessage
from widget_server.recovery.operations import release_person
from widget_server.recovery.queries import form_token, message_by_token
from widget_server.routing.queries import due_after, rulebook
from widget_server.sites.models import Team

SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "severe"}


def claim(case: Case, actor: User, *, expected_version: int | None) -> None:
    """Mine from now on."""
    _begin(case, "claim", expected_version)
    if case.owner_id == actor.id:
        return
    case.owner_id = actor.id
    record(case, "claimed", actor.id)
    announce_case("case.claimed", case)


def assign(case: Case, actor: User, *, expected_version: int | None, owner: User | None) -> None:
    """Give it to somebody, or back to nobody."""
    _begin(case, "claim", expected_version)
    case.owner_id = owner.id if owner else None
    record(case, "assigned", actor.id, to=owner.name or owner.email if owner else "nobody")


def hand_over(
    case: Case,
    actor: User,
    *,
    expected_version: int | None,
    owner: User | None = None,
    team: Team | None = None,
    note: str,
) -> None:
    """Pass it on with what the next one must know: being passed on without help is a sign of bad service."""
    _begin(case, "claim", expected_version)
    words = required(note, "Say what the next one must know: nobody should have to ask the customer again.")
    if owner is None and team is None:
        raise Invalid("Choose who takes it over: a person or a team.")
    case.owner_id = owner.id if owner else None
    case.team_id = team.id if team else case.team_id
    _add_note(case, actor, words)
    to = (owner.name or owner.email) if owner else (team.name if team else "")
    record(case, "handed_over", actor.id, to=to)


def note(
    case: Case, actor: User, *, expected_version: int | None = None, body: str, token: str | None = None
) -> CaseMessage:
    """Words among staff. The same token again changes nothing."""
    if token and not TOKEN.fullmatch(token):
        raise Invalid("The form's token can't be read: load the page again.")
    sent = sent_before(case, token)
    if sent is not None:
        return sent
    unchanged_since(case, expected_version)
    _allowed(case, "note")
    message = _add_note(case, actor, required(body, "Write the note first."), token)
    record(case, "noted", actor.id, message=message.public_id)
    return message


def understand(
    case: Case, actor: User, *, expected_version: int | None, body: str, preventable: bool | None = None
) -> None:
    """What happened, found out: the second step."""
    state = _begin(case, "understand", expected_version)
    message = _add_note(case, actor, required(body, "Note what happened first."))
    if preventable is not None:
        case.preventable = preventable
    apply(case, lifecycle.understood(state, now_ms()))
    record(case, "understood", actor.id, message=message.public_id, preventable=case.preventable)


def resolve(
    case: Case, actor: User, *, expected_version: int | None, cause: str = "", remedy: str = ""
) -> None:
    """Put right, with no message of its own. Cause and remedy are asked here where nobody can be reached."""
    state = _begin(case, "resolve", expected_version)
    finish_resolving(case, actor, state, cause, remedy)


def finish_resolving(case: Case, actor: User, state: CaseState, cause: str, remedy: str) -> None:
    """The part that `reply(…, then="resolve")` shares: the case is locked and the lifecycle agreed."""
    keep_documentation(case, cause, remedy)
    if not state.reachable and not (case.cause and case.remedy):
        raise Invalid(
            "Write cause and remedy: this person can't be asked later, so the case closes with them."
        )
    apply(case, lifecycle.resolved(state, now_ms()))
    release_person(case)
    followup.plan(case)
    record(case, "resolved", actor.id)
    announce_case("case.resolved", case)
    if case.state == "closed":
        record(case, "documented", actor.id)
        announce_case("case.closed", case)


def keep_documentation(case: Case, cause: str, remedy: str) -> None:
    case.cause = within(tidy(cause)) or case.cause
    case.remedy = within(tidy(remedy)) or case.remedy


def change_severity(
    case: Case, actor: User, *, expected_version: int | None, severity: int, reason: str
) -> None:
    """Staff know better than the rule, and say why. Priority and clocks follow, from when the case opened."""
    state = _begin(case, "severity", expected_version)
    if severity not in SEVERITIES:
        raise Invalid("Severity is a number from 1 (low) to 4 (severe).")
    words = required(reason, "Say why: the next one reads it beside the word.", longest=200)
    before, case.severity, case.severity_reason = case.severity, severity, words
    new = priced(rulebook(), case.parts, severity)
    case.parts, case.points, case.priority = new.parts, new.points, new.priority
    if not state.reopened:  # a case that opened again keeps the clock that it got then
        case.acknowledge_due = due_after(case.site_id, new.priority, case.opened_at, new.acknowledge_minutes)
        case.resolve_due = due_after(case.site_id, new.priority, case.opened_at, new.resolve_minutes)
    refresh_due(case)
    told = {"before": SEVERITIES[before], "severity": SEVERITIES[severity], "priority": case.priority}
    record(case, "severity_changed", actor.id, **told)


def document_and_close(
    case: Case, actor: User, *, expected_version: int | None, cause: str = "", remedy: str = ""
) -> None:
    """The fifth step. What was written at resolution counts where nothing new is given."""
    state = _begin(case, "close", expected_version)
    keep_documentation(case, cause, remedy)
    if not (case.cause and case.remedy):
        raise Invalid("Write cause and remedy first: what went wrong, and what was done about it.")
    apply(case, lifecycle.documented(state, now_ms()))
    followup.drop(case)
    record(case, "documented", actor.id)
    announce_case("case.closed", case)


def not_a_failure(case: Case, actor: User, *, expected_version: int | None, reason: str) -> None:
    """Flagged by mistake. It does not count as a failure of this person."""
    state = _begin(case, "not_a_failure", expected_version)
    words = required(reason, "Say why it is not a failure: the rule learns from it.")
    dismiss(case, actor, state, words)


def dismiss(case: Case, actor: User, state: CaseState, reason: str) -> None:
    _add_note(case, actor, reason)
    apply(case, lifecycle.dismissed(state, now_ms()))
    release_person(case)
    followup.drop(case)
    record(case, "not_a_failure", actor.id)
    announce_case("case.closed", case)


def sent_before(case: Case, token: str | None) -> CaseMessage | None:
    """What a form with this token sent already; else the case is locked, since its double may have held the lock."""
    found = message_by_token(case.id, token)
    if found is None:
        lock(case)
        found = message_by_token(case.id, token)
    return found


def _begin(case: Case, action: Action, expected_version: int | None) -> CaseState:
    """Lock, compare versions, ask the lifecycle. Returns the state to go on from."""
    lock(case, expected_version)
    return _allowed(case, action)


def _allowed(case: Case, action: Action) -> CaseState:
    """Ask the lifecycle, under the lock."""
    state = state_of(case)
    refused = lifecycle.refusal(state, action, now_ms())
    if refused:
        raise Conflict(refused)
    return state


def _add_note(case: Case, actor: User, body: str, token: str | None = None) -> CaseMessage:
    step = lifecycle.next_step(state_of(case)) or ""
    message = CaseMessage(
        case_id=case.id,
        kind="note",
        author_id=actor.id,
        body=body,
        token=form_token(case.id, token),
        step=step,
        at=now_ms(),
    )
    db.session.add(message)
    db.session.flush()
    return message
