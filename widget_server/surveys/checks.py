"""What must fit together in a survey, beyond the shape of each field. Pure: content in, findings out.

Each finding says where, what is wrong and what to do. Errors stop a survey from being published; warnings are advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from widget_server.conditions import did_you_mean
from widget_server.surveys.condition_checks import answers_known, condition_findings
from widget_server.surveys.findings import Finding, Where, twice
from widget_server.surveys.logic_checks import (
    answers_are_said_again,
    conditions_of_logic,
    leads_hold_together,
    rules_fit_their_type,
)
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.schemas import KEYS_OF_TYPES

TARGETING_FACTS = ("url.path", "url.host", "language", "device", "viewport.width", "returning", "referrer.host")
TARGETING_FAMILIES = ("url.query.", "goal.", "attribute.")
MOST_QUESTIONS = 5  # beyond it, fewer people finish; a micro-survey asks one or two
TRIGGER_NEEDS = {
    "dwell": "seconds", "event": "name", "scroll": "percent", "idle": "seconds", "click": "selector", "visible": "selector",
}  # fmt: skip
TRIGGER_MAY_TAKE = {
    "exit_intent": {"min_dwell_seconds"}, "page_view": {"pages"}, "dead_click": {"times"}, "form_error": {"times"},
    "back_and_forth": {"times"},
}  # fmt: skip
TELLING = ("contact", "element", "screenshot")
REPEAT_NEEDS = {"times": "times", "every": "every_days"}


Content = Mapping[str, Any]


def findings(content: Content) -> Iterator[Finding]:
    """All findings in a content whose shape is right already."""
    for check in CHECKS:
        yield from check(content)


def languages_are_complete(content: Content) -> Iterator[Finding]:
    wanted = content["languages"]
    for place, language in enumerate(wanted):
        if language in wanted[:place]:
            yield Finding(("languages", place), f"the language '{language}' stands twice", "keep one of them")
    for where, text in texts(content):
        for language in wanted:
            if language not in text:
                yield Finding(where, f"the text in '{language}' is missing", f"add a line '{language}: …'")
        for language in text:
            if language not in wanted:
                remedy = f"add '{language}' to 'languages', or remove this line"
                yield Finding((*where, language), f"'{language}' is not among the survey's languages", remedy)


def texts(content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    """Everything in the survey that is said in each language, with its place."""
    for field in ("title", "button"):
        yield from _text(content, (), field)
    yield from _text(content.get("consent") or {}, ("consent",), "text")
    for field in ("title", "text"):
        yield from _text(content.get("thanks") or {}, ("thanks",), field)
        for inner, variant in enumerate((content.get("thanks") or {}).get("variants") or ()):
            yield from _text(variant, ("thanks", "variants", inner), field)
    for number, question in enumerate(content["questions"]):
        place: Where = ("questions", number)
        for field in ("text", "hint"):
            yield from _text(question, place, field)
        for inner, one in enumerate(question.get("variants") or ()):
            for field in ("text", "hint"):
                yield from _text(one, (*place, "variants", inner), field)
        for inner, lead in enumerate(question.get("leads_to") or ()):
            for field in ("title", "text"):
                yield from _text(lead.get("thanks") or {}, (*place, "leads_to", inner, "thanks"), field)
        for where, text in TYPES[question["type"]].texts(question):
            yield (*place, *where), text


def _text(holder: Content, place: Where, field: str) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    if holder.get(field) is not None:  # null says the same as nothing
        yield (*place, field), holder[field]


def keys_are_unique(content: Content) -> Iterator[Finding]:
    questions = content["questions"]
    yield from twice(questions, ("questions",), "question")
    brought = [one["key"] for question in questions for one in TYPES[question["type"]].further(question)]
    for number, question in enumerate(questions):
        if question["key"] in brought:
            message = f"the key '{question['key']}' is taken by the text of an option"
            yield Finding(("questions", number, "key"), message, "give it another key")


def questions_have_what_their_type_needs(content: Content) -> Iterator[Finding]:
    for number, question in enumerate(content["questions"]):
        place: Where = ("questions", number)
        kind = TYPES[question["type"]]
        for field in KEYS_OF_TYPES:
            if question.get(field) is not None and field not in kind.takes:
                takers = " and ".join(name for name, other in TYPES.items() if field in other.takes)
                yield Finding((*place, field), f"'{field}' belongs to questions of type {takers}", f"remove '{field}'")
        yield from kind.findings(question, place)
        if question.get("in_place") and number == 0:
            remedy = "remove 'in_place', or put the question below another"
            yield Finding((*place, "in_place"), "the first question has nothing to open below", remedy)
        if question.get("required") and kind.must_not_be_required:
            yield Finding((*place, "required"), kind.must_not_be_required, "remove 'required'")


def conditions_hold_together(content: Content) -> Iterator[Finding]:
    targeting = (content.get("show") or {}).get("targeting")
    if targeting is not None:
        yield from condition_findings(targeting, ("show", "targeting"), _targeting_fault)
    for number, question in enumerate(content["questions"]):
        fault = answers_known(content["questions"], number)
        if question.get("show_if") is not None:
            yield from condition_findings(question["show_if"], ("questions", number, "show_if"), fault)
        for inner, variant in enumerate(question.get("variants") or ()):
            yield from condition_findings(variant["if"], ("questions", number, "variants", inner, "if"), fault)


def _targeting_fault(fact: str, _operator: str, _value: Any) -> tuple[str, str] | None:
    if fact in TARGETING_FACTS or any(fact.startswith(family) and fact != family for family in TARGETING_FAMILIES):
        return None
    known = ", ".join((*TARGETING_FACTS, *(f"{family}…" for family in TARGETING_FAMILIES)))
    return f"the widget knows no fact '{fact}'", did_you_mean(fact, TARGETING_FACTS, f"use one of {known}")


def triggers_are_whole(content: Content) -> Iterator[Finding]:
    show = content.get("show") or {}
    for number, trigger in enumerate(show.get("triggers") or ()):
        place, kind = ("show", "triggers", number), trigger["kind"]
        need = TRIGGER_NEEDS.get(kind)
        if need and need not in trigger:
            yield Finding(place, f"the trigger '{kind}' needs '{need}'", f"add '{need}'")
        for field in trigger.keys() - TRIGGER_MAY_TAKE.get(kind, set()) - {"kind", need}:
            yield Finding((*place, field), f"the trigger '{kind}' takes no '{field}'", f"remove '{field}'")


def frequency_is_whole(content: Content) -> Iterator[Finding]:
    frequency = (content.get("show") or {}).get("frequency") or {}
    repeat = frequency.get("repeat", "once")
    for kind, need in REPEAT_NEEDS.items():
        place = ("show", "frequency", need)
        if repeat == kind and need not in frequency:
            yield Finding(place, f"the repeat '{kind}' needs '{need}'", f"add '{need}'")
        if repeat != kind and need in frequency:
            yield Finding(place, f"the repeat '{repeat}' takes no '{need}'", f"remove '{need}', or write 'repeat: {kind}'")


def schedule_goes_forward(content: Content) -> Iterator[Finding]:
    schedule = (content.get("show") or {}).get("schedule") or {}
    if "from" in schedule and "until" in schedule and schedule["from"] >= schedule["until"]:
        yield Finding(("show", "schedule", "until"), "it ends before it starts", "give a later 'until'")


def contact_has_consent(content: Content) -> Iterator[Finding]:
    for number, question in enumerate(content["questions"]):
        if question["type"] == "contact" and not content.get("consent"):
            message = "a contact question needs the sentence that people consent to"
            yield Finding(("questions", number, "type"), message, "add 'consent' with 'version' and 'text'")


def anonymous_stays_so(content: Content) -> Iterator[Finding]:
    """A survey that keeps nothing of whoever answers asks for no address and no part of a page."""
    for number, question in enumerate(content["questions"]):
        if content.get("anonymous") and question["type"] in TELLING:
            message = f"a question of type {question['type']} tells who answered or where, and the survey is anonymous"
            yield Finding(("questions", number, "type"), message, "remove the question, or 'anonymous'")


def it_stands_somewhere(content: Content) -> Iterator[Finding]:
    """A survey in the page is found there; one that covers the page had better be asked for."""
    display = content.get("display", "panel")
    comes = bool((content.get("show") or {}).get("triggers"))
    if display == "inline" and comes:
        message = "a survey in the page does not come by itself: it is there"
        yield Finding(("show", "triggers"), message, "remove the triggers, or write 'display: panel'")
    if display == "inline" and content.get("opened_by"):
        message = "a survey in the page is not opened: it is there"
        yield Finding(("opened_by",), message, "remove 'opened_by', or write 'display: panel' or 'display: modal'")
    if display == "modal" and comes:
        message = "it covers the page while somebody is at something: most people close what does that"
        yield Finding(("display",), message, "write 'display: panel', or let people open it", is_error=False)


def it_is_short(content: Content) -> Iterator[Finding]:
    """Advice. Questions that open in place count with the one above them."""
    steps = [one for one in content["questions"] if not one.get("in_place") and TYPES[one["type"]].asks]
    if len(steps) > MOST_QUESTIONS:
        message = f"{len(steps)} steps is long: fewer people finish what asks more than {MOST_QUESTIONS} things"
        yield Finding(("questions",), message, "ask about one thing, and ask the rest elsewhere", is_error=False)
    if len(steps) == len(content["questions"]) and content.get("minutes", 1) > 2:
        yield Finding(("minutes",), "more than two minutes is long", "ask less", is_error=False)


def something_must_be_answered(content: Content) -> Iterator[Finding]:
    if not any(question.get("required") for question in content["questions"]):
        message = "no question is required, so an empty survey can be sent"
        yield Finding(("questions",), message, "write 'required: true' at the first one", is_error=False)


CHECKS: tuple[Callable[[Content], Iterator[Finding]], ...] = (
    languages_are_complete,
    keys_are_unique,
    questions_have_what_their_type_needs,
    conditions_hold_together,
    leads_hold_together,
    conditions_of_logic,
    answers_are_said_again,
    rules_fit_their_type,
    triggers_are_whole,
    frequency_is_whole,
    schedule_goes_forward,
    contact_has_consent,
    anonymous_stays_so,
    it_stands_somewhere,
    it_is_short,
    something_must_be_answered,
)
