"""The path that answers take through a survey: the widget shows it, the server judges by it, both held to these cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from widget_server.surveys.definition import definition_from

CASES = json.loads((Path(__file__).parent / "paths.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_path(case: dict[str, Any]) -> None:
    questions = [in_english(question) for question in case["questions"]]
    definition = definition_from({"title": {"en": "A survey"}, "languages": ["en"], "questions": questions})
    named: dict[str, Any] = {}
    for question in definition.questions:
        if (answer := case["answers"].get(question.key)) is not None:
            named |= question.kind.named(question, answer)
    assert [question.key for question in definition.asked(named, case.get("opening"))] == case["asked"]


def in_english(question: dict[str, Any]) -> dict[str, Any]:
    """As a survey file has it."""
    said = {"text": {"en": question["text"]}}
    for parts in {"items", "options"} & question.keys():
        said[parts] = [{**one, "label": {"en": one["label"]}} for one in question[parts]]
    if "labels" in question:
        said["labels"] = {"en": question["labels"]}
    return question | said
