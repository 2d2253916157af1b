"""What a severity that staff chose makes of a case's priority: its own part of the sum changes, the others stay. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget_server.routing.rules import SEVERITY_NAMES, Rulebook

PART = "severity "
"""How the part's name begins: "severity high"."""


@dataclass(frozen=True)
class Priced:
    parts: list[dict[str, Any]]
    points: int
    priority: str
    acknowledge_minutes: int
    resolve_minutes: int


def priced(rulebook: Rulebook, parts: Sequence[Mapping[str, Any]], severity: int) -> Priced:
    """The sum with this severity, and the band that it falls into."""
    others = [dict(part) for part in parts if not str(part["name"]).startswith(PART)]
    worth = rulebook.points.severity.get(severity, 0)
    points = worth + sum(int(part["points"]) for part in others)
    own = {"name": f"{PART}{SEVERITY_NAMES[severity]}", "points": worth}
    band = next((band for band in rulebook.bands if points >= band.at_least), rulebook.bands[-1])
    return Priced([own, *others], points, band.priority, band.acknowledge_minutes, band.resolve_minutes)
