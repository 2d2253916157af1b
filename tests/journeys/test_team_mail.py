"""The mail about an urgent case leaves the house, so it tells what was rated and done, and nothing that was said."""

from __future__ import annotations

import pytest

from tests.worker.conftest import Tern, tern
from widget_server import worker
from widget_server.delivery.models import Delivery
from widget_server.recovery.models import Case
from widget_server.team_mail import unquoted_reasons

__all__ = ["tern"]


def test_the_mail_holds_nothing_that_the_customer_said(tern: Tern) -> None:
    tern.staff("Ida")
    tern.send("Charged twice, and I couldn't check in for my wedding 😡", context={"signals": {"errors": 2}})
    worker.run_once(tern.app)
    [case], [mail] = tern.all(Case), tern.all(Delivery)
    quoted = [reason for reason in case.reasons if "'" in reason]
    assert quoted
    said = mail.subject + mail.body
    assert not [word for word in ("'", "harged", "wedding", "😡") if word in said]
    assert "  - low smiley" in said
    assert "  - 2 errors on the page" in said
    assert "  - what they said; it is in the case" in said


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (["low smiley", "3 errors on the page"], ["low smiley", "3 errors on the page"]),
        (["'couldn't pay'", "one star"], ["one star", "what they said; it is in the case"]),
        (["left without reaching 'my divorce'", "😡"], ["what they said; it is in the case"]),
        ([], []),
    ],
)
def test_only_reasons_without_a_quote_are_told(reasons: list[str], told: list[str]) -> None:
    assert unquoted_reasons(reasons) == told
