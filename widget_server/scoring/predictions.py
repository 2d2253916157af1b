"""What is written for a text that was read outside the flow: one flat object, for a file or another program. Pure."""

from __future__ import annotations

from typing import Any

from widget_server.scoring.analysis import Analysis

UNREAD = 0.5
"""Of a text that nothing could be read in: it ranks in the middle, and `supported` says why."""


def said(id: Any, analysis: Analysis) -> dict[str, Any]:
    label = analysis.label if analysis.supported else "neutral"
    return {
        "id": id,
        "lang": analysis.language.code,
        "label": label,
        "p_negative": _rounded(analysis.p_negative),
        "p_friction": _rounded(analysis.p_friction),
        "supported": analysis.supported,
    }


def _rounded(chance: float | None) -> float:
    return UNREAD if chance is None else round(chance, 6)
