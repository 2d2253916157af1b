"""How bad it is, by rule, with the reason: 1 annoyance, 2 blocked, 3 money or time lost, 4 harm. Staff may change it.

The definitions are of data-model.md; the first rule that holds, from the worst downwards, decides. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from widget_server.scoring.friction import Cue, Friction
from widget_server.scoring.ratings import LOW, Rating
from widget_server.scoring.signals import Signals

SAID = {4: "harm, or what can't be made good", 3: "money or time lost", 2: "blocked", 1: "an annoyance"}
MANY_RAGE_CLICKS = 3


@dataclass(frozen=True)
class Severity:
    level: int  # 1–4
    reasons: tuple[str, ...]


def severity_of(
    rating: Rating | None, friction: Friction, signals: Signals, *, blocked_by: tuple[str, ...] = ()
) -> Severity:
    """Suggest a severity for what was told and done; `blocked_by` are chosen options that say so."""
    for level in (4, 3, 2):
        said = [cue for cue in friction.standing if _level(cue) == level]
        reasons = [f"{SAID[level]}: '{cue.text}'" for cue in said[:3]]
        if level == 4:
            reasons += [f"much at stake: '{cue.text}'" for cue in friction.stakes[:2] if _failed(rating, friction)]
        if level == 2:
            reasons += [f"{SAID[2]}: '{label}'" for label in blocked_by]
            reasons += _blocked(rating, signals)
        if reasons:
            return Severity(level, tuple(reasons))
    return Severity(1, (SAID[1],))


def _level(cue: Cue) -> int:
    """What a cue says by itself: its file may state it, else a kind has its usual one."""
    return cue.severity or {"severe": 4, "strong": 2}.get(cue.kind, 1)


def _failed(rating: Rating | None, friction: Friction) -> bool:
    """A wedding alone is no failure; a wedding and something that went wrong is a grave one."""
    return any(cue.kind != "mild" for cue in friction.standing) or (rating is not None and rating.value <= LOW)


def _blocked(rating: Rating | None, signals: Signals) -> list[str]:
    reasons = []
    if signals.left_without_goal and (signals.errors or signals.rage_clicks >= MANY_RAGE_CLICKS):
        reasons.append(f"{SAID[2]}: {signals.left_reason} after trouble on the page")
    if rating is not None and rating.value == 0:
        reasons.append(f"the worst that can be chosen ({rating.reason})")
    return reasons
