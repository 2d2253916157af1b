"""Where a survey leads on to, what it says again, and what it holds answers to: that all of it can happen. Pure.

Content in, findings out, like `checks.py`, which calls these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from widget_server import conditions
from widget_server.surveys.condition_checks import Fault, answers_known, condition_findings, later_or_unknown
from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.must import OF_CHOICES, OF_TEXTS
from widget_server.surveys.path import END, NEXT
from widget_server.surveys.recall import RECALLED, holes

Content = Mapping[str, Any]


def leads_hold_together(content: Content) -> Iterator[Finding]:
    """Every question leads on to one below it, and none is out of reach."""
    questions = content["questions"]
    if not any(question.get("leads_to") for question in questions):
        return
    keys = [question["key"] for question in questions]
    broken = False
    for number, question in enumerate(questions):
        if question["key"] in (NEXT, END):
            message = f"'{question['key']}' is where questions lead to, so no question is called so"
            yield Finding(("questions", number, "key"), message, "give it another key")
        for inner, lead in enumerate(question.get("leads_to") or ()):
            place: Where = ("questions", number, "leads_to", inner)
            fault = _target_fault(lead["go"], number, keys, questions)
            broken = broken or fault is not None
            if fault:
                yield Finding((*place, "go"), *fault)
            if lead.get("thanks") and lead["go"] != END:
                yield Finding(
                    (*place, "thanks"), "only what goes to the end has thanks of its own", "remove 'thanks'"
                )
        yield from _rules_behind_one_without_condition(question, ("questions", number, "leads_to"))
    if not broken:
        yield from _out_of_reach(questions)


def _target_fault(target: str, number: int, keys: list[str], questions: list[Content]) -> Fault | None:
    if target in (NEXT, END):
        return None
    if target not in keys:
        remedy = conditions.did_you_mean(target, [*keys, NEXT, END], "name a question below, 'next' or 'end'")
        return f"there is no question '{target}'", remedy
    place = keys.index(target)
    if place <= number:
        message = f"'{target}' stands above, or is this question: the survey would go round in a circle"
        return message, "lead on to a question below, to 'next' or to 'end'"
    if questions[place].get("in_place"):
        return f"'{target}' opens in place below another question", "lead on to that other question"
    return None


def _rules_behind_one_without_condition(question: Content, place: Where) -> Iterator[Finding]:
    leads = question.get("leads_to") or ()
    for inner, lead in enumerate(leads):
        if lead.get("if") is None and inner < len(leads) - 1:
            message = "this one has no 'if', so what stands below it is never looked at"
            yield Finding((*place, inner), message, "put it last, or give it an 'if'")


def _out_of_reach(questions: list[Content]) -> Iterator[Finding]:
    """Questions that no answers lead to: everything before them leads past them, whatever is answered."""
    steps = _steps(questions)
    starts = {questions[step[0]]["key"]: place for place, step in enumerate(steps)}
    reached = {0}
    for place, step in enumerate(steps):
        if place not in reached:
            key = questions[step[0]]["key"]
            message = f"nothing leads to '{key}': every way goes past it"
            yield Finding(
                ("questions", step[0], "key"), message, f"lead some answer on to '{key}', or remove it"
            )
            continue
        goes_on = True
        for number in step:
            leads = questions[number].get("leads_to") or ()
            reached |= {starts[lead["go"]] for lead in leads if lead["go"] in starts}
            if any(lead["go"] == NEXT for lead in leads):
                reached.add(place + 1)
            always = questions[number].get("show_if") is None
            if always and leads and leads[-1].get("if") is None:
                goes_on = False
            elif always and leads:
                goes_on = True
        if goes_on:
            reached.add(place + 1)


def _steps(questions: list[Content]) -> list[list[int]]:
    """Numbers of the questions that stand together: one, and those that open in place below it."""
    steps: list[list[int]] = []
    for number, question in enumerate(questions):
        if question.get("in_place") and steps:
            steps[-1].append(number)
        else:
            steps.append([number])
    return steps


def conditions_of_logic(content: Content) -> Iterator[Finding]:
    """Conditions in `leads_to` and `thanks`: they may look at this question's own answer, and at all above it."""
    questions = content["questions"]
    for number, question in enumerate(questions):
        for inner, lead in enumerate(question.get("leads_to") or ()):
            if lead.get("if") is not None:
                place: Where = ("questions", number, "leads_to", inner, "if")
                yield from condition_findings(lead["if"], place, answers_known(questions, number + 1))
    for inner, variant in enumerate((content.get("thanks") or {}).get("variants") or ()):
        known = answers_known(questions, len(questions))
        yield from condition_findings(variant["if"], ("thanks", "variants", inner, "if"), known)


def answers_are_said_again(content: Content) -> Iterator[Finding]:
    """Every `{answers.…|…}` in a text names a question above whose answer can be said in words, and has a fallback."""
    questions = content["questions"]
    for number, question in enumerate(questions):
        above = questions[:number]
        yield from _recalls(question.get("text"), ("questions", number, "text"), above, questions)
        for inner, variant in enumerate(question.get("variants") or ()):
            yield from _recalls(
                variant["text"], ("questions", number, "variants", inner, "text"), above, questions
            )
        for inner, lead in enumerate(question.get("leads_to") or ()):
            place: Where = ("questions", number, "leads_to", inner, "thanks")
            yield from _recalls_of_thanks(lead.get("thanks"), place, questions[: number + 1], questions)
    thanks = content.get("thanks") or {}
    yield from _recalls_of_thanks(thanks, ("thanks",), questions, questions)
    for inner, variant in enumerate(thanks.get("variants") or ()):
        yield from _recalls_of_thanks(variant, ("thanks", "variants", inner), questions, questions)


def _recalls_of_thanks(
    thanks: Content | None, place: Where, above: list[Content], all_: list[Content]
) -> Iterator[Finding]:
    for field in ("title", "text"):
        yield from _recalls((thanks or {}).get(field), (*place, field), above, all_)


def _recalls(text: Any, place: Where, above: list[Content], all_: list[Content]) -> Iterator[Finding]:
    types = {question["key"]: question["type"] for question in above}
    for language, words in (text or {}).items():
        for hole in holes(words):
            fault = _recall_fault(
                hole.written, hole.key, hole.fallback, types, [question["key"] for question in all_]
            )
            if fault:
                yield Finding((*place, language), *fault)


def _recall_fault(
    written: str, key: str | None, fallback: str | None, types: Mapping[str, str], keys: list[str]
) -> Fault | None:
    if key is None:
        return f"'{written}' is not read as an answer", "write it as {answers.reason|something else}"
    if key not in types:
        return later_or_unknown(key, keys)
    if types[key] not in RECALLED:
        message = f"an answer of type {types[key]} can't be said again"
        return message, "name a question of type " + ", ".join(RECALLED)
    if fallback is None or not fallback.strip():
        return (
            f"'{written}' says nothing when '{key}' was not answered",
            f"write {{answers.{key}|something else}}",
        )
    return None


def rules_fit_their_type(content: Content) -> Iterator[Finding]:
    """`must` holds texts to one set of rules, several choices to another, and nothing else to any."""
    for number, question in enumerate(content["questions"]):
        must = question.get("must")
        if not must:
            continue
        place: Where = ("questions", number, "must")
        allowed = {"text": OF_TEXTS, "choices": OF_CHOICES}.get(question["type"], ())
        for rule in must:
            if rule not in allowed:
                known = f"use {', '.join(allowed)}" if allowed else f"remove '{rule}'"
                yield Finding(
                    (*place, rule), f"a question of type {question['type']} has no rule '{rule}'", known
                )
        yield from _rules_can_be_met(question, place)


def _rules_can_be_met(question: Content, place: Where) -> Iterator[Finding]:
    must = question["must"]
    if must.get("min_length", 0) > question.get("max_length", 10_000):
        yield Finding(
            (*place, "min_length"), "no answer is so long and so short", "give less than 'max_length'"
        )
    options = len(question.get("options") or ())
    if must.get("at_least", 0) > min(options or 99, must.get("at_most", 99)):
        yield Finding((*place, "at_least"), "nobody can choose so many", "give a smaller number")
    if "matches" in must and not must.get("example"):
        message = "a pattern without an example tells nobody what to write"
        yield Finding((*place, "matches"), message, "add 'example', as in TA-4711-2027")
    if must.get("example") and not conditions.glob(must.get("matches", "*"), must["example"]):
        yield Finding((*place, "example"), "the example does not fit the pattern", "give one that does")
