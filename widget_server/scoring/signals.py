"""What somebody did on the page, as the widget counted it: claims of a browser, so each is clipped. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

LEFT = {
    "purchase": "left without paying",
    "payment": "left without paying",
    "checkout": "left without paying",
    "order": "left without ordering",
    "booking": "left without booking",
    "signup": "left without signing up",
}


@dataclass(frozen=True)
class Signals:
    rage_clicks: int = 0
    dead_clicks: int = 0
    errors: int = 0
    form_errors: int = 0  # how often a form was refused
    back_and_forth: int = 0
    dwell_seconds: float = 0.0
    exit: bool = False
    left_without_goal: str | None = None

    @property
    def left_reason(self) -> str:
        goal = (self.left_without_goal or "").strip()
        return LEFT.get(goal.casefold(), f"left without reaching '{goal[:40]}'" if goal else "left without the goal")


def signals_of(raw: Any) -> Signals:
    """Read `context.signals`; whatever is missing, odd or absurd becomes none."""
    if not isinstance(raw, dict):
        return Signals()
    goal = raw.get("left_without_goal")
    return Signals(
        rage_clicks=_count(raw.get("rage_clicks")),
        dead_clicks=_count(raw.get("dead_clicks")),
        errors=_count(raw.get("errors")),
        form_errors=_count(raw.get("form_errors")),
        back_and_forth=_count(raw.get("back_and_forth")),
        dwell_seconds=float(_count(raw.get("dwell_seconds"), 86_400)),
        exit=raw.get("exit") is True,
        left_without_goal=(goal if isinstance(goal, str) and goal.strip() else "goal" if goal is True else None),
    )


def _count(value: Any, most: int = 1_000) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(max(0, min(most, value)))
