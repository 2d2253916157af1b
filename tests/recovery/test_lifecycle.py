"""The five steps as a table: what stands where, what may be done, what is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from widget_server.clock import DAY, HOUR
from widget_server.recovery import lifecycle
from widget_server.recovery.lifecycle import CaseState

START = 1_000 * DAY
NEW = CaseState("open", "email", START, START + HOUR, START + 4 * HOUR)
ACKNOWLEDGED = lifecycle.replied(NEW, START + 1)
UNDERSTOOD = lifecycle.understood(ACKNOWLEDGED, START + 2)
RESOLVED = lifecycle.resolved(UNDERSTOOD, START + 3)
ASKED = replace(RESOLVED, asked_at=START + 3 * DAY)
HELD = lifecycle.answered(ASKED, START + 4 * DAY, satisfied=True)
NOT_HELD = lifecycle.answered(ASKED, START + 4 * DAY, satisfied=False)
DOCUMENTED = lifecycle.documented(HELD, START + 5 * DAY)
SILENT = lifecycle.documented(ASKED, START + 20 * DAY)
UNREACHABLE = replace(NEW, reach="none")
UNREACHABLE_DONE = lifecycle.resolved(UNREACHABLE, START + 3)
HASTY = lifecycle.resolved(lifecycle.replied(NEW, START), START)


@pytest.mark.parametrize(
    ("case", "statuses"),
    [
        pytest.param(NEW, "now later later later later", id="new"),
        pytest.param(ACKNOWLEDGED, "done now later later later", id="acknowledged"),
        pytest.param(UNDERSTOOD, "done done now later later", id="understood"),
        pytest.param(RESOLVED, "done done done now later", id="resolved: to be asked"),
        pytest.param(HASTY, "done skipped done now later", id="resolved at once: understanding was skipped"),
        pytest.param(HELD, "done done done done now", id="it held: to be documented"),
        pytest.param(NOT_HELD, "done done now later later", id="it did not hold: to be resolved again"),
        pytest.param(DOCUMENTED, "done done done done done", id="documented"),
        pytest.param(SILENT, "done done done no_answer done", id="closed after silence"),
        pytest.param(UNREACHABLE, "not_possible now later not_possible later", id="nobody to reach"),
        pytest.param(
            UNREACHABLE_DONE, "not_possible skipped done not_possible done", id="nobody to reach, done"
        ),
    ],
)
def test_each_step_says_what_became_of_it(case: CaseState, statuses: str) -> None:
    assert [stage.status for stage in lifecycle.path(case)] == statuses.split()


@pytest.mark.parametrize(
    ("case", "due"),
    [
        pytest.param(NEW, START + HOUR, id="acknowledge first"),
        pytest.param(ACKNOWLEDGED, START + 4 * HOUR, id="then resolve"),
        pytest.param(UNREACHABLE, START + 4 * HOUR, id="nothing to acknowledge"),
        pytest.param(
            replace(ACKNOWLEDGED, promise_due=START + 2 * HOUR), START + 2 * HOUR, id="a promise comes first"
        ),
        pytest.param(RESOLVED, START + 3 + 3 * DAY, id="the question, three days after"),
        pytest.param(ASKED, START + 10 * DAY, id="seven days of silence"),
        pytest.param(HELD, START + 5 * DAY, id="documented within a day"),
        pytest.param(lifecycle.replied(NEW, START, wait=True), None, id="the customer's turn"),
        pytest.param(
            lifecycle.heard(RESOLVED, START + DAY), START + 2 * DAY, id="a word after the resolution"
        ),
        pytest.param(DOCUMENTED, None, id="closed"),
        pytest.param(NOT_HELD, START + 4 * DAY + 4 * HOUR, id="reopened: as long as at first"),
    ],
)
def test_what_is_due_next(case: CaseState, due: int | None) -> None:
    assert lifecycle.due(case) == due


@pytest.mark.parametrize(
    ("case", "now", "refused"),
    [
        pytest.param(UNDERSTOOD, START, "Resolve it first", id="not resolved"),
        pytest.param(RESOLVED, START + DAY, "has not been asked", id="not asked"),
        pytest.param(ASKED, START + 9 * DAY, "seven days of silence", id="asked, six days of silence"),
        pytest.param(ASKED, START + 10 * DAY, None, id="asked, seven days of silence"),
        pytest.param(HELD, START + 4 * DAY, None, id="answered"),
        pytest.param(replace(RESOLVED, reach="none"), START + 4, None, id="nobody left to ask"),
        pytest.param(DOCUMENTED, START + 6 * DAY, "is closed", id="closed already"),
    ],
)
def test_when_a_case_may_close(case: CaseState, now: int, refused: str | None) -> None:
    said = lifecycle.refusal(case, "close", now)
    assert said is None if refused is None else refused in (said or "")


def test_a_no_opens_the_case_again_and_counts_it() -> None:
    assert (NOT_HELD.state, NOT_HELD.resolved_at, NOT_HELD.reopened, NOT_HELD.satisfied) == (
        "open",
        None,
        1,
        False,
    )
    assert NOT_HELD.acknowledged_at == ACKNOWLEDGED.acknowledged_at


def test_nobody_reachable_closes_with_its_resolution() -> None:
    assert (UNREACHABLE_DONE.state, UNREACHABLE_DONE.closed_as) == ("closed", "documented")


def test_who_cannot_be_reached_cannot_be_written_to() -> None:
    assert "reply" not in lifecycle.allowed(UNREACHABLE, START)
    assert {"resolve", "understand", "note"} <= lifecycle.allowed(UNREACHABLE, START)


@pytest.mark.parametrize("action", [action for action in lifecycle.ACTIONS if action != "note"])
def test_a_closed_case_takes_notes_alone(action: lifecycle.Action) -> None:
    assert lifecycle.refusal(DOCUMENTED, action, START) is not None
