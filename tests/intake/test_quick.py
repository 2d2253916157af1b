"""The quick way through a schema lets in what the schema lets in, and reads it alike."""

from __future__ import annotations

import copy
import random
from typing import Any

from marshmallow import ValidationError

from widget_server.intake.schemas import _read_submission, _submission

WHOLE: dict[str, Any] = {
    "p": 1, "id": "5A7F4497-0000-4000-8000-000000000001", "secret": "s" * 32, "seq": 2, "finished": False,
    "survey": "feedback", "version": "0123456789abcdef", "wave": 1, "lang": "en-GB", "display": None,
    "answers": {"mood": 1}, "at": {"started": 1, "sent": 2.5}, "unknown": [1],
    "visitor": {"id": "v", "email": "a@b.example", "consent": {"version": "1"}, "sig": None},
    "context": {
        "url": "https://shop.example/?a=b", "title": "T" * 400, "viewport": {"w": 1},
        "facts": {"route": "OSL", "none": None},
        "signals": {"rage_clicks": 3, "exit": True, "trigger": "button"},
        "trail": [{"at": 1, "kind": "click", "what": "x", "more": 1}] * 30,
    },
}  # fmt: skip
ODD = (None, True, False, 0, -1, 1.5, 2**60, "", "x" * 5000, "button", [], [1], {}, {"x": 1}, [{"at": "no"}], "\u0000")


def outcome(load: Any, value: dict[str, Any]) -> Any:
    try:
        return load(value)
    except ValidationError:
        return "refused"


def changed(chance: random.Random) -> dict[str, Any]:
    """The whole one with a few parts taken out or replaced, at any depth."""
    made = copy.deepcopy(WHOLE)
    for _ in range(chance.randrange(4)):
        home: Any = made
        while True:
            name = chance.choice([*home] if isinstance(home, dict) else range(len(home)))
            if isinstance(home[name], dict | list) and home[name] and chance.random() < 0.6:
                home = home[name]
                continue
            if chance.random() < 0.3 and isinstance(home, dict):
                del home[name]
            else:
                home[name] = chance.choice(ODD)
            break
    return made


def test_both_ways_agree_on_a_thousand_submissions() -> None:
    chance = random.Random(23)
    outcomes = [(outcome(_submission.load, one), outcome(_read_submission, one)) for one in map(changed, [chance] * 1000)]
    assert [pair for pair in outcomes if pair[0] != pair[1]] == []
    assert 200 < sum(pair[0] == "refused" for pair in outcomes) < 900
