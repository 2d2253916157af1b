"""A3: a client's retry counts once."""

from __future__ import annotations

import pytest

from tests.proofs.retries import prove

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_what_is_sent_again_counts_once_though_the_server_is_killed() -> None:
    found = prove(300, 3)
    assert found["ok"], found


def test_the_proof_notices_that_ids_are_no_longer_unique() -> None:
    found = prove(40, 0, module="tests.proofs.counts_repeats")
    assert found["twice"] > 0, found
