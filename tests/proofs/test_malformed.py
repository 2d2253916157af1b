"""A5 at the doors that tests/intake does not knock at: the same odd bodies, to all that read one."""

from __future__ import annotations

import pytest

from tests.proofs.malformed import send_all

pytestmark = [pytest.mark.slow]


def test_odd_bodies_break_no_door() -> None:
    found = send_all("", 1_000, 7)
    assert found["ok"], found
