# ruff: noqa: E501
"""Nothing that is sent to the public edge makes the server fail; each refusal says why, and a page can read it."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest

from tests.intake.conftest import ORIGIN, Sender
from tests.intake.malformed import malformed

COUNT = 2_000


def full_body(tern: Sender) -> dict[str, Any]:
    return tern.body(
        {"mood": 2, "topic": "payment", "comment": "Kortet virker ikke", "contact": {"email": "a@b.co", "name": "A", "consent": True}},
        seq=1, finished=True, wave=1, lang="no", build="b1", display=str(uuid.uuid4()), at={"started": 1, "sent": 2},
        visitor={"id": "v1", "reference": "R1", "name": "N", "email": "n@b.co", "consent": {"version": "1"}, "sig": "1.a"},
        context={
            "url": "https://www.tern-air.example/pay?x=%00#a", "referrer_host": "x.example", "title": "Pay", "tz": "Europe/Oslo",
            "locale": "nb-NO", "viewport": "390x844", "device": "phone", "release": "1", "facts": {"tier": "gold", "value": 418000},
            "sig": "1.a", "signals": {"rage_clicks": 1, "exit": True, "dwell_seconds": 4.5, "trigger": "button"},
            "trail": [{"at": 5, "kind": "page", "what": "/pay"}], "element": {"selector": "#pay"},
        },
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_two_thousand_malformed_bodies_break_nothing(any_tern: Sender) -> None:
    client = any_tern.app.test_client()
    any_tern.app.testing = False  # an unforeseen error is to be an answer, as in production
    valid = full_body(any_tern)
    assert any_tern.post(valid).status_code == 202
    seen: Counter[int] = Counter()
    for number, bad in enumerate(malformed(COUNT, valid)):
        answer = client.post(
            f"/v1/sites/{any_tern.key}/responses",
            data=bad.body,
            content_type=bad.content_type,
            headers={"Origin": ORIGIN, **bad.headers},
        )
        seen[answer.status_code] += 1
        assert answer.status_code < 500, (number, bad.body[:300], bad.headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        if answer.status_code != 202:
            assert answer.content_type == "application/problem+json"
            assert answer.json["detail"], number
        if number % 100 == 0:
            assert any_tern.send({"mood": 3}).status_code == 202
    print(dict(seen))
    assert set(seen) <= {202, 400, 403, 409, 413, 415, 422}


@pytest.mark.parametrize("path", ["events", "attachments"])
def test_neither_do_they_at_the_other_doors(tern: Sender, path: str) -> None:
    tern.app.testing = False
    for bad in malformed(500, {"display": str(uuid.uuid4()), "survey": "feedback", "version": "a1", "kind": "shown"}):
        answer = tern.post(bad.body, path, content_type=bad.content_type, headers=bad.headers)
        assert answer.status_code < 500, (bad.body[:300], bad.headers)


def test_nor_at_the_receipts(tern: Sender) -> None:
    tern.app.testing = False
    client = tern.app.test_client()
    for bad in malformed(300, {"receipt": "a.b"}):
        answer = client.post("/v1/receipts/state", data=bad.body, content_type=bad.content_type, headers=bad.headers)
        assert answer.status_code < 500, (bad.body[:300], bad.headers)
