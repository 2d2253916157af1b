"""What a survey file may say of when and how often it asks, and what the widget is told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from widget_server.surveys.checks import CHECKS
from widget_server.surveys.schemas import SURVEY, TRIGGERS
from widget_server.surveys.wire import schedule_ms

PLAIN: dict[str, Any] = {
    "title": {"en": "Seat"},
    "languages": ["en"],
    "questions": [{"key": "clear", "type": "yes_no", "required": True, "text": {"en": "Clear?"}}],
}


def wrongs(**show: Any) -> list[str]:
    content = PLAIN | {"show": show}
    shape = SURVEY.validate(content)
    return [str(shape)] if shape else [found.message for check in CHECKS for found in check(content) if found.is_error]


@pytest.mark.parametrize(
    ("show", "says"),
    [
        ({"triggers": [{"kind": "scroll"}]}, "needs 'percent'"),
        ({"triggers": [{"kind": "scroll", "percent": 0}]}, "1 to 100"),
        ({"triggers": [{"kind": "visible", "selector": "#a", "seconds": 3}]}, "takes no 'seconds'"),
        ({"triggers": [{"kind": "telepathy"}]}, "no trigger 'telepathy'"),
        ({"frequency": {"repeat": "times"}}, "needs 'times'"),
        ({"frequency": {"repeat": "once", "every_days": 3}}, "takes no 'every_days'"),
        ({"percent": 0}, "per cent of the visitors"),
        ({"schedule": {"from": "2027-02-01", "until": "2027-01-01"}}, "ends before it starts"),
        ({"schedule": {"from": "next week"}}, "no date"),
        ({"schedule": {"from": "2027-01-01T00:00+01:00"}}, "without a zone"),
        ({"schedule": {"hours": ["9:00", "25:00"]}}, "no time of day"),
        ({"schedule": {"days": []}}, "one at least"),
    ],
)
def test_what_cannot_be_meant_is_said(show: dict[str, Any], says: str) -> None:
    assert any(says in wrong for wrong in wrongs(**show)), wrongs(**show)


def test_every_trigger_can_be_written() -> None:
    fields = {"seconds": 5, "name": "paid", "percent": 50, "selector": "#pay"}
    needs = {"dwell": ["seconds"], "event": ["name"], "scroll": ["percent"], "idle": ["seconds"]}
    needs |= {"click": ["selector"], "visible": ["selector"]}
    for kind in TRIGGERS:
        trigger = {"kind": kind} | {name: fields[name] for name in needs.get(kind, [])}
        assert wrongs(triggers=[trigger]) == [], kind


def test_a_schedule_is_read_in_the_zone_of_the_site_through_summer_time() -> None:
    said = schedule_ms({"from": "2026-07-01", "until": "2026-12-01T09:00", "days": ["mon"]}, "Europe/Oslo")
    assert said == {"from": 1782856800000, "until": 1796112000000, "days": ["mon"]}


def test_the_widget_knows_every_trigger_that_a_file_may_name() -> None:
    sources = Path(__file__).parents[2] / "widget_js" / "src"
    known = (sources / "occasions.ts").read_text() + (sources / "triggers" / "index.ts").read_text()
    assert [kind for kind in TRIGGERS if f" {kind}:" not in known and f" {kind}," not in known] == []
