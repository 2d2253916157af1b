"""TextBlob alone, English only: its polarity as it stands. It finds a third of the complaints; a part of the ensemble."""

from __future__ import annotations

from collections.abc import Sequence

from widget_server.scoring.analysers import Analyser, Reading, Text
from widget_server.scoring.polarity import textblob_polarity


class TextBlobAnalyser:
    name = "textblob"

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        return [by_polarity(textblob_polarity(text.text)) if text.language == "en" else None for text in texts]


def by_polarity(polarity: float) -> Reading:
    """A polarity of 0 is neutral; ±1 leaves little doubt."""
    strength = 0.9 * abs(polarity)
    negative, positive = (strength, 0.0) if polarity < 0 else (0.0, strength)
    rest = (1 - strength) * 0.3
    return Reading(negative + rest / 2, positive + rest / 2)


def make() -> Analyser:
    return TextBlobAnalyser()
