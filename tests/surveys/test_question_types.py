"""Every question type, by the example in surveys/README.md: checked, told to the widget, answered, kept and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.one_of_each import content, example, told
from widget_server.clock import now_ms
from widget_server.console.answers import said
from widget_server.exports.columns import asked, response_header, response_line
from widget_server.intake.answers import Given, read_answers
from widget_server.scoring.ratings import rating_of
from widget_server.surveys.definition import Definition, definition_from
from widget_server.surveys.library import check_file
from widget_server.surveys.questions.registry import TYPES

ANSWERS = {
    "mood": 4, "stars": 3, "helpful": False, "found": True, "reason": "other", "reason_other": "The date",
    "comment": "Words", "order": {"time": 1, "price": 2, "room": 3}, "parts": {"seats": 2, "bags": 1}, "day": "2026-03-31",
    "contact": {"email": "maren@tern.example", "name": "Maren", "consent": True},
}  # fmt: skip


@pytest.fixture
def one_of_each() -> Definition:
    return definition_from(content())


def test_the_example_is_a_survey_without_errors(tmp_path: Path) -> None:
    (tmp_path / "each.yaml").write_text(example(), "utf-8")
    assert [str(one) for one in check_file(tmp_path / "each.yaml") if one.severity == "error"] == []
    types = {one["type"] for one in content()["questions"]}
    assert types | {"choices", "csat", "ces", "nps", "element", "screenshot"} == set(TYPES)


def changed(tmp_path: Path, old: str, new: str) -> list[tuple[str, str]]:
    assert old in example()
    (tmp_path / "each.yaml").write_text(example().replace(old, new, 1), "utf-8")
    return [(one.field, one.message) for one in check_file(tmp_path / "each.yaml") if one.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("[Awful, Poor, Good, Great]", "[Awful, Great]", "questions[1].labels.en",
         "2 labels, where a smiley question has 4 or 5"),
        ("type: thumbs", "type: thumbs\n    rows: 2", "questions[3].rows",
         "'rows' belongs to questions of type text"),
        ("key: comment ", "key: reason_other ", "questions[6].key",
         "the key 'reason_other' is taken by the text of an option"),
        ("{key: price, label: {en: Price}}", "{key: price, label: {en: Price}, friction: mild}",
         "questions[7].options[1].friction", "'friction' belongs to options that are chosen, not put in order"),
        ("[Not at all, Partly, Fully]", "[Only]", "questions[8].labels",
         "a matrix has 2 to 7 labels, the same number in each language"),
        ("{key: bags, label", "{key: seats, label", "questions[8].items[2].key", "the item key 'seats' stands twice"),
        ('earliest: "2026-01-01"', 'earliest: "2026-02-30"', "questions[9].earliest", "this is no day"),
        ("latest: today", 'latest: "2025-01-01"', "questions[9].latest", "it ends before it starts"),
        ("https://tern.example/late", "javascript:alert(1)", "questions[10].link.url", "this is no address to link to"),
        ("https://tern.example/late", "http://tern.example/late", "questions[10].link.url", "this is no address to link to"),
        ("type: statement", "type: statement\n    required: true", "questions[10].required", "there is nothing to answer"),
        ("ask: [name, email]", "ask: [name, phone]", "questions[11].ask[2]", "'phone' is neither email nor name"),
        ("ask: [name, email]", "ask: [name, name]", "questions[11].ask", "one of them stands twice"),
        ("fact: answers.mood", "fact: answers.rules", "questions[11].variants[1].if",
         "'rules' is asked later, or is this question"),
        ("fact: answers.mood", "fact: answers.parts", "questions[11].variants[1].if",
         "'parts' is answered row by row"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_type_is_told(tmp_path: Path, old: str, new: str, field: str, message: str) -> None:
    assert (field, message) in changed(tmp_path, old, new)


def test_conditions_see_the_text_of_an_option_rows_and_places(tmp_path: Path) -> None:
    for fact in ("reason_other", "parts.bags", "order.price"):
        assert changed(tmp_path, "answers.mood", f"answers.{fact}") == []


def test_the_widget_is_told_what_each_type_needs() -> None:
    by_key = {one["key"]: one for one in told()["questions"]}
    assert list(by_key) == [
        "mood", "stars", "helpful", "found", "reason", "reason_other", "comment", "order", "parts", "day", "rules",
        "contact",
    ]  # fmt: skip
    assert [key for key, one in by_key.items() if one.get("more")] == ["mood", "reason", "reason_other", "contact"]
    assert (by_key["reason"]["random"], by_key["reason"]["last"]) == (True, ["other"])
    assert by_key["reason_other"] == {
        "key": "reason_other", "type": "text", "text": "What was it?", "in_place": True, "rows": 1, "max_length": 300,
        "show_if": {"fact": "answers.reason", "operator": "is", "value": "other"}, "more": True,
    }  # fmt: skip
    assert by_key["parts"]["items"][1] == {"key": "bags", "label": "Adding bags"}
    assert by_key["day"] | {"earliest": "2026-01-01", "latest": "today"} == by_key["day"]
    assert by_key["rules"]["link"] == {"url": "https://tern.example/late", "label": "Read it"}
    assert by_key["contact"]["ask"] == ["name", "email"]
    assert by_key["contact"]["variants"][0]["hint"].startswith("You told us")


def test_answers_are_kept_by_what_is_counted_and_what_was_written(one_of_each: Definition) -> None:
    given = read_answers(one_of_each, ANSWERS, finished=True)
    assert isinstance(given, Given)
    assert given.texts == {"reason_other": "The date", "comment": "Words"}
    assert given.contact is not None
    assert given.contact.name == "Maren"
    assert {one.question: one.key if one.number is None else one.number for one in given.closed} == {
        "mood": 4, "stars": 3, "helpful": 0, "found": 1, "reason": "other", "order.time": 1, "order.price": 2,
        "order.room": 3, "parts.seats": 2, "parts.bags": 1, "day": "2026-03-31",
    }  # fmt: skip
    assert given.values["parts.bags"] == 1
    assert given.values["reason_other"] is True


@pytest.mark.parametrize(
    ("key", "value", "pointer", "detail"),
    [
        ("mood", 3, "/answers/mood", "One of 1, 2, 4, 5 is needed."),
        ("helpful", 1, "/answers/helpful", "true (up) or false (down) is needed."),
        ("order", ["time"], "/answers/order", "An object is needed: a number for each row."),
        ("order", {"time": 1, "price": 1, "room": 2}, "/answers/order",
         "A place from 1 to 3 is needed for each option, each place once."),
        ("order", {"time": 1}, "/answers/order", "A place from 1 to 3 is needed for each option, each place once."),
        ("order", {"time": [1]}, "/answers/order/time", "A whole number from 1 to 3 is needed."),
        ("parts", {"seats": 4}, "/answers/parts/seats", "A whole number from 1 to 3 is needed."),
        ("parts", {"seats": True}, "/answers/parts/seats", "A whole number from 1 to 3 is needed."),
        ("parts", {"a/b~": 1}, "/answers/parts/a~1b~0", "There is no such row."),
        ("day", "31.3.2026", "/answers/day", "A day is needed, written as 2027-01-31."),
        ("day", "2026-02-30", "/answers/day", "A day is needed, written as 2027-01-31."),
        ("day", 20260331, "/answers/day", "A day is needed, written as 2027-01-31."),
        ("day", "2025-12-31", "/answers/day", "The earliest day is 2026-01-01."),
        ("day", "9999-12-31", "/answers/day", "The latest day is today."),
        ("rules", True, "/answers/rules", "There is nothing to answer here."),
        ("reason_other", "x" * 301, "/answers/reason_other", "1 characters too many: at most 300."),
        ("parts.bags", 1, "/answers/parts.bags", "The survey has no such question."),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused_with_its_place(
    one_of_each: Definition, key: str, value: Any, pointer: str, detail: str
) -> None:
    faults = read_answers(one_of_each, {key: value}, finished=False)
    assert isinstance(faults, list)
    assert [(one.pointer, one.detail) for one in faults] == [(pointer, detail)]


def test_a_matrix_that_is_required_needs_every_row(one_of_each: Definition) -> None:
    wanted = content()
    for question in wanted["questions"]:
        question["required"] = question["type"] == "matrix"
    definition = definition_from(wanted)
    assert isinstance(read_answers(definition, {"parts": {"seats": 1, "bags": 3}}, finished=True), Given)
    faults = read_answers(definition, {"parts": {"seats": 1}}, finished=True)
    assert [one.pointer for one in faults] == ["/answers/parts"]  # type: ignore[union-attr]
    assert isinstance(read_answers(definition, {"parts": {"seats": 1}}, finished=False), Given)


def test_today_is_meant_generously_for_answers_that_come_late() -> None:
    wanted = content()
    wanted["questions"][8] |= {"earliest": "today"}
    definition = definition_from(wanted)
    day = 86_400_000

    def at(ms: int) -> str:
        from datetime import UTC, datetime

        return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()

    assert isinstance(read_answers(definition, {"day": at(now_ms() - 3 * day)}, finished=False), Given)
    assert isinstance(read_answers(definition, {"day": at(now_ms() + day)}, finished=False), Given)
    assert isinstance(read_answers(definition, {"day": at(now_ms() - 6 * day)}, finished=False), list)
    assert isinstance(read_answers(definition, {"day": at(now_ms() + 3 * day)}, finished=False), list)


def kept(definition: Definition) -> Given:
    given = read_answers(definition, ANSWERS, finished=True)
    assert isinstance(given, Given)
    return given


def test_staff_read_each_answer_in_words(one_of_each: Definition) -> None:
    given = kept(one_of_each)
    assert {one.key: one.answer for one in said(one_of_each, given.values, given.texts, "en")} == {
        "mood": "Good, 3 of 4", "stars": "Okay, 3 of 5", "helpful": "Thumb down", "found": "Yes", "reason": "Something else",
        "reason_other": "The date", "comment": "Words", "order.time": "Place 1 of 3", "order.price": "Place 2 of 3",
        "order.room": "Place 3 of 3", "parts.seats": "Partly, 2 of 3", "parts.bags": "Not at all, 1 of 3",
        "day": "31 March 2026", "contact": "Left a way to write back",
    }  # fmt: skip


def test_a_table_has_a_column_for_each_row(one_of_each: Definition) -> None:
    given = kept(one_of_each)
    columns = asked([("each", one_of_each.questions)], "en")
    header = dict.fromkeys(response_header([]))
    record = {**header, "survey": "each", "answers": given.values, "texts": given.texts}
    line = dict(zip(response_header(columns), response_line(record, columns, "en"), strict=True))
    assert line["each.parts.bags: How clear was it? Adding bags"] == 1
    assert line["each.order.time: What matters most when you fly? On time"] == 1
    assert line["each.helpful: Did this page help?"] == "down"
    assert line["each.reason_other: What was it?"] == "The date"
    assert line["each.day: When did you fly?"] == "2026-03-31"
    assert not any("each.rules" in name for name in line)


def test_thumbs_are_ratings_that_say_less_than_the_ends_of_five_steps() -> None:
    down, up = rating_of("thumbs", False), rating_of("thumbs", True)
    assert down is not None
    assert up is not None
    assert (down.value, down.reason, up.value, up.reason) == (0.2857, "thumb down", 0.8571, "thumb up")
    assert rating_of("matrix", 1) is None
    assert rating_of("ranking", 1) is None
