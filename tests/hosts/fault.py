"""One thing that is wrong with a host page, its browser or the way to our server, and what the widget does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.hosts.shop import Does

TAG = '<script async src="{server}/widget.js" data-site="{site}"{nonce}></script>'

# `thanks`: a complaint goes through by mouse. `button`: it is there. `kept`: the panel says that words are kept, or what
# is wrong. `framed`: the button is in the frame. `away`: nothing of ours is on the page.
Widget = Literal["thanks", "button", "kept", "framed", "away"]


@dataclass(frozen=True)
class Fault:
    """Args:
    name: what is wrong, as a row's heading.
    tag: how the page names the widget; `{server}`, `{site}` and `{nonce}` are filled in.
    place: where on the page the tag stands.
    head, body: more of the page, before the tag.
    page: the whole page, with `{tag}` in it, instead of the usual one.
    browser: a script that runs before the page's own: an older or a stricter browser.
    after: a script that the page runs when the widget had its time.
    does: what happens on the way to the server, by a part of the address.
    screen: options of the browser's window.
    reports: how many errors the browser itself reports of the widget's file, though nothing of it ran.
    unfinished: the page never ends loading, so no browser keeps it.
    """

    name: str
    widget: Widget = "thanks"
    tag: str = TAG
    place: Literal["head", "body", "end"] = "head"
    head: str = ""
    body: str = ""
    page: str = ""
    browser: str = ""
    after: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    does: Mapping[str, Does] = field(default_factory=dict)
    screen: Mapping[str, object] = field(default_factory=dict)
    reports: int = 0
    unfinished: bool = False
    nonce: str = ""
