"""The queue and a case read alike on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule, UnicodeConverter

from tests.accounts.conftest import sign_in, token_of
from tests.conftest import make_app, make_settings
from tests.console.desk_data import PASSWORD, Complaint, a_busy_desk, complain, fill
from tests.console.test_access import FORM, FORMS
from tests.console.test_results import say
from widget_server import database
from widget_server.accounts.tokens import SCOPES, create_api_token
from widget_server.clock import DAY, now_ms
from widget_server.console.queue_reading import VIEWS
from widget_server.database import db
from widget_server.sites.models import Site
from widget_server.surveys.operations import load_library


@pytest.mark.postgres
def test_the_queue_and_a_case_read_and_write_on_postgres(tmp_path: Path, postgres_emptied_url: str) -> None:
    app = make_app(make_settings(tmp_path, database_url=postgres_emptied_url), with_tables=False)
    fill(app)
    with app.app_context(), database.writing():
        a_busy_desk(db.session.scalars(select(Site).where(Site.key == "ternair")).one())
    client = app.test_client()
    assert sign_in(client, "support@ternair.example", PASSWORD).status_code == 302
    for view in VIEWS:
        answer = client.get(f"/console/ternair/queue?view={view}&severity=4&language=th&team=support")
        assert answer.status_code == 200, view
    page = client.get("/console/ternair/queue").text
    assert [int(n) for n in re.findall(r'id="case-(\d+)"', page)][:4] == [1002, 1003, 1005, 1004]
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "other")).one()
        for priority, points in (("P3", 90), ("P1", 10), ("P2", 80), ("P1", 70)):
            complain(site, Complaint(priority=priority, points=points))
    other = app.test_client()
    assert sign_in(other, "support@other.example", PASSWORD).status_code == 302
    rows = re.findall(r'id="case-(\d+)"', other.get("/console/other/queue").text)
    assert rows == ["1005", "1003", "1004", "1001", "1002"], "priority before points"
    assert client.get("/console/ternair/queue/news?after=1").status_code == 200
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        load_library(site, app.extensions["widget_settings"].surveys_dir)
        for days, mood in ((3, 1), (40, 5)):
            say(site, mood, 30, now_ms() - days * DAY)
    recovery = client.get("/console/ternair/recovery").text
    assert "<bdi>/book/pay</bdi>" in recovery
    assert client.get("/console/ternair/recovery?period=all").status_code == 200
    results = client.get("/console/ternair/surveys/feedback").text
    assert "fell from 5.0 to <b>1.0</b>" in results
    assert '<span class="small quiet">was 30</span>' in client.get("/console/ternair/surveys").text
    found = client.get("/console/ternair/responses?q=0000 0000").text
    assert "<p>9 responses with" in found, "each row of the test has a receipt that starts so"
    assert "No response with" in client.get("/console/ternair/responses?q=5A7F4497").text
    assert "Nobody left this address" in client.get("/console/ternair/responses?q=eleanor@customer.example").text
    page = client.get("/console/ternair/cases/1005?view=open").text
    form = {
        "csrf_token": token_of(page), "token": "once", "body": "I am sorry.", "apology": "on",
        "version": re.findall(r'name="version" value="(\d+)"', page)[0],
    }  # fmt: skip
    assert client.post("/console/ternair/cases/1005/reply", data=form).status_code == 303
    assert "reply, with apology" in client.get("/console/ternair/cases/1005").text
    with app.app_context():
        db.engine.dispose()


@pytest.mark.postgres
def test_a_nul_in_an_address_a_query_or_a_form_is_no_failure_of_ours(tmp_path: Path, postgres_emptied_url: str) -> None:
    """PostgreSQL refuses NUL where SQLite takes it: in every part of every address that is a text, and in every field."""
    app = make_app(make_settings(tmp_path, database_url=postgres_emptied_url), with_tables=False)
    app.config["WTF_CSRF_ENABLED"] = app.testing = False
    fill(app)
    client = app.test_client()
    assert sign_in(client, "admin@ternair.example", PASSWORD).status_code == 302
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        token = create_api_token(site, "all", SCOPES)[1]
        load_library(site, app.extensions["widget_settings"].surveys_dir)
    failed, asked, inside = [], 0, 0
    for rule, method, address in with_nul(app):
        form = {**FORM, **FORMS.get(rule.endpoint.removeprefix("console."), {})}
        sent: dict[str, Any] = {"data": {name: f"{value}\0" for name, value in {**form, **FIELDS}.items()}}
        if address.startswith("/api"):
            sent = {"json": {}, "headers": {"Authorization": f"Bearer {token}"}}
        answer = client.open(address, method=method, **({} if method == "GET" else sent))
        if address.startswith("/console/ternair") and "/login" in (answer.location or ""):
            client = app.test_client()  # an earlier one had ended the session
            assert sign_in(client, "admin@ternair.example", PASSWORD).status_code == 302
            answer = client.open(address, method=method, **({} if method == "GET" else sent))
        asked += 1
        inside += address.startswith("/console/ternair") and answer.status_code < 400
        if answer.status_code >= 500 and rule.rule != "/readyz":  # these tables were never stamped
            failed.append(f"{method} {address}: {answer.status_code}")
    assert failed == []
    assert asked > 300
    assert inside > 20
    with app.app_context():
        db.engine.dispose()


FIELDS = dict.fromkeys(
    ("q", "team", "language", "severity", "view", "survey", "before", "state", "kind", "origin", "cursor", "period", "tab",
     "page", "next", "format", "email", "name", "zone", "title", "value", "by", "budget", "gesture", "gesture_amount",
     "promise", "promise_day", "to", "url", "lang", "since", "until", "device", "topic", "label", "receipt"), "a"
)  # fmt: skip


def with_nul(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Each route by each method: a NUL in one part of its address, then none there and one in each field."""
    for rule in app.url_map.iter_rules():
        texts = [name for name, converter in rule._converters.items() if isinstance(converter, UnicodeConverter)]
        for name in [*texts, None]:
            values = dict.fromkeys(rule.arguments, "1001") | {"site_key": "ternair", "survey_key": "feedback"}
            if name:
                values[name] = "a%00b"
            address = re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda found, told=values: told[found[1]], rule.rule)  # type: ignore[misc]
            query = "&".join(f"{field}=a%00b" for field in FIELDS)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, f"{address}?{query}" if method == "GET" and name is None else address
