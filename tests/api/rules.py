"""What the tests of the API stand on: a site with a case, tokens by scope, and one plain way to ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from werkzeug.test import TestResponse

from tests.worker.conftest import SEVERE, Tern
from widget_server import worker
from widget_server.accounts.tokens import SCOPES, create_api_token
from widget_server.database import db, writing
from widget_server.sites.models import Site

MISSING = "0199aaaa-0000-7000-8000-000000000000"


def token_for(site_id: int, scopes: Sequence[str] = SCOPES, name: str = "Shop desk") -> str:
    with writing():
        return create_api_token(db.session.get_one(Site, site_id), name, scopes)[1]


def ask(
    tern: Tern, method: str, path: str, token: str | None, body: Any = None, headers: dict[str, str] | None = None
) -> TestResponse:
    db.session.rollback()  # the test shares its session with the request
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    kind = "application/json" if body is not None else None
    return tern.app.test_client().open(
        f"/api/v1{path}", method=method, data=data, content_type=kind, headers={**sent, **(headers or {})}
    )


def said(answer: TestResponse, status: int = 200) -> Any:
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text
    return json.loads(text)


def complaint(tern: Tern, text: str = SEVERE, **more: Any) -> str:
    """Sent and looked at; returns the id that its client gave."""
    sent = tern.send(text, **more)
    worker.run_once(tern.app)
    db.session.rollback()
    return sent


def case_of(tern: Tern, token: str, response_id: str) -> Any:
    return said(ask(tern, "GET", f"/cases?response_id={response_id}", token))["items"][0]


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """A refusal in the one shape that all have."""
    assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
    problem: dict[str, Any] = said(answer, status)
    assert problem["status"] == status
    assert problem["detail"]
    return problem
