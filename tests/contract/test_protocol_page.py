"""Whoever writes a client of their own reads docs/protocol.md: each word of the wire stands there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import REPOSITORY
from widget_server.conditions import OPERATORS
from widget_server.intake.schemas import TRIGGERS as OPENED_BY
from widget_server.intake.schemas import SignalsSchema
from widget_server.sites.placement import POSITIONS
from widget_server.surveys.checks import TARGETING_FACTS, TARGETING_FAMILIES
from widget_server.surveys.must import OF_CHOICES, OF_TEXTS
from widget_server.surveys.path import PLACE_FACTS
from widget_server.surveys.questions.element import PARTS
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.schemas import DISPLAYS, TRIGGERS, FrequencySchema, TriggerSchema

PAGE = (REPOSITORY / "docs" / "protocol.md").read_text()
CODE = {word for quoted in re.findall(r"`([^`\n]+)`", PAGE) for word in (quoted, *re.findall(r'"([\w.-]+)"', quoted))}

WORDS = {
    "question types": TYPES,
    "triggers": TRIGGERS,
    "what triggers take": TriggerSchema._declared_fields.keys() - {"kind"},
    "frequency": FrequencySchema._declared_fields.keys(),
    "what opened it": OPENED_BY,
    "signals": SignalsSchema._declared_fields.keys(),
    "operators": OPERATORS,
    "facts of targeting": TARGETING_FACTS,
    "families of facts": [f"{family}<name>" for family in TARGETING_FAMILIES],
    "facts of a survey": PLACE_FACTS,
    "rules": (*OF_TEXTS, *OF_CHOICES),
    "places of the button": POSITIONS,
    "displays": DISPLAYS,
    "what was pointed at": PARTS,
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_page_names_each(kind: str) -> None:
    missing = sorted(set(WORDS[kind]) - CODE)
    assert not missing, f"docs/protocol.md has no {kind} called {', '.join(missing)}"
