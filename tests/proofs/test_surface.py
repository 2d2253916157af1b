"""A8, A9, A16: all routes have a rule, strangers see no private word, no host but ours is named; and it would be noticed."""

from __future__ import annotations

import os

import pytest

from tests import warm
from tests.proofs import surface
from tests.proofs.breaking import PASSED

pytestmark = [pytest.mark.slow]
MATRIX = "tests/console/test_access.py::test_a_role_does_what_it_may_and_nothing_of_another_site"


def test_strangers_see_nothing_private_and_no_forged_host_is_named() -> None:
    found = surface.prove()
    assert found["ok"], found
    assert found["coverage"] == "100 %"


@pytest.mark.parametrize("guard", ["site", "role"])
def test_the_matrix_notices_a_guard_that_is_gone(guard: str) -> None:
    broken = ["-p", "tests.proofs.forgets_whose", "-p", "no:cacheprovider", f"{MATRIX}[viewer]"]
    done = warm.run(*broken, module="pytest", env=os.environ | {"BREAK": guard})
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
    assert PASSED in done.stdout + done.stderr
