"""One to five stars."""

from __future__ import annotations

from widget_server.surveys.questions.scale import Scale

COUNTS = ("no stars", "one star", "two stars", "three stars", "four stars", "five stars")


class Stars(Scale):
    def reason(self, number: float, value: float) -> str:
        return COUNTS[round(number)]


STARS = Stars("stars", 1, 5)
