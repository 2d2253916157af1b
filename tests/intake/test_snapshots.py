"""A response is sent as snapshots: the newest counts, once, whoever sends what how often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from tests.intake.conftest import Sender
from widget_server.database import db, writing
from widget_server.people.models import Contact
from widget_server.people.queries import contacts_of, reveal
from widget_server.responses.models import Answer, Response, ResponseId, TextAnswer
from widget_server.sites.models import Site
from widget_server.surveys.operations import set_status

Rows = Callable[[Any], list[Any]]


def test_a_higher_snapshot_replaces_what_was_said(any_tern: Sender, rows: Rows) -> None:
    first = any_tern.body({"mood": 1, "comment": "bad"}, finished=False, seq=1)
    assert any_tern.post(first).json["seq"] == 1
    response = rows(select(Response))[0][0]
    assert response.due_at == response.received_at + 10 * 60_000
    again = {**first, "seq": 2, "finished": True, "answers": {"mood": 2, "topic": "payment"}}
    answer = any_tern.post(again)
    assert (answer.status_code, answer.json["seq"]) == (202, 2)
    response = rows(select(Response))[0][0]
    assert (response.seq, response.finished, response.due_at) == (2, True, response.updated_at)
    assert rows(select(Answer.question, Answer.number, Answer.key).order_by(Answer.question)) == [
        ("mood", 2.0, None),
        ("topic", None, "payment"),
    ]
    assert rows(select(TextAnswer)) == []


def test_a_lower_or_equal_snapshot_changes_nothing_and_is_answered_alike(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1}, finished=False, seq=3)
    first = any_tern.post(body).json
    for seq in (1, 2, 3):
        answer = any_tern.post({**body, "seq": seq, "answers": {"mood": 5}, "finished": True})
        assert (answer.status_code, answer.json) == (202, first)
    assert rows(select(Answer.number)) == [(1.0,)]


def test_after_finishing_nothing_changes(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1}, seq=2)
    first = any_tern.post(body).json
    answer = any_tern.post({**body, "seq": 9, "answers": {"mood": 5}})
    assert (answer.status_code, answer.json) == (202, first)
    assert rows(select(Answer.number)) == [(1.0,)]


def test_another_secret_is_refused(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1}, finished=False)
    any_tern.post(body)
    for other in ({**body, "secret": "f" * 32, "seq": 2}, {**body, "secret": None, "seq": 2}, {**body, "secret": None}):
        assert any_tern.post(other).status_code == 409
    assert rows(select(Response.seq)) == [(1,)]


def test_without_a_secret_there_is_no_receipt_and_no_continuation(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1}, finished=False, secret=...)
    first = any_tern.post(body)
    assert (first.status_code, first.json["receipt"], first.json["receipt_url"]) == (202, None, None)
    repeat = any_tern.post({**body, "answers": {"mood": 4}})
    assert (repeat.status_code, repeat.json) == (202, first.json)
    assert any_tern.post({**body, "seq": 2}).status_code == 409
    assert any_tern.post({**body, "secret": "f" * 32}).status_code == 409
    assert rows(select(Answer.number)) == [(1.0,)]


def test_a_contact_keeps_its_row_from_snapshot_to_snapshot(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1, "contact": {"email": "a@b.co", "consent": True}}, finished=False)
    any_tern.post(body)
    ((contact_id,),) = rows(select(Contact.id))
    contact = {"email": "new@b.co", "name": "Kari", "consent": True}
    any_tern.post({**body, "seq": 2, "answers": {"mood": 1, "contact": contact}})
    ((response_id,),) = rows(select(Response.id))
    kept = {one.kind: one for one in contacts_of(response_id)}
    assert kept["email"].id == contact_id
    assert {kind: reveal(one) for kind, one in kept.items()} == {"email": "new@b.co", "name": "Kari"}
    any_tern.post({**body, "seq": 3, "answers": {"mood": 1, "contact": {"email": "new@b.co", "consent": False}}})
    assert rows(select(Contact)) == []


def test_the_same_response_from_many_threads_is_one(any_tern: Sender, rows: Rows) -> None:
    bodies = [any_tern.body({"mood": 2, "comment": "slow"}) for _ in range(25)]
    start = threading.Barrier(8)

    def send(_worker: int) -> list[tuple[int, Any]]:
        with any_tern.app.app_context():
            start.wait()
            return [(answer.status_code, answer.json) for answer in map(any_tern.post, bodies)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert all(one == answers[0] for one in answers)
    assert {status for status, _ in answers[0]} == {202}
    for table in (Response, ResponseId, TextAnswer):
        assert rows(select(func.count()).select_from(table)) == [(25,)]


def test_racing_snapshots_end_with_the_highest(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1}, finished=False)
    start = threading.Barrier(6)

    def send(seq: int) -> int:
        with any_tern.app.app_context():
            start.wait()
            return any_tern.post({**body, "seq": seq, "answers": {"comment": f"step {seq}", "mood": 1}}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, range(1, 7))) == [202] * 6
    assert rows(select(Response.seq)) == [(6,)]
    assert rows(select(TextAnswer.text)) == [("step 6",)]


def test_what_comes_for_a_paused_survey_is_kept_and_marked(any_tern: Sender, rows: Rows) -> None:
    any_tern.send()
    with writing():
        set_status(db.session.scalars(select(Site)).one(), "feedback", "paused")
    assert any_tern.send().status_code == 202
    found = rows(select(Response.state, Response.context["late"].as_boolean()).order_by(Response.id))
    assert found == [("kept", None), ("kept", True)]
