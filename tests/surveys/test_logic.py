"""What leads on, is said again and is held to rules in a survey: what authors are told, what the server counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.one_of_each import LEADING, content
from widget_server.console.answers import said
from widget_server.errors import Fault
from widget_server.exports.columns import asked
from widget_server.intake.answers import Given, read_answers
from widget_server.surveys.checks import findings
from widget_server.surveys.definition import definition_from
from widget_server.surveys.must import broken_rule
from widget_server.surveys.path import path_of, thanks_of
from widget_server.surveys.recall import recalled

IS_X = {"fact": "answers.a", "operator": "is", "value": "x"}
OPTIONS = [{"key": "x", "label": {"en": "The price"}}, {"key": "y", "label": {"en": "The time"}}]


def choice(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "choice", "text": {"en": key}, "options": OPTIONS, **more}


def text(key: str, said: str = "Why?", **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "text", "text": {"en": said}, **more}


def survey(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": {"en": "S"}, "languages": ["en"], "questions": list(questions), **more}


def compares(fact: str, operator: str, value: Any) -> dict[str, Any]:
    return {"fact": fact, "operator": operator, "value": value}


ROWS = [{"key": "seats", "label": {"en": "Seats"}}, {"key": "bags", "label": {"en": "Bags"}}]
MATRIX = {
    "key": "m", "type": "matrix", "text": {"en": "m"}, "items": ROWS, "labels": {"en": ["Hard", "Fair", "Easy"]},
}  # fmt: skip
RANKING = choice("r") | {"type": "ranking"}

WRONG = {
    "a question that is not there": (
        survey(choice("a", leads_to=[{"go": "cc"}]), text("c")), ("questions", 0, "leads_to", 0, "go"), "no question 'cc'"
    ),
    "a jump backwards": (
        survey(choice("a"), text("c", leads_to=[{"go": "a"}])), ("questions", 1, "leads_to", 0, "go"), "round in a circle"
    ),
    "a question that nothing leads to": (
        survey(choice("a", leads_to=[{"go": "c"}]), text("b"), text("c")), ("questions", 1, "key"), "nothing leads to 'b'"
    ),
    "a rule that is never looked at": (
        survey(choice("a", leads_to=[{"go": "next"}, {"if": IS_X, "go": "end"}]), text("c")),
        ("questions", 0, "leads_to", 0), "never looked at",
    ),
    "a signal that there is not": (
        survey(choice("a"), text("c", show_if={"fact": "signals.rage", "operator": "known", "value": True})),
        ("questions", 1, "show_if"), "'signals.rage' is not an answer",
    ),
    "a row that there is not": (
        survey(MATRIX, text("c", show_if=compares("answers.m.seets", "at_most", 2))), ("questions", 1, "show_if"),
        "'m' has no row 'seets'",
    ),
    "an option that is not ranked": (
        survey(RANKING, text("c", show_if=compares("answers.r.z", "is", 1))), ("questions", 1, "show_if"),
        "'r' has no option 'z'",
    ),
    "all rows at once": (
        survey(MATRIX, text("c"), thanks={"title": {"en": "T"}, "variants": [
            {"if": compares("answers.m", "known", True), "title": {"en": "T"}}]}),
        ("thanks", "variants", 0, "if"), "'m' is answered row by row",
    ),
    "a row before it is asked": (
        survey(text("c", show_if=compares("answers.m.seats", "is", 1)), MATRIX), ("questions", 0, "show_if"), "asked later",
    ),
    "a step that the rows do not have": (
        survey(MATRIX, text("c", show_if=compares("answers.m.seats", "in", [1, 4]))), ("questions", 1, "show_if"),
        "4 is none of the numbers here: they go from 1 to 3",
    ),
    "a place beyond the last": (
        survey({**RANKING, "leads_to": [{"if": compares("answers.r.x", "at_least", 3), "go": "end"}]}, text("c")),
        ("questions", 0, "leads_to", 0, "if"), "3 is none of the numbers here: they go from 1 to 2",
    ),
    "a place in words": (
        survey(RANKING, text("c", show_if=compares("answers.r.x", "is", "first"))), ("questions", 1, "show_if"),
        "'first' is none of the numbers",
    ),
    "a row read as a text": (
        survey(MATRIX, text("c", show_if=compares("answers.m.seats", "matches", "*"))), ("questions", 1, "show_if"),
        "'matches' reads texts",
    ),
    "an option that a choice does not have": (
        survey(choice("a"), text("c", show_if=compares("answers.a", "in", ["x", "z"]))), ("questions", 1, "show_if"),
        "'a' has no option 'z'",
    ),
    "thanks on the way": (
        survey(choice("a", leads_to=[{"go": "next", "thanks": {"title": {"en": "T"}}}]), text("c")),
        ("questions", 0, "leads_to", 0, "thanks"), "only what goes to the end",
    ),
    "an answer said again without a word for none": (
        survey(choice("a"), text("c", "You said {answers.a}.")), ("questions", 1, "text", "en"), "says nothing when 'a'"
    ),
    "an answer said again before it was given": (
        survey(text("c", "You said {answers.a|it}."), choice("a")), ("questions", 0, "text", "en"), "'a' is asked later"
    ),
    "a rule of another type": (
        survey(choice("a", must={"min_length": 3})), ("questions", 0, "must", "min_length"), "no rule"
    ),
    "an example that does not fit": (
        survey(text("c", must={"matches": "TA-????", "example": "TA-1"})),
        ("questions", 0, "must", "example"), "does not fit",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "where", "message"), WRONG.values(), ids=WRONG)
def test_an_author_is_told_where_and_what(
    content: dict[str, Any], where: tuple[Any, ...], message: str
) -> None:
    found = [(finding.where, finding.message) for finding in findings(content) if finding.is_error]
    assert any(where == place and message in said for place, said in found), found


BRANCHED = survey(
    choice(
        "a",
        required=True,
        leads_to=[{"if": IS_X, "go": "end", "thanks": {"title": {"en": "We look at {answers.a|it}."}}}],
    ),
    choice("b", required=True),
    text("c", must={"min_length": 5}),
    thanks={
        "title": {"en": "Thanks"},
        "variants": [{"if": {**IS_X, "value": "y"}, "title": {"en": "Sorry"}}],
    },
)


def test_a_survey_that_leads_on_has_no_error() -> None:
    assert [finding for finding in findings(BRANCHED) if finding.is_error] == []


@pytest.mark.parametrize(
    ("answers", "keys", "thanks"),
    [
        ({"reason": "price"}, ["reason"], "Thank you. We look at prices every week."),
        ({"reason": "paid", "order": "TA-4711"}, ["reason", "order"], "We look for order TA-4711."),
        ({"reason": "other", "what": "x"}, ["reason", "what", "order"], "Thank you. A person will read this."),
    ],
)
def test_the_example_is_right_and_leads_as_it_says(answers: dict[str, Any], keys: list[str], thanks: str) -> None:
    example = content(LEADING)
    assert list(findings(example)) == []
    definition = definition_from(example)
    path = path_of(definition, answers)
    assert [question.key for question in path.asked] == keys
    questions = {question.key: question for question in definition.questions}
    assert recalled(thanks_of(definition, path).title["en"], questions, path.facts, "en") == thanks


def test_required_is_asked_on_the_path_taken_and_what_was_left_is_not_counted() -> None:
    definition = definition_from(BRANCHED)
    given = read_answers(definition, {"a": "x", "b": "y", "c": "No"}, finished=True)
    assert isinstance(given, Given)
    assert [closed.question for closed in given.closed] == ["a"]
    assert given.texts == {"c": "No"}  # words are kept wherever they stand
    faults = read_answers(definition, {"a": "y", "c": "No"}, finished=True)
    assert faults == [
        Fault("/answers/b", "This question must be answered."), Fault("/answers/c", "At least 5 characters are needed.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "title"), [("x", "We look at {answers.a|it}."), ("y", "Sorry"), (None, "Thanks")]
)
def test_the_thanks_depend_on_the_answers(answer: str | None, title: str) -> None:
    definition = definition_from(BRANCHED)
    assert thanks_of(definition, path_of(definition, {"a": answer})).title["en"] == title


def test_an_answer_is_said_again_as_text_and_only_once() -> None:
    questions = {one.key: one for one in definition_from(survey(choice("a"), text("c"))).questions}
    text_of_both = "{answers.a|it}, {answers.c|nothing}"
    assert recalled(text_of_both, questions, {"answers.a": "x"}, "en") == "The price, nothing"
    assert recalled(text_of_both, questions, {"answers.c": "{answers.a|b} <b>"}, "en") == "it, {answers.a|b} <b>"
    assert len(recalled("{answers.c|x}", questions, {"answers.c": "w" * 10_000}, "en")) == 80


def test_staff_read_the_question_as_it_was_put_and_a_table_names_it_without_answers() -> None:
    definition = definition_from(content(LEADING))
    question = "You said: {}. Which order was it?"
    read = said(definition, {"reason": "other", "what": True, "order": True}, {"what": "<b>Seats", "order": "TA-1111"}, "en")
    assert [one.question for one in read] == ["What stopped you?", "What was it?", question.format("<b>Seats")]
    erased = said(definition, {"what": True, "order": True}, {}, "en")
    assert erased[-1].question == question.format("…")
    passed_by = said(definition, {"reason": "paid"}, {"order": "TA-1111"}, "en")
    assert passed_by[-1].question == question.format("I had paid already")
    assert [one.label for one in asked([("s", definition.questions)], "en")][-1] == question.format("…")


@pytest.mark.parametrize(
    ("must", "value", "fits"),
    [
        ({"kind": "digits"}, "0412", True), ({"kind": "digits"}, "٤١٢", False), ({"kind": "email"}, "a@b.no", True),
        ({"kind": "email"}, "a@b", False), ({"matches": "TA-????", "example": "TA-4711"}, "ta-4711", True),
        ({"matches": "TA-????", "example": "TA-4711"}, "4711", False), ({"at_most": 1}, ["x", "y"], False),
        ({"at_least": 2}, ["x", "y"], True), ({"min_length": 3}, "", True),
    ],
)  # fmt: skip
def test_a_rule_holds_or_says_why(must: dict[str, Any], value: Any, fits: bool) -> None:
    assert (broken_rule(must, value) is None) is fits
