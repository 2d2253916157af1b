"""Whose page these tests look at: a complaint with a case, and the address that its receipt leads to."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.recovery.conftest import desk_at
from tests.recovery.people import complaint
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.responses.models import Response
from widget_server.responses.receipts import receipt_token

__all__ = ["desk_at"]


def page_of(response: Response) -> str:
    return f"/r/{receipt_token(settings().secret_key, response.public_id)}"


def text_of(html: str) -> str:
    body = re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1])
    return re.sub(r"\s+", " ", body)


@pytest.fixture
def eleanor(desk_at: SimpleNamespace) -> SimpleNamespace:
    """A complaint with a case; `path` is its page."""
    with writing():
        case = complaint(desk_at.site, email="eleanor@example.org", hmacs={"email": "e1"})
    return SimpleNamespace(
        case=case, path=page_of(db.session.get_one(Response, case.first_response_id)), **vars(desk_at)
    )
