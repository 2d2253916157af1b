"""A27, small: two zones; and the proof sees when a change of clocks is overlooked."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from tests.proofs.hours import prove
from widget_server.routing import hours


def test_times_run_only_while_somebody_is_there() -> None:
    found = prove(deadlines=3_000, seed=2, zones=2)
    assert found["ok"], found
    assert found["changes of clocks met"] >= 8


def test_the_proof_notices_a_change_of_clocks_that_is_overlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(zone: ZoneInfo, begins: int, ends: int) -> Iterator[tuple[int, int, int]]:
        yield begins, ends, hours._offset(zone, begins)

    monkeypatch.setattr(hours, "_pieces", whole)
    assert prove(deadlines=3_000, seed=2, zones=1)["differ"]
