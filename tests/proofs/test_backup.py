"""A25 at a small size: see backup.py."""

from __future__ import annotations

import pytest

from tests.proofs.backup import prove


@pytest.mark.slow
def test_a_backup_during_ingest_comes_back_whole_and_forgets_what_was_erased_since() -> None:
    found = prove(1, 1)
    assert found["ok"], found
