"""What stands for a name in a saved reply, and how it is filled in as the reply is put into the composer. Pure.

One pass over the site's own words: what is filled in is never looked into, so a customer who calls themselves `{agent}` is
called that. Anything else in braces stays as it is.
"""

from __future__ import annotations

import re

from widget_server.visible import is_plain_line, is_seen

PLACES = {
    "name": "the customer’s first name, or nothing",
    "agent": "who writes",
    "site": "the site’s name",
    "reference": "the case’s number",
}
_PLACE = re.compile(r"\{(name|agent|site|reference)\}")
_BEFORE = " \u00a0,،、"
"""What goes with a name that is missing: 'Dear {name},' is 'Dear,', and 'Thank you, {name}.' is 'Thank you.'"""
_AFTER = ",،、 \u00a0\n"
"""The same at the beginning of a line: '{name}, it is done' is 'It is done'."""


def filled(body: str, *, name: str | None, agent: str, site: str, reference: str) -> str:
    """The words as they go into the composer.

    Args:
        name: what the customer is called, as they said it; None: nobody knows, or whoever writes may not see it.
    """
    first = first_name(name)
    values = {"agent": agent, "site": site, "reference": reference}
    if first:
        values["name"] = first
    said, *rest = _PLACE.split(body)  # words, a place, words, a place, words
    for place, words in zip(rest[::2], rest[1::2], strict=True):
        if place in values:
            said += values[place] + words
        elif not said or said.endswith("\n"):
            begun = words.lstrip(_AFTER)
            said += begun[:1].upper() + begun[1:]
        else:
            said = said.rstrip(_BEFORE) + words
    return said


def first_name(name: str | None) -> str:
    """Their first word, without what nobody sees and what would turn the line; empty where there is none."""
    first = next(iter((name or "").split()), "")
    plain = "".join(sign for sign in first if is_plain_line(sign))
    return plain if is_seen(plain) else ""
