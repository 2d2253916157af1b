"""Whoever writes a client of their own reads docs/protocol.md: each word of the wire stands there."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest

from tests.conftest import REPOSITORY
from widget_server.conditions import OPERATORS
from widget_server.errors import BadShape
from widget_server.intake.schemas import TRIGGERS as OPENED_BY
from widget_server.intake.schemas import SignalsSchema, events_from
from widget_server.sites.placement import POSITIONS
from widget_server.sites.queries import PublicSite
from widget_server.surveys import wire
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


def test_the_example_of_a_config_says_all_that_is_told_of_a_site() -> None:
    example = re.search(r"### Config\n\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert example
    site = PublicSite(**{**dict.fromkeys(PublicSite.__dataclass_fields__, ""), "phone": "1", "theme": {}, "help": ()})
    assert json.loads(example[1])["site"].keys() == wire.config(site, ())["site"].keys()


def test_events_are_read_in_the_forms_that_the_page_names() -> None:
    one = {"display": str(uuid4()), "survey": "feedback", "version": "1", "kind": "shown"}
    assert '{"events": […]}' in CODE
    assert len(events_from(one)) == 1
    assert len(events_from({"events": [one] * 20})) == 20
    with pytest.raises(BadShape):
        events_from({"events": [one] * 21})
