"""Who gets a response and how soon, by the rulebook: first rule that holds, and points that sum. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from widget_server.conditions import holds
from widget_server.routing.hours import Hours

Condition = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    name: str
    when: Condition | None  # None: the default, holds always
    team: str
    reason: str


@dataclass(frozen=True)
class ValueBand:
    at_least: float
    points: int


@dataclass(frozen=True)
class Points:
    severity: Mapping[int, int]
    repeat_failure: int
    tier_fact: str
    tiers: Mapping[str, int]
    value_fact: str
    values: tuple[ValueBand, ...]  # highest first


@dataclass(frozen=True)
class Band:
    at_least: int
    priority: str
    acknowledge_minutes: int
    resolve_minutes: int
    always: bool = False  # its minutes count at night too, whatever the hours


@dataclass(frozen=True)
class Waiting:
    every_minutes: int
    points: int
    most: int


@dataclass(frozen=True)
class Rulebook:
    teams: Mapping[str, str]  # key → name
    rules: tuple[Rule, ...]  # the default stands last
    points: Points
    bands: tuple[Band, ...]  # highest first, the last one from 0
    waiting: Waiting
    hours: Hours | None = None  # None: day and night

    def hours_of(self, priority: str) -> Hours | None:
        """The hours by which a case of this priority is due; None: its minutes count day and night."""
        return None if any(band.always for band in self.bands if band.priority == priority) else self.hours


@dataclass(frozen=True)
class Part:
    """One summand of the priority, as the case shows it. Nothing known adds 0 and says so."""

    name: str
    points: int


@dataclass(frozen=True)
class Decision:
    rule: str
    reason: str
    team: str
    parts: tuple[Part, ...]
    points: int
    priority: str
    acknowledge_minutes: int
    resolve_minutes: int


@dataclass(frozen=True)
class Standing:
    """What steers the points. Tier and value only where the site's own server signed them."""

    severity: int
    failures: int | None  # which failure of this person this is: 1 the first, 2 the second; None unknown
    verified: Mapping[str, Any]


def decide(rulebook: Rulebook, facts: Mapping[str, Any], standing: Standing) -> Decision:
    """The first rule that holds of the facts, with the points of the standing."""
    rule = next(rule for rule in rulebook.rules if rule.when is None or holds(rule.when, facts))
    parts = tuple(parts_of(rulebook.points, standing))
    points = sum(part.points for part in parts)
    band = next((band for band in rulebook.bands if points >= band.at_least), rulebook.bands[-1])
    return Decision(
        rule=rule.name,
        reason=rule.reason,
        team=rule.team,
        parts=parts,
        points=points,
        priority=band.priority,
        acknowledge_minutes=band.acknowledge_minutes,
        resolve_minutes=band.resolve_minutes,
    )


SEVERITY_NAMES = {1: "low", 2: "medium", 3: "high", 4: "severe"}
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def parts_of(points: Points, standing: Standing) -> Iterable[Part]:
    """The summands: severity, repeat, tier, value."""
    severity = standing.severity
    yield Part(f"severity {SEVERITY_NAMES.get(severity, severity)}", points.severity.get(severity, 0))
    yield _repeat(points, standing.failures)
    tier = standing.verified.get(points.tier_fact)
    if isinstance(tier, str) and (worth := points.tiers.get(tier.strip().casefold())):
        yield Part(f"{points.tier_fact} {tier.strip()}", worth)
    value = standing.verified.get(points.value_fact)
    if isinstance(value, int | float) and not isinstance(value, bool):
        band = next((band for band in points.values if value >= band.at_least), None)
        if band and band.points:
            yield Part(f"{points.value_fact} of {band.at_least:g} or more", band.points)


def _repeat(points: Points, failures: int | None) -> Part:
    if failures is None:
        return Part("repeat failure unknown", 0)
    if failures < 2:
        return Part("first failure in 90 days", 0)
    return Part(f"{ORDINALS.get(failures, f'{failures}th')} failure in 90 days", points.repeat_failure)


MINUTE_MS = 60_000


def waiting_points(opened_at: int, now: int, waiting: Waiting | None = None) -> int:
    """What waiting adds to a case's place in the queue, and to nothing else.

    Args:
        opened_at, now: milliseconds since 1970, UTC.
        waiting: of the rulebook; without it one point for each nine minutes, 60 at most.
    """
    waiting = waiting or Waiting(every_minutes=9, points=1, most=60)
    waited = max(0, now - opened_at) // (waiting.every_minutes * MINUTE_MS)
    return min(waiting.most, waited * waiting.points)


def facts_of(
    *,
    survey: str,
    language: str | None,
    url: str,
    topics: Iterable[str],
    answers: Mapping[str, Any],
    severity: int,
    needs_recovery: float,
    signals: Mapping[str, Any],
    claims: Mapping[str, Any],
    verified: bool,
) -> dict[str, Any]:
    """The flat map that `when` looks at. Claims of a page stand under `claimed.`, never under `facts.`."""
    path, host = _address(url)
    facts: dict[str, Any] = {
        "survey": survey,
        "language": language,
        "url.path": path,
        "url.host": host,
        "topics": list(topics),
        "severity": severity,
        "needs_recovery": needs_recovery,
    }
    facts |= {f"answers.{key}": value for key, value in answers.items()}
    facts |= {f"signals.{key}": value for key, value in signals.items()}
    facts |= {f"{'facts' if verified else 'claimed'}.{key}": value for key, value in claims.items()}
    return facts


def _address(url: str) -> tuple[str | None, str | None]:
    """Path and host of an address that a visitor's page claimed; what is none, is unknown."""
    try:
        parts = urlsplit(url)
        return parts.path or ("/" if parts.netloc else None), parts.hostname
    except ValueError:
        return None, None
