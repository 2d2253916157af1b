"""What an answer must be like beyond being there: kinds and globs, never a regular expression of an author's. Pure.

The widget says it in the visitor's language while it can be mended (`widget_js/src/logic/must.ts`); finished answers are
held to the same here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from widget_server.conditions import glob

KINDS = ("email", "digits")
OF_TEXTS = ("min_length", "kind", "matches", "example")
OF_CHOICES = ("at_least", "at_most")
LONGEST_MATCHED = 1_000  # characters of an answer that a glob looks at
DIGITS = re.compile(r"[0-9]+")


def broken_rule(must: Mapping[str, Any] | None, value: Any) -> str | None:
    """Why this answer will not do, in a sentence; None when it will. An empty one is the matter of `required`."""
    if not must or value is None or value in ("", []):
        return None
    if isinstance(value, list):
        return _of_choices(must, len(value))
    return _of_text(must, value.strip()) if isinstance(value, str) else None


def _of_text(must: Mapping[str, Any], text: str) -> str | None:
    least = must.get("min_length", 0)
    if len(text) < least:
        return f"At least {least} characters are needed."
    kind = must.get("kind")
    if kind == "email" and not like_mail(text):
        return "This is not an e-mail address."
    if kind == "digits" and not DIGITS.fullmatch(text):
        return "Only digits are needed."
    pattern = must.get("matches")
    if pattern is None or (len(text) <= LONGEST_MATCHED and glob(pattern, text)):
        return None
    return f"It must look like {must.get('example') or pattern}."


def _of_choices(must: Mapping[str, Any], count: int) -> str | None:
    least, most = must.get("at_least", 0), must.get("at_most", count)
    if count < least:
        return f"At least {least} are needed."
    return f"At most {most} are possible." if count > most else None


def like_mail(text: str) -> bool:
    """One @, a dot after it, no spaces: as the widget sees it, which must never let pass what is refused here."""
    name, _, host = text.partition("@")
    return bool(
        name and host and "@" not in host and not re.search(r"\s", text) and re.search(r"[^.]\.[^.]", host)
    )
