"""A12: webhooks arrive though receivers fail in every way and the worker is killed."""

from __future__ import annotations

import json

import pytest

from tests.proofs.webhooks import prove

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]


def test_every_message_arrives_and_a_kill_doubles_only_what_is_on_its_way() -> None:
    found = prove(60, 4)
    assert found["ok"], json.dumps(found)  # a dictionary would be cut short
    assert set(found["met"]) >= {"500", "timeout", "410"}, found
