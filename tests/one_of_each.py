"""The examples of surveys/README.md, as its readers see them: one question of each type, and one that leads on."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from widget_server.surveys import wire
from widget_server.surveys.definition import definition_from
from widget_server.surveys.queries import KnownVersion

EACH, LEADING = "## Question types", "## Which question comes next"


@cache
def example(below: str = EACH) -> str:
    section = (REPOSITORY / "surveys" / "README.md").read_text("utf-8").partition(below)[2]
    found = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def content(below: str = EACH) -> dict[str, Any]:
    return dict(yaml.safe_load(example(below)))


def told(key: str = "each", below: str = EACH) -> dict[str, Any]:
    """What the widget is told of it."""
    return wire.survey(KnownVersion(1, 1, key, "v1", definition_from(content(below))), "en")
