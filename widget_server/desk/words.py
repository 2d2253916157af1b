"""What people type into the desk's forms, made safe to store: control characters out, line ends even, a length held."""

from __future__ import annotations

import re

from widget_server.errors import Invalid
from widget_server.visible import is_plain_line, is_seen

LONGEST = 10_000
LONGEST_TITLE = 120
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,60}")
"""What a form's token may look like."""
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def tidy(text: str | None) -> str:
    """Even line ends, nothing that a database refuses (NUL, lone surrogates), no blank ends; nothing at all where there is
    nothing to see."""
    words = _UNWANTED.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    return words if is_seen(words) else ""


def required(text: str | None, refusal: str, longest: int = LONGEST) -> str:
    """The words, or a refusal that says what is missing.

    Raises:
        Invalid: none were given, or too many.
    """
    words = tidy(text)
    if not words:
        raise Invalid(refusal)
    return within(words, longest)


def title_of(text: str) -> str:
    """A title: one line that can be seen, of a length that stands in a list.

    Raises:
        Invalid: it is none.
    """
    title = text.strip()
    if not is_seen(title) or len(title) > LONGEST_TITLE:
        raise Invalid(f"Write a title of 1 to {LONGEST_TITLE} letters.")
    if not is_plain_line(title):
        raise Invalid("A title is one line, without control characters, and without those that turn the line around.")
    return title


def need_token(token: str) -> None:
    """Raises: Invalid, where a form came without the token that makes a double press one."""
    if not TOKEN.fullmatch(token):
        raise Invalid("The form is missing its token: load the page again.")


def within(words: str, longest: int = LONGEST) -> str:
    if len(words) > longest:
        raise Invalid(f"{len(words) - longest} letters too many. The rest would be cut, so we ask you to.")
    return words
