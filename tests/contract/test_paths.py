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
    questions = [{**question, "text": {"en": question["text"]}} for question in case["questions"]]
    definition = definition_from({"title": {"en": "A survey"}, "languages": ["en"], "questions": questions})
    assert [question.key for question in definition.asked(case["answers"], case.get("opening"))] == case["asked"]
