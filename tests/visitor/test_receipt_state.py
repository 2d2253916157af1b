"""What the widget learns of a receipt: whether a case is open, and whether there is an answer."""

from __future__ import annotations

import json
from types import SimpleNamespace

from flask.testing import FlaskClient

from tests.recovery.people import complaint
from widget_server import desk
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.responses.receipts import receipt_token


def test_a_reply_is_an_answer_until_the_customer_writes_again(
    client: FlaskClient, desk_at: SimpleNamespace
) -> None:
    with writing():
        case = complaint(desk_at.site)
    response = db.session.get_one(Response, case.first_response_id)
    token = receipt_token(settings().secret_key, response.public_id)

    def state() -> dict[str, bool]:
        answer = client.post(
            "/v1/receipts/state", data=json.dumps({"receipt": token}), content_type="text/plain"
        )
        assert answer.status_code == 200
        told: dict[str, bool] = answer.get_json()
        assert told.pop("url") == f"{settings().base_url}/r/{token}"
        return told

    assert state() == {"open": True, "answered": False}
    with writing():
        desk.reply(
            db.session.get_one(Case, case.id), desk_at.maren, expected_version=None, body="Hello", token="t"
        )
    assert state() == {"open": True, "answered": True}
    client.post(f"/r/{token}", data={"do": "write", "text": "More"})
    assert state() == {"open": True, "answered": False}
    with writing():
        case = db.session.get_one(Case, case.id)
        desk.not_a_failure(case, desk_at.maren, expected_version=None, reason="A test")
    assert state()["open"] is False
