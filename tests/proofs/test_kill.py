"""A1, A3, A4: what was acknowledged survives SIGKILL, counts once, and has exactly one case link when it is flagged."""

from __future__ import annotations

import pytest

from tests.proofs.kill import prove

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_kills_lose_nothing_and_do_nothing_twice() -> None:
    found = prove(10)
    assert found["ok"], found
    assert sum(found["kills"].values()) >= 10


def test_the_proof_notices_an_acknowledgement_before_the_commit() -> None:
    found = prove(3, module="tests.proofs.acknowledges_early", victims=[("web",)], drain_seconds=0)
    assert found["lost"] > 0, found


def test_the_proof_notices_a_case_that_is_not_in_the_same_transaction() -> None:
    found = prove(3, module="tests.proofs.forgets_the_case", victims=[("worker",)], drain_seconds=0)
    assert found["unscored"] + found["unlinked"] > 0, found
