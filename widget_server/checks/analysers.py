"""Whether everybody is there who is to read texts. None is loaded for it: that takes seconds."""

from __future__ import annotations

from collections.abc import Sequence

from widget_server.scoring.analysers import ENSEMBLE, OURS, UnknownAnalyser, theirs


def unknown_analysers(names: Sequence[str]) -> str | None:
    """A sentence on the first that there is not; None when all are there."""
    unknown = next((name for name in names if name not in (ENSEMBLE, *OURS, *theirs())), None)
    return None if unknown is None else f"{UnknownAnalyser(unknown)}: look at WIDGET_ANALYSERS"
