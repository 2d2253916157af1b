"""A23 in small: far more is asked than can be done, and nobody waits for long. `./dev prove overload` holds the second."""

from __future__ import annotations

from tests.proofs.overload import prove


def test_who_is_let_in_is_answered_and_the_rest_is_told_when_to_come_again() -> None:
    found = prove(seconds=2)
    assert found["accepted"] > 0
    assert found["refused"] > 0
    assert (found["other_answers"], found["broken"], found["refused_without_retry_after"]) == (0, 0, 0)
    assert found["web_memory_growth"] < 1.5
