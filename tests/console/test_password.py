"""Changing one's own password: this session goes on, all others end, and guessing is stopped as at the door."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.conftest import sign_in, token_of
from tests.console.conftest import SignedIn
from tests.console.desk_data import PASSWORD
from widget_server.accounts.models import AuditEntry
from widget_server.database import db

PAGE, NEW = "/console/me/password", "another good password"


def change(client: FlaskClient, current: str = PASSWORD, new: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]
    token = token_of(client.get(PAGE).text)
    form = {"csrf_token": token, "current": current, "new": new, "again": new if again is None else again}
    return client.post(PAGE, data=form)


def test_a_new_password_keeps_this_session_and_ends_the_others(app: Flask, signed_in: SignedIn) -> None:
    here, elsewhere = signed_in(), signed_in()
    assert "Change your password" in here.get("/console/ternair/queue").text
    assert change(here).status_code == 303
    assert "Your password is changed." in here.get(PAGE).text
    assert here.get("/console/ternair/queue").status_code == 200
    assert elsewhere.get("/console/ternair/queue").status_code == 303
    assert sign_in(app.test_client(), "support@ternair.example", PASSWORD).status_code == 422
    assert sign_in(app.test_client(), "support@ternair.example", NEW).status_code == 302
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "password.changed")).one()
        assert entry.user_id is not None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "not it"}, "That is not your current password."),
        ({"current": "x" * 300}, "That is not your current password."),
        ({"again": "another bad password"}, "The two don’t match."),
        ({"new": "short"}, "A password has 8 to 200 characters."),
        ({"new": "x" * 201}, "A password has 8 to 200 characters."),
        ({"new": PASSWORD}, "That is the one you have."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(signed_in: SignedIn, form: dict[str, str], sentence: str) -> None:
    client = signed_in()
    answer = change(client, **form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get("/console/ternair/queue").status_code == 200


def test_the_sixth_wrong_one_waits_and_a_slip_in_the_new_one_is_no_guess(signed_in: SignedIn) -> None:
    client = signed_in()
    for _ in range(7):
        assert change(client, new="short").status_code == 422
    for _ in range(5):
        assert change(client, current="a guess").status_code == 422
    assert change(client).status_code == 429
    assert change(signed_in("joost")).status_code == 303, "others go on"
