"""The five steps of a recovery as a state machine, pure: what stands where, what may be done now, what it makes of a case.

acknowledge and apologise → understand → resolve and go the extra mile → follow up → document. A case is not done before
its follow-up. Where nobody can be reached, acknowledging and following up are *not possible*, which is not *skipped*;
cause and remedy are asked all the same, at resolution. `desk` decides with these values and then writes rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from widget_server.clock import DAY, MINUTE

Step = Literal["acknowledge", "understand", "resolve", "follow_up", "document"]
Status = Literal["done", "now", "later", "not_possible", "skipped", "no_answer"]

STEPS: tuple[Step, ...] = ("acknowledge", "understand", "resolve", "follow_up", "document")
FOLLOW_UP_AFTER = 3 * DAY
SILENCE = 7 * DAY
"""How long the follow-up question waits for an answer before a case may be closed without one."""
DOCUMENT_WITHIN = DAY
READ_WITHIN = DAY
"""A customer who writes after the resolution is read by then."""
REPEAT_WITHIN = 90 * DAY


@dataclass(frozen=True)
class CaseState:
    """All that the rules look at. Times are UTC milliseconds."""

    state: str  # open | waiting | resolved | closed
    reach: str  # email | receipt | none
    opened_at: int
    acknowledge_due: int
    resolve_due: int
    acknowledged_at: int | None = None
    understood_at: int | None = None
    resolved_at: int | None = None
    followed_up_at: int | None = None
    documented_at: int | None = None
    closed_at: int | None = None
    closed_as: str | None = None  # documented | not_a_failure
    reopened: int = 0
    satisfied: bool | None = None
    promise_due: int | None = None  # the earliest promise still open
    ask_at: int | None = None  # when the follow-up question goes out
    asked_at: int | None = None
    unread_since: int | None = None  # the customer's last word, where no reply is newer

    @property
    def reachable(self) -> bool:
        return self.reach != "none"


@dataclass(frozen=True)
class Stage:
    """One of the five steps as the path shows it."""

    step: Step
    status: Status
    at: int | None = None
    due: int | None = None


def path(case: CaseState) -> tuple[Stage, ...]:
    """The five steps, in order, each with what became of it."""
    current = next_step(case)
    return tuple(_stage(case, step, current) for step in STEPS)


def next_step(case: CaseState) -> Step | None:
    """The step to take now; None when all is done."""
    if case.state == "closed":
        return None
    if case.resolved_at is not None:
        return "follow_up" if case.reachable and case.followed_up_at is None else "document"
    if case.reachable and case.acknowledged_at is None:
        return "acknowledge"
    return "understand" if case.understood_at is None else "resolve"


def _stage(case: CaseState, step: Step, current: Step | None) -> Stage:
    at = _done_at(case, step)
    if at is not None:
        return Stage(step, "done", at=at)
    if step in ("acknowledge", "follow_up") and not case.reachable:
        return Stage(step, "not_possible")
    if step == current:
        return Stage(step, "now", due=_step_due(case, step))
    if step == "follow_up" and case.state == "closed" and case.asked_at is not None:
        return Stage(step, "no_answer", at=case.asked_at)
    if _passed(case, step):
        return Stage(step, "skipped")
    return Stage(step, "later", due=_step_due(case, step))


def _done_at(case: CaseState, step: Step) -> int | None:
    return {
        "acknowledge": case.acknowledged_at,
        "understand": case.understood_at,
        "resolve": case.resolved_at,
        "follow_up": case.followed_up_at,
        "document": case.documented_at,
    }[step]


def _passed(case: CaseState, step: Step) -> bool:
    return case.state == "closed" or (case.resolved_at is not None and step in ("acknowledge", "understand"))


def _step_due(case: CaseState, step: Step) -> int | None:
    if step == "acknowledge":
        return case.acknowledge_due
    if step in ("understand", "resolve"):
        return case.resolve_due
    if case.resolved_at is None:
        return None
    if step == "follow_up":
        return case.ask_at if case.asked_at is None else case.asked_at + SILENCE
    return (case.followed_up_at or case.resolved_at) + DOCUMENT_WITHIN


def due(case: CaseState) -> int | None:
    """The next moment at which something is owed; None when nothing is (closed, or the customer's turn)."""
    if case.state == "closed":
        return None
    owed = [case.promise_due]
    if case.unread_since is not None and case.state == "resolved":
        owed.append(case.unread_since + READ_WITHIN)
    step = next_step(case)
    if step is not None and case.state != "waiting":
        owed.append(_step_due(case, step))
    return min((moment for moment in owed if moment is not None), default=None)


# What may be done now -------------------------------------------------------------------------------------------------

Action = Literal[
    "claim", "reply", "note", "understand", "resolve", "severity", "close", "not_a_failure", "answer"
]
ACTIONS: tuple[Action, ...] = (
    "claim", "reply", "note", "understand", "resolve", "severity", "close", "not_a_failure", "answer",
)  # fmt: skip


def refusal(case: CaseState, action: Action, now: int) -> str | None:
    """Why this can't be done now, as a sentence; None when it can."""
    if action == "note":
        return None
    if case.state == "closed":
        return "This case is closed. Only a note can be added; a word from the customer opens it again."
    if action == "reply" and not case.reachable:
        return (
            "There is no way to reach this person: no address with consent, and no receipt. Note it instead."
        )
    if action in ("understand", "resolve") and case.state == "resolved":
        return "This case is resolved already."
    if action == "answer" and case.state != "resolved":
        return "There is nothing to answer yet: it is not resolved."
    if action == "close":
        return _not_yet(case, now)
    return None


def _not_yet(case: CaseState, now: int) -> str | None:
    if case.resolved_at is None:
        return "Resolve it first: a case closes with its cause and remedy, after it was put right."
    if not case.reachable or case.followed_up_at is not None:
        return None
    if case.asked_at is None:
        return "The customer has not been asked yet whether it held. A case is not done before that."
    if now < case.asked_at + SILENCE:
        return "The customer was asked and has not answered. It can close after seven days of silence."
    return None


def allowed(case: CaseState, now: int) -> frozenset[Action]:
    return frozenset(action for action in ACTIONS if refusal(case, action, now) is None)


# What it makes of the case --------------------------------------------------------------------------------------------


def replied(case: CaseState, now: int, *, wait: bool = False) -> CaseState:
    """Words went out: the first ones acknowledge. With `wait` it is the customer's turn."""
    state = case.state if case.state == "resolved" else ("waiting" if wait else "open")
    acknowledged = now if case.acknowledged_at is None else case.acknowledged_at
    return replace(case, state=state, acknowledged_at=acknowledged, unread_since=None)


def understood(case: CaseState, now: int) -> CaseState:
    return replace(case, understood_at=case.understood_at or now)


def resolved(case: CaseState, now: int) -> CaseState:
    """Put right. Somebody who can be reached is asked three days after; otherwise this was the last step."""
    done = replace(
        case, state="resolved", resolved_at=now, followed_up_at=None, satisfied=None, asked_at=None
    )
    if case.reachable:
        return replace(done, ask_at=now + FOLLOW_UP_AFTER)
    return documented(done, now)


def documented(case: CaseState, now: int) -> CaseState:
    return replace(case, state="closed", documented_at=now, closed_at=now, closed_as="documented")


def dismissed(case: CaseState, now: int) -> CaseState:
    """Not a failure: staff say why."""
    return replace(case, state="closed", closed_at=now, closed_as="not_a_failure")


def answered(case: CaseState, now: int, *, satisfied: bool) -> CaseState:
    """The customer said whether it held. A *no* opens the case again."""
    if satisfied:
        return replace(case, followed_up_at=now, satisfied=True)
    return replace(reopened(case, now), satisfied=False)


def reopened(case: CaseState, now: int) -> CaseState:
    """Open again, with as long as it had at first and a day at most. What happened before stays in the history."""
    allotted = min(max(case.resolve_due - case.opened_at, 30 * MINUTE), DAY) if not case.reopened else DAY
    return replace(
        case,
        state="open",
        resolved_at=None,
        followed_up_at=None,
        documented_at=None,
        closed_at=None,
        closed_as=None,
        satisfied=None,
        ask_at=None,
        asked_at=None,
        reopened=case.reopened + 1,
        resolve_due=now + allotted,
    )


def heard(case: CaseState, now: int) -> CaseState:
    """The customer wrote: it is our turn again, and a closed case opens."""
    spoken = replace(case, unread_since=now)
    if case.state == "closed":
        return reopened(spoken, now)
    return replace(spoken, state="open") if case.state == "waiting" else spoken


def unreachable(case: CaseState) -> CaseState:
    """They took their address and words away: nobody's turn but ours."""
    state = "open" if case.state == "waiting" else case.state
    return replace(case, state=state, reach="none", unread_since=None)


# Advice ---------------------------------------------------------------------------------------------------------------


class Said(Protocol):
    """A message as far as advice looks at it: a row or a value."""

    @property
    def apology(self) -> bool: ...

    @property
    def at(self) -> int: ...


def apologised_at(messages: Iterable[Said]) -> int | None:
    """When the last apology went out."""
    return max((message.at for message in messages if message.apology), default=None)


def needs_authority(*, failures: int | None, severity: int, preventable: bool | None) -> list[str]:
    """Why a gesture alone won't do [000, 001]: a second failure, a severe one, one that looked preventable."""
    why = []
    if failures is not None and failures > 1:
        why.append("it is the second failure" if failures == 2 else f"it is failure number {failures}")
    if severity == 4:
        why.append("it is severe")
    if preventable:
        why.append("it looked preventable")
    return why
