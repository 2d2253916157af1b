"""A visitor sends, and what they sent is on record when they are thanked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tests.intake.conftest import Sender
from widget_server.responses.models import Answer, Response, TextAnswer

Rows = Callable[[Any], list[Any]]


def test_a_complaint_is_on_record_when_it_is_acknowledged(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body({"mood": 1, "comment": "The pay button does nothing."})
    answer = any_tern.post(body)
    assert answer.status_code == 202
    assert answer.json == {
        "id": body["id"],
        "seq": 1,
        "receipt": answer.json["receipt"],
        "receipt_url": f"http://widget.test/r/{answer.json['receipt']}",
    }
    response = rows(select(Response))[0][0]
    assert (response.state, response.finished, response.answers) == ("kept", True, {"mood": 1, "comment": True})
    assert response.due_at == response.received_at
    assert rows(select(Answer.question, Answer.kind, Answer.number)) == [("mood", "smiley", 1.0)]
    assert rows(select(TextAnswer.question, TextAnswer.text)) == [("comment", "The pay button does nothing.")]
