"""The survey with one question of each type: the example of surveys/README.md, as its readers see it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from widget_server.surveys import wire
from widget_server.surveys.definition import definition_from
from widget_server.surveys.queries import KnownVersion


@cache
def example() -> str:
    section = (REPOSITORY / "surveys" / "README.md").read_text("utf-8").partition("## Question types")[2]
    found = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def content() -> dict[str, Any]:
    return dict(yaml.safe_load(example()))


def told() -> dict[str, Any]:
    """What the widget is told of it."""
    return wire.survey(KnownVersion(1, 1, "each", "v1", definition_from(content())), "en")
