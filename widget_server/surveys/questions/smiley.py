"""Drawn faces, each with its word: the lowest effort there is."""

from __future__ import annotations

from collections.abc import Iterator

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Content
from widget_server.surveys.questions.scale import Scale

LOW, HIGH = 0.3, 0.7


class Smiley(Scale):
    def label_counts(self) -> tuple[int, ...]:
        return (5,)

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        if not content.get("labels"):
            yield Finding((*place, "type"), "each smiley has its word", "add five 'labels' in each language")
        yield from super().findings(content, place)

    def reason(self, number: float, value: float) -> str:
        return "low smiley" if value <= LOW else "high smiley" if value >= HIGH else "middling smiley"


SMILEY = Smiley("smiley", 1, 5)
