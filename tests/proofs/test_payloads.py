"""A7, A17: hostile words in every field run nowhere and work nothing out, and the walk that says so would notice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.proofs import templates
from tests.proofs.payloads import prove_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_what_is_stored_never_runs(chromium: Browser) -> None:
    found = prove_in(chromium, 3)
    assert found["ok"], found
    assert found["pages"] > 20


def test_the_proof_notices_templates_that_do_not_escape(chromium: Browser) -> None:
    assert prove_in(chromium, 1, escaped=False)["hits"] > 0


def test_text_is_never_a_template() -> None:
    found = templates.prove(4)
    assert found["ok"], found
