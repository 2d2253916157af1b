"""Where and when a survey asks, in plain sentences. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from widget_server.console.figures import FEWEST_NAMELESS
from widget_server.surveys.definition import Definition

OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "in": "is one of",
    "at_least": "is at least",
    "at_most": "is at most",
    "matches": "matches",
    "contains": "contains",
}
FACTS = {
    "url.path": "the page",
    "url.host": "the host",
    "language": "the language",
    "device": "the device",
    "viewport.width": "the window’s width",
    "returning": "a returning visitor",
}
REPEATS = {
    "once": "Asked once of each browser.",
    "until_answered": "Asked until it is answered.",
    "always": "May ask each time.",
    "times": "Asked {times} times of each browser at most.",
    "every": "Asked again every {every_days:g} days.",
}


def when_asked(definition: Definition, is_button: bool) -> str:
    """'When somebody moves to leave.' for its triggers; the button is always there."""
    moments = [_trigger(trigger) for trigger in definition.triggers]
    if is_button:
        moments.insert(0, "Behind the feedback button, always")
    if definition.purpose == "recovery":
        moments.append("On the customer’s own page, days after a resolution")
    if definition.hosted_only:
        moments.append("On its own page, by a link or a QR code")
    if not moments:
        return "Only when a page opens it."
    return "; ".join([moments[0], *(_lower_first(moment) for moment in moments[1:])]) + "."


def where_asked(definition: Definition) -> str:
    """'Where the page matches “*/pay*”.' in words, or 'On every page.'"""
    if definition.purpose == "recovery" or definition.hosted_only:
        return ""
    if not definition.targeting:
        return "On every page."
    return f"Where {condition_in_words(definition.targeting)}."


def how_often(definition: Definition) -> str:
    """Its two clocks: repeats of this survey, and the pause since any survey."""
    if definition.purpose == "recovery":
        return ""
    days = definition.frequency.cooldown_days
    pause = f" Waits {days:g} days after any other survey." if days and definition.triggers else ""
    goals = ", ".join(definition.silenced_by)
    silence = f" Silent once the visitor reached: {goals}." if goals else ""
    share = f" Asks {definition.percent:g} % of the visitors." if definition.percent is not None else ""
    return REPEATS.get(definition.frequency.repeat, "").format(**asdict(definition.frequency)) + pause + share + silence


def what_is_kept(definition: Definition) -> str:
    """What anonymous means, where a survey is that."""
    if not definition.anonymous:
        return ""
    return (
        "Anonymous: kept are the answers, their language and when they came; no name, address, page or device of whoever "
        f"gave them. Answers are shown from {FEWEST_NAMELESS} on."
    )


def condition_in_words(condition: Mapping[str, Any]) -> str:
    """A condition as a person would say it."""
    for word, joint in (("all", " and "), ("any", " or ")):
        if word in condition:
            parts = [condition_in_words(part) for part in condition[word]]
            return joint.join(parts) if len(parts) < 2 else "(" + joint.join(parts) + ")"
    if "not" in condition:
        return f"not {condition_in_words(condition['not'])}"
    fact = FACTS.get(condition["fact"], condition["fact"])
    value = condition.get("value")
    if condition["operator"] == "known":
        return f"{fact} is {'known' if value else 'not known'}"
    shown = ", ".join(f"“{item}”" for item in value) if isinstance(value, list) else f"“{value}”"
    return f"{fact} {OPERATORS.get(condition['operator'], condition['operator'])} {shown}"


MOMENTS = {
    "exit_intent": "When somebody moves to leave",
    "dwell": "When somebody stays {seconds:g} seconds on the page",
    "event": "When the page says “{name}”",
    "scroll": "When {percent:g} % of the page has been in view",
    "idle": "When nothing stirs for {seconds:g} seconds",
    "page_view": "On page {pages} of a visit",
    "click": "When “{selector}” is clicked",
    "visible": "When “{selector}” comes into view",
    "rage_click": "When somebody clicks in anger",
    "dead_click": "When clicks do nothing ({times} ×)",
    "form_error": "When a form refuses what was typed ({times} ×)",
    "back_and_forth": "When somebody goes back and forth between two pages ({times} ×)",
    "error": "When a script of the page fails",
}
USUAL = {"page_view": {"pages": 1}, "dead_click": {"times": 1}, "form_error": {"times": 2}, "back_and_forth": {"times": 1}}


def _trigger(trigger: Mapping[str, Any]) -> str:
    kind = str(trigger.get("kind"))
    return MOMENTS.get(kind, kind).format(**USUAL.get(kind, {}) | {"seconds": 0, "name": "", **trigger})


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
