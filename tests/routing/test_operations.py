"""A flagged response is routed once for each snapshot; only signed facts steer how soon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.scoring.test_operations import store
from widget_server.database import db, writing
from widget_server.routing.models import DecisionRow
from widget_server.routing.operations import route
from widget_server.scoring.operations import assess_response
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with writing():
        yield create_site("Tern Air", key="tern")


def test_a_decision_is_stored_with_its_sum(site: Site) -> None:
    response = store(site, {"mood": 1}, {"comment": "My card was charged twice"})
    row = route(response, assess_response(response), 2)
    assert (row.rule, row.team_key, row.points, row.priority) == ("paying", "payments", 50, "P1")
    assert sum(part["points"] for part in row.parts) == row.points
    assert [part["name"] for part in row.parts] == ["severity high", "second failure in 90 days"]


def test_only_signed_facts_add_points(site: Site) -> None:
    context = {"facts": {"tier": "gold", "value": 900000}}
    claimed, signed = (
        store(site, {"mood": 1}, context=context, facts_verified=verified) for verified in (False, True)
    )
    rows = [route(response, assess_response(response), None) for response in (claimed, signed)]
    assert rows[1].points - rows[0].points == 20


def test_the_same_snapshot_is_routed_once_and_a_newer_one_again(site: Site) -> None:
    response = store(site, {"mood": 1})
    first = route(response, assess_response(response), 1)
    assert route(response, assess_response(response), 2).id == first.id
    response.seq = 2
    assert route(response, assess_response(response), 2).id != first.id
    assert db.session.scalar(select(func.count()).select_from(DecisionRow)) == 2
