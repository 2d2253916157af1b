"""The customer's page and the database under it: how often it is asked, and what is said when it is away."""

from __future__ import annotations

from types import SimpleNamespace

from flask.testing import FlaskClient
from sqlalchemy import event

from tests.recovery.people import WORDS, complaint, flag, make_response
from tests.visitor.conftest import page_of
from widget_server.database import db, writing
from widget_server.responses.models import Response


def test_the_page_asks_the_database_as_often_for_many_messages_as_for_few(
    client: FlaskClient, desk_at: SimpleNamespace
) -> None:
    def questions(more: int) -> int:
        with writing():
            opened = [flag(make_response(desk_at.site, hmacs={"visitor": "v1"})).case for _ in range(more)]
            first = db.session.get_one(Response, opened[0].first_response_id)
        asked: list[str] = []
        note = lambda *parts: asked.append(parts[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        page = client.get(page_of(first))
        event.remove(db.engine, "before_cursor_execute", note)
        assert page.text.count(WORDS) >= more
        return len(asked)

    assert questions(2) == questions(12)


def test_a_database_that_is_away_is_told_as_such_on_the_page(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        path = page_of(db.session.get_one(Response, complaint(desk_at.site).first_response_id))
    db.session.rollback()
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA query_only = 0")
        connection.exec_driver_sql("ALTER TABLE responses RENAME TO elsewhere")
    page = client.get(f"{path}?lang=nl")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "kan nu even niet worden getoond" in page.text


def test_a_wrong_method_is_as_secret_as_the_page(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        path = page_of(make_response(desk_at.site))
    refused = client.put(path)
    assert (refused.status_code, refused.headers["Cache-Control"]) == (405, "no-store")
    assert refused.headers["Referrer-Policy"] == "no-referrer"
