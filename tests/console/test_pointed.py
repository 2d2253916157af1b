"""What a visitor pointed at, on the response and on the case: words, and their window drawn small."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.console.conftest import SignedIn
from widget_server import database
from widget_server.console.pointed import drawn
from widget_server.database import db
from widget_server.responses.models import Response
from widget_server.surveys.questions.element import pointed_at

POINTED = {
    "selector": "#pay<script>alert(1)</script>",
    "tag": "button",
    "kind": "button",
    "name": "<img src=x onerror=alert(1)>",
    "rect": [640, 400, 120, 44],
    "viewport": [1280, 800],
}


def test_a_case_and_its_response_show_the_place_and_its_words_run_nowhere(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        response = db.session.scalars(select(Response).order_by(Response.id)).first()
        assert response is not None
        response.answers = {**response.answers, "where": POINTED}
        public_id = response.public_id
    client = signed_in("support")
    for path in ("/console/ternair/cases/1001", f"/console/ternair/responses/{public_id}"):
        page = client.get(path).text
        assert page.count('class="pointed"') == 1
        assert "Button “&lt;img src=x" in page
        assert "#pay&lt;script&gt;" in page
        assert 'aria-label="Middle of a window of 1280 × 800"' in page
        spot = re.search(r'<rect class="spot" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', page)
        assert spot is not None
        assert [float(one) for one in spot.groups()] == [80.0, 50.0, 15.0, 5.5]


@pytest.mark.parametrize("rect", [[-900, -900, 10, 10], [9000, 9000, 10, 10], [0, 0, 0, 0], [-5, -5, 9999, 9999]])
@pytest.mark.parametrize("viewport", [[1280, 800], [390, 844], [1, 1], [100_000, 10]])
def test_the_spot_is_always_inside_the_window_and_large_enough_to_be_seen(rect: list[int], viewport: list[int]) -> None:
    told: Any = pointed_at({**POINTED, "rect": rect, "viewport": viewport})
    one = drawn(told)
    assert min(one.across, one.down) >= 4
    assert 0 <= one.x <= one.x + one.across <= one.width + 0.1
    assert 0 <= one.y <= one.y + one.down <= one.height + 0.1
