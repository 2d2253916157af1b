"""Words whose form went away while they were written: the customer had all deleted, somebody closed the case. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from widget_server.recovery.lifecycle import Action, CaseState, refusal

ACTION_OF: dict[str, Action] = {
    "reply": "reply",
    "found": "understand",
    "note": "note",
    "resolve": "resolve",
    "close": "close",
    "hand_over": "claim",
    "severity": "severity",
    "not_a_failure": "not_a_failure",
}
"""What each form of the page does, by the part of the page that it stands in."""

FIELDS = {
    "body": "What you typed",
    "gesture": "The gesture",
    "promise": "The promise",
    "cause": "The cause, as you typed it",
    "remedy": "The remedy, as you typed it",
    "note": "What the next one must know, as you typed it",
    "reason": "Why, as you typed it",
}
MOVED_ON = "The case has moved on, and the form for it is gone."


@dataclass(frozen=True)
class Stranded:
    """Why the form is gone, and what was in it: name, label and words of each field."""

    why: str
    fields: list[tuple[str, str, str]]


def stranded(form: Mapping[str, str], tabs: list[str], state: CaseState, now: int) -> Stranded | None:
    """What a refused form leaves that the page has no form for any more; None where it has one, or nothing was typed.

    `tabs`: the parts of the composer that are there.
    """
    action = ACTION_OF.get(form.get("tab", ""))
    if action is None or form["tab"] in tabs:
        return None
    why = refusal(state, action, now)
    if why is None and action in ("claim", "severity", "not_a_failure"):  # these stand beside the composer
        return None
    typed = [(name, label, form[name]) for name, label in FIELDS.items() if form.get(name, "").strip()]
    return Stranded(why or MOVED_ON, typed) if typed else None
