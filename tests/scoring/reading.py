"""Scores one comment as the worker would, without a database."""

from __future__ import annotations

from typing import Any

from widget_server.scoring.assessment import Assessment, Readings, assess
from widget_server.scoring.operations import Placed, read

SURVEY = {"questions": [{"key": "mood", "type": "smiley"}, {"key": "comment", "type": "text"}]}


def readings(text: str, language: str = "en", mood: int | None = None, **signals: Any) -> Readings:
    context = {"signals": signals}
    return read({"mood": mood}, [Placed("comment", 0, text)], SURVEY, language, context)


def assessed(text: str, language: str = "en", mood: int | None = None, **signals: Any) -> Assessment:
    return assess(readings(text, language, mood, **signals))
