"""What a visitor pointed at, as words and a small drawing: their window, and where in it the part was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from widget_server.console.frame import blueprint
from widget_server.surveys.questions.element import Pointed, pointed_at

WIDEST, HIGHEST = 160, 120
LEAST = 4
"""Pixels of the drawing: what is smaller could not be seen."""


@dataclass(frozen=True)
class Drawn:
    """The window drawn to scale, and the part inside it, however far outside of it the visitor had scrolled it."""

    what: Pointed
    width: float
    height: float
    x: float
    y: float
    across: float
    down: float


@blueprint.app_template_global()
def pointed_in(answers: Mapping[str, Any]) -> list[Drawn]:
    """Each part of a page that these answers point at."""
    found = (pointed_at(value) for value in answers.values())
    return [drawn(one) for one in found if one is not None]


def drawn(what: Pointed) -> Drawn:
    """Pure: sizes of the drawing, in pixels."""
    by = min(WIDEST / what.viewport[0], HIGHEST / what.viewport[1])
    width, height = (max(LEAST * 2, side * by) for side in what.viewport)
    x, across = _inside(what.rect[0] * by, what.rect[2] * by, width)
    y, down = _inside(what.rect[1] * by, what.rect[3] * by, height)
    return Drawn(what, *(round(one, 1) for one in (width, height, x, y, across, down)))


def _inside(start: float, length: float, whole: float) -> tuple[float, float]:
    """A stretch cut to what can be seen of it, and never too short to be seen."""
    end = min(max(start + length, LEAST), whole)
    begin = min(max(start, 0), whole - LEAST)
    return begin, max(end - begin, LEAST)
