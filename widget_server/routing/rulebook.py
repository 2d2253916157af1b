"""Reads `surveys/routing.yaml`: teams, rules, points, bands. What is wrong is told with file, line, field, remedy.

Only plain data goes in and frozen values come out; the file is read again when it changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from widget_server import conditions
from widget_server.routing.hours import DAY_NAMES, Hours, Span, span_of
from widget_server.routing.rules import Band, Points, Rule, Rulebook, ValueBand, Waiting
from widget_server.surveys.reading import Document, Unreadable, read_document

FILE = "routing.yaml"
PARTS = ("teams", "rules", "default", "points", "bands", "waiting", "hours")
PRIORITIES = ("P1", "P2", "P3", "P4")
FACTS = ("survey", "language", "url.path", "url.host", "topics", "severity", "needs_recovery")
FAMILIES = ("answers.", "facts.", "claimed.", "signals.")
LONGEST = 200

At = tuple[str | int, ...]


@dataclass(frozen=True)
class RulebookFault:
    file: str
    line: int
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field}: {self.message}; {self.remedy}"


class WrongRulebook(Exception):
    """A rulebook that can't be used, with all its faults."""

    def __init__(self, faults: list[RulebookFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def load_rulebook(path: Path) -> Rulebook:
    """The rulebook in this file; kept until the file changes.

    Raises:
        WrongRulebook: with every fault that was found.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        fault = RulebookFault(path.name, 1, "file", "the file is not there", "copy the routing.yaml that is shipped")
        raise WrongRulebook([fault]) from error
    return _load(path, changed)


@lru_cache(maxsize=16)
def _load(path: Path, _changed: int) -> Rulebook:
    try:
        document = read_document(path)
    except Unreadable as error:
        raise WrongRulebook([RulebookFault(path.name, error.line, "file", error.message, error.remedy)]) from error
    return _Reader(path.name, document).rulebook()


class _Reader:
    """Walks the document once; notes faults and goes on, so that an author sees all of them."""

    def __init__(self, file: str, document: Document) -> None:
        self.file, self.document, self.faults = file, document, list[RulebookFault]()

    def rulebook(self) -> Rulebook:
        content = self.mapping(self.document.content, (), PARTS)
        teams = self.teams(content.get("teams"))
        rules = tuple(self.rule(one, ("rules", place), teams) for place, one in enumerate(self.listed(content, "rules")))
        default = self.rule(content.get("default"), ("default",), teams, default=True)
        points = self.points(content.get("points"))
        bands = self.bands(self.listed(content, "bands"))
        waiting = self.waiting(content.get("waiting"))
        hours = self.hours(content.get("hours"))
        names = [rule.name for rule in rules]
        for place, name in enumerate(names):
            if name in names[:place]:
                self.fault(("rules", place, "name"), f"the name '{name}' stands twice", "give each rule its own")
        if self.faults:
            raise WrongRulebook(self.faults)
        return Rulebook(teams, (*rules, default), points, bands, waiting, hours)

    def teams(self, content: Any) -> Mapping[str, str]:
        teams = self.mapping(content, ("teams",))
        if not teams:
            self.fault(("teams",), "there is no team", "name one at least, as in 'support: Support'")
        return {key: self.text(name, ("teams", key)) for key, name in teams.items()}

    def rule(self, content: Any, at: At, teams: Mapping[str, str], *, default: bool = False) -> Rule:
        allowed = ("team", "reason") if default else ("name", "when", "team", "reason")
        one = self.mapping(content, at, allowed)
        team = self.text(one.get("team"), (*at, "team"))
        if team and team not in teams:
            self.fault((*at, "team"), f"there is no team '{team}'", f"use one of {', '.join(teams)}, or add it to teams")
        name = "default" if default else self.text(one.get("name"), (*at, "name"))
        if not default:
            self.condition(one.get("when"), (*at, "when"))
        return Rule(name, None if default else one.get("when"), team, self.text(one.get("reason"), (*at, "reason")))

    def condition(self, content: Any, at: At) -> None:
        for fault in conditions.faults(content):
            self.fault((*at, *fault.path), fault.message, fault.remedy)
        for fact in conditions.facts_named(content):
            if fact not in FACTS and not any(fact.startswith(family) and fact != family for family in FAMILIES):
                known = ", ".join((*FACTS, *(f"{family}…" for family in FAMILIES)))
                self.fault(at, f"there is no fact '{fact}'", f"use one of {known}")

    def points(self, content: Any) -> Points:
        at = ("points",)
        one = self.mapping(content, at, ("severity", "repeat_failure", "tier", "value"))
        tier = self.mapping(one.get("tier"), (*at, "tier"), ("fact", "points"), needed=False)
        value = self.mapping(one.get("value"), (*at, "value"), ("fact", "bands"), needed=False)
        tiers = self.mapping(tier.get("points"), (*at, "tier", "points"), needed=False)
        return Points(
            severity=self.severities(one.get("severity")),
            repeat_failure=self.whole(one.get("repeat_failure"), (*at, "repeat_failure")),
            tier_fact=self.text(tier.get("fact", "tier"), (*at, "tier", "fact")),
            tiers={name.casefold(): self.whole(n, (*at, "tier", "points", name)) for name, n in tiers.items()},
            value_fact=self.text(value.get("fact", "value"), (*at, "value", "fact")),
            values=self.value_bands(value),
        )

    def severities(self, content: Any) -> dict[int, int]:
        at = ("points", "severity")
        named = self.mapping(content, at, ("1", "2", "3", "4"))
        return {level: self.whole(named.get(str(level)), (*at, str(level))) for level in (1, 2, 3, 4)}

    def value_bands(self, value: Mapping[str, Any]) -> tuple[ValueBand, ...]:
        found = []
        for place, content in enumerate(self.listed(value, "bands", ("points", "value"), needed=False)):
            at = ("points", "value", "bands", place)
            one = self.mapping(content, at, ("at_least", "points"))
            least = self.whole(one.get("at_least"), (*at, "at_least"), most=10**15)
            found.append(ValueBand(least, self.whole(one.get("points"), (*at, "points"))))
        return tuple(sorted(found, key=lambda band: -band.at_least))

    def bands(self, content: list[Any]) -> tuple[Band, ...]:
        found = []
        for place, item in enumerate(content):
            at: At = ("bands", place)
            one = self.mapping(item, at, ("at_least", "priority", "acknowledge_minutes", "resolve_minutes", "always"))
            priority = one.get("priority")
            if priority not in PRIORITIES:
                self.fault((*at, "priority"), f"'{priority}' is no priority", f"use one of {', '.join(PRIORITIES)}")
            least = self.whole(one.get("at_least"), (*at, "at_least"))
            soon = self.whole(one.get("acknowledge_minutes"), (*at, "acknowledge_minutes"), least=1, most=525_600)
            done = self.whole(one.get("resolve_minutes"), (*at, "resolve_minutes"), least=1, most=525_600)
            if done < soon:
                self.fault((*at, "resolve_minutes"), "a case is due before its acknowledgement", "give the longer time here")
            always = one.get("always", False)
            if not isinstance(always, bool):
                self.fault((*at, "always"), f"{always!r} is neither true nor false", "write true, or leave the line out")
            found.append(Band(least, str(priority), soon, done, always is True))
        self.bands_fit(found)
        return tuple(sorted(found, key=lambda band: -band.at_least))

    def bands_fit(self, bands: list[Band]) -> None:
        if not any(band.at_least == 0 for band in bands):
            self.fault(("bands",), "no band begins at 0", "let the lowest one say 'at_least: 0'")
        ordered = sorted(bands, key=lambda band: -band.at_least)
        for place, band in enumerate(bands):
            if band.at_least in [other.at_least for other in bands[:place]]:
                self.fault(("bands", place, "at_least"), f"two bands begin at {band.at_least}", "move one of them")
        if [band.priority for band in ordered] != sorted({band.priority for band in bands}):
            self.fault(("bands",), "more points must mean a more urgent priority", "put P1 at the most points, each once")

    def waiting(self, content: Any) -> Waiting:
        at = ("waiting",)
        one = self.mapping(content, at, ("every_minutes", "points", "most"))
        return Waiting(
            every_minutes=self.whole(one.get("every_minutes"), (*at, "every_minutes"), least=1),
            points=self.whole(one.get("points"), (*at, "points")),
            most=self.whole(one.get("most"), (*at, "most")),
        )

    def hours(self, content: Any) -> Hours | None:
        if content is None:
            return None
        one = self.mapping(content, ("hours",), (*DAY_NAMES, "closed"))
        week = {day: self.spans(one.get(name, []), ("hours", name)) for day, name in enumerate(DAY_NAMES)}
        closed = [self.day(said, ("hours", "closed", place)) for place, said in enumerate(self.closed(one))]
        if not any(week.values()):
            self.fault(("hours",), "nobody is ever there", "give one day hours at least, or leave 'hours' out")
        return Hours(week, frozenset(day for day in closed if day))

    def closed(self, hours: Mapping[str, Any]) -> list[Any]:
        return self.listed(hours, "closed", ("hours",), needed=False)

    def spans(self, content: Any, at: At) -> tuple[Span, ...]:
        found: list[Span] = []
        for place, said in enumerate(content if isinstance(content, list) else [content]):
            span = span_of(said)
            if span is None:
                self.fault((*at, place), f"{said!r} is no span of a day", "write it as in '09:00-17:30', in 24 hours")
            elif found and span[0] < found[-1][1]:
                self.fault((*at, place), f"{said!r} begins before the one before it ends", "put them in order, apart")
            else:
                found.append(span)
        return tuple(found)

    def day(self, said: Any, at: At) -> date | None:
        try:
            return date.fromisoformat(str(said))
        except ValueError:
            self.fault(at, f"{said!r} is no day", "write it as in 2027-12-25")
            return None

    def mapping(self, content: Any, at: At, allowed: tuple[str, ...] = (), *, needed: bool = True) -> Mapping[str, Any]:
        if content is None and not needed:
            return {}
        if not isinstance(content, Mapping):
            self.fault(at, "names with values are missing here", f"write {', '.join(allowed) or 'them'} below it, indented")
            return {}
        for key in content:
            if allowed and key not in allowed:
                self.fault((*at, key), f"'{key}' does not belong here", f"use {', '.join(allowed)}")
        return content

    def listed(self, content: Mapping[str, Any], key: str, at: At = (), *, needed: bool = True) -> list[Any]:
        found = content.get(key)
        if found is None and not needed:
            return []
        if not isinstance(found, list):
            self.fault((*at, key), "a list is missing here", "put each item on a line that starts with '-'")
            return []
        return found

    def text(self, value: Any, at: At) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            self.fault(at, "a text is missing here", f"write 1 to {LONGEST} characters")
            return ""
        return value

    def whole(self, value: Any, at: At, *, least: int = 0, most: int = 10_000) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(at, f"{value!r} is no whole number from {least} to {most}", "write such a number, without quotes")
            return least
        return value

    def fault(self, at: At, message: str, remedy: str) -> None:
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).lstrip(".") or "file"
        self.faults.append(RulebookFault(self.file, self.document.line(at), field, message, remedy))
