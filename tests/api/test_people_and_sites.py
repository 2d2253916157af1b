"""People's data, surveys and the site through the API, and what of it stands in the audit log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.rules import ask, case_of, complaint, refused, said, token_for
from tests.privacy.conftest import opened_addresses
from tests.worker.conftest import COMPLAINT, SEVERE, Tern, tern_at
from widget_server.accounts.models import AuditEntry, User
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.people.models import Contact, PersonKey
from widget_server.recovery.addressing import receipt_link
from widget_server.responses.models import TextAnswer
from widget_server.sealing import seal

MARA = {"email": "Mara@Customer.example"}


@pytest.fixture
def tern(app: Flask) -> Tern:
    return tern_at(app)


def test_a_person_is_found_exported_and_erased_by_what_they_gave(tern: Tern, token: str) -> None:
    first, second = (complaint(tern, text, email="mara@customer.example") for text in (SEVERE, COMPLAINT))
    other = complaint(tern, "Somebody else lost a bag and nobody helped.", email="ola@customer.example")
    found = said(ask(tern, "POST", "/people/find", token, MARA))
    assert found["responses"] == [tern.response(one).public_id for one in (first, second)]
    case = case_of(tern, token, first)
    assert found["cases"] == [case["id"]]
    note = {"body": "Between us."}
    said(ask(tern, "POST", f"/cases/{case['id']}/note", token, note, {"If-Match": "*"}))
    said(ask(tern, "POST", f"/cases/{case['id']}/reply", token, {"body": "Sorry, Mara."}, {"If-Match": "*"}))
    exported = said(ask(tern, "POST", "/people/export", token, MARA))
    assert [one["texts"]["comment"] for one in exported["responses"]] == [SEVERE, COMPLAINT]
    assert {one["value"] for one in exported["contacts"]} == {"mara@customer.example"}
    assert [one["body"] for one in exported["messages"]] == ["Sorry, Mara."]
    assert said(ask(tern, "POST", "/people/erase", token, MARA)) == {"erased": 2, "mentions": 0}
    events = said(ask(tern, "GET", f"/cases/{case['id']}/thread", token))["events"]
    assert {one["who"] for one in events if one["kind"] == "erased"} == {"Shop desk"}
    assert said(ask(tern, "POST", "/people/erase", token, MARA)) == {"erased": 0, "mentions": 0}
    assert [row.text for row in tern.all(TextAnswer)] == ["Somebody else lost a bag and nobody helped."]
    left = {tern.response(other).id}
    assert {row.response_id for row in tern.all(Contact)} == {row.response_id for row in tern.all(PersonKey)} == left


def test_looking_for_a_person_holds_up_no_writer(tern: Tern, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint(tern, email="mara@customer.example")
    opened = opened_addresses(monkeypatch)
    for path in ("/people/find", "/people/export"):
        said(ask(tern, "POST", path, token, MARA))
    assert (len(opened[False]), opened[True]) == (2, [])
    assert [one.action for one in tern.all(AuditEntry)][-2:] == ["person.found", "person.exported"]


def test_an_address_that_stands_sealed_only_is_found_and_erased_too(tern: Tern, token: str) -> None:
    noted, quoted = complaint(tern), complaint(tern, "My friend was there too, ask her.")
    ids = {tern.response(noted).id: "staff", tern.response(quoted).id: "text"}
    with tern.app.app_context(), writing():
        for id, source in ids.items():
            at = {"site_id": tern.site_id, "response_id": id, "kind": "email", "key_id": "k"}
            db.session.add(Contact(source=source, cipher=seal("mara@customer.example", settings().encryption_keys), **at))
    assert said(ask(tern, "POST", "/people/find", token, MARA))["responses"] == [tern.response(noted).public_id]
    assert said(ask(tern, "POST", "/people/erase", token, MARA)) == {"erased": 1, "mentions": 1}
    assert tern.all(Contact) == []
    assert [row.text for row in tern.all(TextAnswer)] == ["My friend was there too, ask her."]


def test_an_erasure_opens_nobody_elses_address_under_the_writers_lock(
    tern: Tern, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mara", "lise", "otto"):
        complaint(tern, email=f"{name}@customer.example")
    opened = opened_addresses(monkeypatch)
    assert said(ask(tern, "POST", "/people/erase", token, MARA))["erased"] == 1
    assert (len(opened[False]), opened[True]) == (3, ["mara@customer.example"])


def test_a_person_is_found_by_their_receipt(tern: Tern, token: str) -> None:
    sent = complaint(tern)
    receipt = receipt_link(tern.response(sent))
    for value in (receipt, receipt.rpartition("/")[2]):
        assert len(said(ask(tern, "POST", "/people/find", token, {"receipt": value}))["responses"]) == 1
    for value in ("x", "x.y", "é", receipt[:-2]):
        assert said(ask(tern, "POST", "/people/find", token, {"receipt": value}))["responses"] == []


@pytest.mark.parametrize("body", [{}, {"email": "a@b.example", "receipt": "x"}, {"name": "Mara"}])
def test_one_thing_says_who(tern: Tern, token: str, body: Any) -> None:
    refused(ask(tern, "POST", "/people/find", token, body), 422)


def test_each_look_at_a_person_is_written_down_without_who_it_was(tern: Tern, token: str) -> None:
    complaint(tern, email="mara@customer.example")
    for path in ("find", "export", "erase"):
        said(ask(tern, "POST", f"/people/{path}", token, MARA))
    entries = tern.all(AuditEntry)
    assert [one.action for one in entries] == ["person.found", "person.exported", "person.erased"]
    assert {db.session.get_one(User, one.user_id).name for one in entries} == {"Shop desk"}
    assert "mara" not in str([(one.subject, one.detail, one.note) for one in entries]).lower()


def test_a_survey_is_published_as_a_new_version_and_the_old_one_stays(tern: Tern, token: str) -> None:
    before = said(ask(tern, "GET", "/surveys/feedback", token))
    same = said(ask(tern, "PUT", "/surveys/feedback", token, {"definition": before["definition"]}))
    assert same == before
    changed = {**before["definition"], "title": dict.fromkeys(before["definition"]["languages"], "New")}
    after = said(ask(tern, "PUT", "/surveys/feedback", token, {"definition": changed}))
    assert (after["title"], after["version"] != before["version"]) == ("New", True)
    old = said(ask(tern, "GET", f"/surveys/feedback/versions/{before['version']}", token))
    assert old["definition"] == before["definition"]
    refused(ask(tern, "GET", "/surveys/feedback/versions/%00", token), 404)
    paused = said(ask(tern, "POST", "/surveys/feedback/pause", token))
    assert paused["status"] == "paused"
    assert said(ask(tern, "POST", "/surveys/feedback/resume", token))["status"] == "live"
    listed = said(ask(tern, "GET", "/surveys", token))["items"]
    assert [one["key"] for one in listed] == sorted(tern.versions)


def test_a_definition_is_told_as_it_was_published_with_the_sites_name_and_its_wave_beside(tern: Tern, token: str) -> None:
    sound = said(ask(tern, "GET", "/surveys/feedback", token))["definition"]
    written = {**sound, "wave": 3, "title": dict.fromkeys(sound["title"], "About {site}")}
    told = said(ask(tern, "PUT", "/surveys/told", token, {"definition": written}))
    assert set(told["definition"]["title"].values()) == {"About Tern Air"}
    assert (told["wave"], "wave" in told["definition"]) == (3, False)
    document = json.loads(tern.app.test_client().get("/api/openapi.json").get_data())
    assert "`{site}`" in json.dumps(document["paths"]["/api/v1/surveys/{key}"]) + json.dumps(document["components"])


def test_a_survey_that_is_not_sound_is_refused_with_where(tern: Tern, token: str) -> None:
    sound = said(ask(tern, "GET", "/surveys/feedback", token))["definition"]
    first = sound["questions"][0]
    wrong: list[tuple[Any, str]] = [
        ({**sound, "colour": 1}, "/definition/colour"),
        ({key: value for key, value in sound.items() if key != "title"}, "/definition/title"),
        ({**sound, "questions": [{**first, "type": "odd"}]}, "/definition/questions/0/type"),
        ([], "/definition"),
    ]
    for definition, pointer in wrong:
        assert refused(ask(tern, "PUT", "/surveys/feedback", token, {"definition": definition}), 422)["pointer"] == pointer
    refused(ask(tern, "PUT", "/surveys/routing", token, {"definition": sound}), 404)
    other = {**sound, "questions": [{**first, "type": "yes_no"}, *sound["questions"][1:]]}
    refused(ask(tern, "PUT", "/surveys/feedback", token, {"definition": other}), 422)


def test_settings_of_the_site_change_and_stay_sound(tern: Tern, token: str) -> None:
    body = {"name": "Tern", "zone": "Europe/Paris", "phone": " 12 34 ", "origins": ["https://tern.example/", "https://b.example"]}
    changed = said(ask(tern, "PATCH", "/site", token, body))
    assert (changed["name"], changed["zone"], changed["phone"]) == ("Tern", "Europe/Paris", "12 34")
    assert changed["origins"] == ["https://b.example", "https://tern.example"]
    assert said(ask(tern, "GET", "/site", token)) == changed
    names = [{"name": name} for name in (" ", "\u200b", "Tern\nAir", "Tern\u202eriA")]
    for wrong in (
        {"zone": "Mars/Base"}, {"zone": "localtime"}, {"origins": ["nonsense"]}, {"key": "mine"}, {"status": "gone"}, *names,
    ):  # fmt: skip
        refused(ask(tern, "PATCH", "/site", token, wrong), 422)
    assert said(ask(tern, "GET", "/site", token)) == changed
    assert tern.all(AuditEntry)[-1].action == "site.changed"


def test_a_token_asks_no_more_than_its_share(app_with: Any) -> None:
    app = app_with(api_per_minute=3)
    with app.app_context():
        tern = tern_at(app)
        first, second = token_for(tern.site_id), token_for(tern.site_id)
        for _ in range(3):
            said(ask(tern, "GET", "/site", first))
        answer = ask(tern, "GET", "/site", first)
        refused(answer, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        said(ask(tern, "GET", "/site", second))
        db.session.remove()
        db.engine.dispose()


def test_what_the_api_can_do_is_public_and_runs_nothing(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.get_data(as_text=True)
    assert "POST /api/v1/cases/{id}/reply" in text
    assert "<script" not in text
    assert " style=" not in text
    assert client.get("/api/docs/static/docs.css").status_code == 200
    tag = client.get("/api/openapi.json").headers["ETag"]
    assert client.get("/api/openapi.json", headers={"If-None-Match": tag}).status_code == 304
