"""The screens: a person's data, the audit log, how long what is kept, and a visitor's picture."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.console.conftest import SignedIn, signed_in
from tests.console.conftest import app as console_app
from tests.privacy.conftest import opened_addresses, said_by, with_picture
from widget_server import database
from widget_server.clock import DAY, now_ms
from widget_server.database import db, writing
from widget_server.people.models import Contact
from widget_server.recovery.history import changes
from widget_server.recovery.models import Case
from widget_server.responses.models import Attachment, Response
from widget_server.sites.models import Site

__all__ = ["signed_in"]
app = console_app
ELEANOR = {"by": "email", "value": "eleanor@customer.example"}


@pytest.fixture
def admin(app: Flask, signed_in: SignedIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = True
    return signed_in("admin")


def post(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    page = client.get("/console/ternair/data").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(f"/console/ternair{path}", data={"csrf_token": token[1], **form})


def test_looking_somebody_up_holds_up_no_writer(app: Flask, admin: FlaskClient) -> None:
    under_the_lock = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM contacts" in statement:
            under_the_lock.append(database._writing.get())

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    assert post(admin, "/data", **ELEANOR).status_code == 200
    assert under_the_lock
    assert not any(under_the_lock)


def test_an_erasure_opens_addresses_before_the_lock_and_none_of_others_again_under_it(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        for number in range(3):
            said_by(site, f"somebody{number}@customer.example")
    opened = opened_addresses(monkeypatch)
    assert post(admin, "/data/erase", **ELEANOR, sure="on").status_code == 303
    assert len(opened[False]) == 4
    assert opened[True] == ["eleanor@customer.example"], "hers, under the lock, to be sure"


def test_a_person_is_found_by_an_address_that_stands_sealed(admin: FlaskClient) -> None:
    found = post(admin, "/data", **ELEANOR)
    assert found.status_code == 200
    assert "1 response, 1 case" in found.text
    assert "Case 1001" in found.text


def test_what_is_no_address_is_said_beside_the_field(admin: FlaskClient) -> None:
    refused = post(admin, "/data", by="email", value="<b>nobody")
    assert refused.status_code == 422
    assert "is not an e-mail address" in refused.text
    assert "<b>nobody" not in refused.text


def test_all_of_it_is_exported_as_a_zip(admin: FlaskClient) -> None:
    answer = post(admin, "/data/export", **ELEANOR)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="person-ternair-')
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("data.json"))
    assert data["responses"][0]["contacts"][0]["value"] == "eleanor@customer.example"


def test_erasing_wants_a_tick_and_is_then_for_good(app: Flask, admin: FlaskClient) -> None:
    assert post(admin, "/data/erase", **ELEANOR).status_code == 422
    assert post(admin, "/data/erase", **ELEANOR, sure="on").status_code == 303
    assert "Nothing was found" in post(admin, "/data", **ELEANOR).text
    with app.app_context():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        assert db.session.scalars(select(Contact).where(Contact.site_id == site.id)).all() == []
        told = [one for case in db.session.scalars(select(Case)) for one in changes(case) if one.kind == "erased"]
        assert told
        assert "The customer" not in {one.who for one in told}


def test_the_log_tells_who_looked_and_what_was_done_never_the_address(admin: FlaskClient) -> None:
    post(admin, "/data", **ELEANOR)
    post(admin, "/data/erase", **ELEANOR, sure="on")
    page = admin.get("/console/ternair/audit").text
    assert "looked for a person’s data, by e-mail address" in page
    assert "erased a person’s data" in page
    assert "eleanor@" not in page
    assert "erased a person" not in admin.get("/console/ternair/audit?kind=saw").text
    lines = admin.get("/console/ternair/audit.jsonl").text.splitlines()
    assert [json.loads(line)["action"] for line in lines[:3]] == ["audit.exported", "person.erased", "person.found"]


def test_the_log_goes_on_where_a_page_ends(app: Flask, admin: FlaskClient) -> None:
    from widget_server.accounts.operations import audit

    with app.app_context(), writing():
        site = db.session.scalars(select(Site.id).where(Site.key == "ternair")).one()
        for number in range(60):
            audit("test.line", user=None, site_id=site, subject=f"No {number}")
    first = admin.get("/console/ternair/audit").text
    older = re.search(r'href="([^"]+before=\d+)"', first)
    assert older
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert "No 59" in first
    assert "No 0<" not in first
    assert "No 0<" in second
    assert "No 59" not in second


def test_days_are_set_after_what_goes_was_told(app: Flask, admin: FlaskClient) -> None:
    with app.app_context(), writing():
        for response in db.session.scalars(select(Response)):
            response.received_at = response.updated_at = now_ms() - 20 * DAY
    page = admin.get("/console/ternair/settings/keeping").text
    assert "Nothing would go now" in page
    asked = post(admin, "/settings/keeping", trails="10", words="365")
    assert "This lets go of what is there" not in asked.text  # the only case is open
    wrong = post(admin, "/settings/keeping", words="soon")
    assert wrong.status_code == 422
    assert "Give whole days from 0 to 3650." in wrong.text
    assert post(admin, "/settings/keeping", words="0").status_code == 303
    assert "people are recognised for good" in admin.get("/console/ternair/settings/keeping").text


def test_a_picture_is_shown_to_support_from_our_own_origin_and_that_is_written_down(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        response = db.session.scalars(select(Response).where(Response.site_id == site.id)).first()
        assert response
        with_picture(response, b"\x89PNG picture")
        name, of = db.session.scalars(select(Attachment.public_id)).one(), response.public_id
    support, viewer = signed_in("support"), signed_in("viewer")
    shown = support.get(f"/console/ternair/pictures/{name}")
    assert (shown.data, shown.headers["Content-Type"]) == (b"\x89PNG picture", "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"] == f'inline; filename="{name}.png"'
    assert shown.headers["Cache-Control"] == "no-store"
    for path in (f"responses/{of}", "cases/1001"):
        assert f"/console/ternair/pictures/{name}" in support.get(f"/console/ternair/{path}").text
        assert "pictures/" not in viewer.get(f"/console/ternair/{path}").text
    assert viewer.get(f"/console/ternair/pictures/{name}").status_code == 403
    assert "opened a picture" in signed_in("admin").get("/console/ternair/audit?kind=saw").text
