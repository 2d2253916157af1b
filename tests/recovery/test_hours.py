"""Cases are due while somebody is there: by the hours of the rulebook, in the site's zone, on both databases."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.conftest import REPOSITORY
from tests.recovery.people import complaint, fresh, make_site, make_user
from widget_server import desk
from widget_server.clock import travel
from widget_server.database import db, writing
from widget_server.recovery.models import Case

HOURS = """
hours:
  mon: ["09:00-12:30", "13:30-17:00"]
  tue: ["09:00-17:00"]
  fri: ["09:00-17:00"]
"""


def oslo(said: str) -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo("Europe/Oslo")).timestamp() * 1000)


@pytest.fixture
def office(any_app: Flask) -> SimpleNamespace:
    """A site in Oslo whose staff are there in HOURS; P1 is due day and night."""
    settings = any_app.extensions["widget_settings"]
    folder = settings.instance / "surveys"
    shutil.copytree(REPOSITORY / "surveys", folder)
    told = (folder / "routing.yaml").read_text("utf-8")
    always = told.replace("resolve_minutes: 240}", "resolve_minutes: 240, always: true}")
    (folder / "routing.yaml").write_text(always + HOURS, "utf-8")
    any_app.extensions["widget_settings"] = replace(settings, surveys_dir=folder)
    with writing():
        return SimpleNamespace(site=make_site(), maren=make_user("Maren Solli"))


def test_a_complaint_of_friday_night_is_due_on_monday(office: SimpleNamespace) -> None:
    with travel(oslo("2026-11-27 22:00")), writing():
        case = complaint(office.site)
    case = fresh(case)
    assert case.acknowledge_due == oslo("2026-11-30 09:30")
    assert case.resolve_due == oslo("2026-11-30 12:00")


def test_what_is_always_due_waits_for_nobody_to_wake(office: SimpleNamespace) -> None:
    with travel(oslo("2026-11-27 22:00")), writing():
        calm = complaint(office.site)
    with travel(oslo("2026-11-27 23:00")), writing():
        desk.change_severity(
            db.session.get_one(Case, calm.id), office.maren, expected_version=None, severity=4, reason="Stranded"
        )
    case = fresh(calm)
    assert (case.priority, case.acknowledge_due) == ("P1", oslo("2026-11-27 22:30"))


def test_a_case_that_opens_again_is_not_due_while_nobody_is_there(office: SimpleNamespace) -> None:
    with travel(oslo("2026-11-27 10:00")), writing():
        case = complaint(office.site)
        case.state, case.resolved_at = "resolved", oslo("2026-11-27 11:00")
    with travel(oslo("2026-11-27 16:00")), writing():
        desk.answer_followup(db.session.get_one(Case, case.id), False, "Still no ticket")
    case = fresh(case)
    assert (case.state, case.reopened) == ("open", 1)
    assert case.resolve_due == oslo("2026-11-30 10:00")  # three hours on it would be seven in the evening
