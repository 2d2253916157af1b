"""The cues alone: what got in somebody's way. They say little of feeling: trouble is negative, what was put right is not."""

from __future__ import annotations

from collections.abc import Sequence

from widget_server.scoring.analysers import Analyser, Reading, Text
from widget_server.scoring.dictionary import languages
from widget_server.scoring.evidence import Span
from widget_server.scoring.friction import friction_of
from widget_server.scoring.language import CERTAIN, Language


class CueAnalyser:
    name = "cues"

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        return [_read(text) if text.language in languages() else None for text in texts]


def _read(text: Text) -> Reading:
    found = friction_of(text.text, Language(text.language, CERTAIN, "given"), text.language)
    spans = tuple(Span(cue.start, cue.end, cue.text, "negative", cue.weight) for cue in found.cues)
    negative = 0.2 + 0.6 * found.score
    return Reading(negative, 0.5 if found.resolved and not found.cues else (1 - negative) * 0.3, found.score, spans)


def make() -> Analyser:
    return CueAnalyser()
