"""The first rule that holds, and points that sum."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routing.test_rulebook import SHIPPED
from widget_server.routing.rulebook import load_rulebook
from widget_server.routing.rules import Decision, Standing, decide, facts_of, waiting_points

BOOK = load_rulebook(SHIPPED)
HOUR = 3_600_000


def facts(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "survey": "feedback",
        "language": "en",
        "url": "https://tern.example/bags",
        "topics": [],
        "answers": {},
        "severity": 1,
        "needs_recovery": 0.9,
        "signals": {},
        "claims": {},
        "verified": False,
    }
    return facts_of(**known | changes)


def decided(
    severity: int = 1, failures: int | None = None, verified: dict[str, Any] | None = None, **changes: Any
) -> Decision:
    return decide(BOOK, facts(severity=severity, **changes), Standing(severity, failures, verified or {}))


@pytest.mark.parametrize(
    ("changes", "rule", "team"),
    [
        ({}, "default", "support"),
        ({"topics": ["payment"]}, "paying", "payments"),
        ({"url": "https://tern.example/en/payment?x=1"}, "paying", "payments"),
        ({"answers": {"topic": "payment"}}, "paying", "payments"),
        ({"severity": 4, "topics": ["payment"]}, "severe", "support"),
        ({"signals": {"errors": 2}}, "website", "website"),
        ({"topics": ["login"]}, "website", "website"),
        ({"url": "not an address ["}, "default", "support"),
    ],
)
def test_the_first_rule_that_holds_decides(changes: dict[str, Any], rule: str, team: str) -> None:
    decision = decided(**changes)
    assert (decision.rule, decision.team) == (rule, team)
    assert decision.reason


@pytest.mark.parametrize(
    ("severity", "failures", "verified", "points", "priority"),
    [
        (1, None, {}, 10, "P4"),
        (2, 1, {}, 20, "P3"),
        (3, 1, {}, 30, "P2"),
        (4, 1, {}, 40, "P1"),
        (2, 2, {}, 40, "P1"),
        (4, 2, {"tier": "Gold"}, 70, "P1"),
        (1, 1, {"tier": "silver", "value": 418000}, 20, "P3"),
        (1, 1, {"tier": "platinum", "value": True}, 10, "P4"),
    ],
)
def test_points_make_the_priority(
    severity: int, failures: int | None, verified: dict[str, Any], points: int, priority: str
) -> None:
    decision = decided(severity, failures, verified)
    assert (decision.points, decision.priority) == (points, priority)
    assert decision.acknowledge_minutes < decision.resolve_minutes


@given(
    st.integers(-1, 9),
    st.one_of(st.none(), st.integers(0, 50)),
    st.dictionaries(
        st.sampled_from(["tier", "value", "x"]),
        st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.booleans()),
    ),
)
def test_the_parts_sum_to_the_points(severity: int, failures: int | None, verified: dict[str, Any]) -> None:
    decision = decided(severity, failures, verified)
    assert sum(part.points for part in decision.parts) == decision.points


def test_an_unknown_repeat_adds_nothing_and_says_so() -> None:
    names = {part.name: part.points for part in decided(failures=None).parts}
    assert names["repeat failure unknown"] == 0
    assert {part.name: part.points for part in decided(failures=1).parts}["first failure in 90 days"] == 0
    assert {part.name: part.points for part in decided(failures=2).parts}["second failure in 90 days"] == 20


def test_a_claim_is_never_a_fact() -> None:
    claimed = facts(claims={"tier": "gold"}, verified=False)
    assert claimed["claimed.tier"] == "gold"
    assert "facts.tier" not in claimed
    assert facts(claims={"tier": "gold"}, verified=True)["facts.tier"] == "gold"


def test_an_answer_cannot_pose_as_a_fact() -> None:
    posed = facts(answers={"topic": "x"}, claims={"severity": 4}, signals={"facts.tier": "gold"})
    assert posed["severity"] == 1
    assert "facts.tier" not in posed


@pytest.mark.parametrize(
    ("waited", "points"), [(0, 0), (-HOUR, 0), (HOUR // 2, 3), (144 * 60_000, 16), (1000 * HOUR, 60)]
)
def test_waiting_adds_to_the_order_only(waited: int, points: int) -> None:
    assert waiting_points(0, waited) == points
    assert waiting_points(0, waited, BOOK.waiting) == points
