"""The queue and a case read alike on PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.accounts.conftest import sign_in, token_of
from tests.conftest import make_app, make_settings
from tests.console.desk_data import PASSWORD, Complaint, a_busy_desk, complain, fill
from tests.console.test_results import say
from widget_server import database
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
