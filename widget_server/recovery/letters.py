"""What a mail to a customer says around the words that a person wrote, in their language. Pure, over message files.

`{names}` are filled in one pass over the message file's own text: what somebody wrote goes in as it is and is never read
as a template itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from widget_server.recovery.dates import before

LANGUAGES = (
    "en", "nl", "no", "th", "de", "fr", "es", "it", "pt", "sv", "da", "fi", "pl", "tr", "ar", "he", "ja", "zh",
)  # fmt: skip
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def known_language(code: str | None, default: str = "en") -> str:
    """The language of ours that is nearest to a code such as `nb-NO`."""
    base = (code or "").split("-")[0].split("_")[0].lower()
    base = {"nb": "no", "nn": "no", "iw": "he"}.get(base, base)
    return base if base in LANGUAGES else default


@cache
def letters(language: str) -> dict[str, Any]:
    """The message file of a language; English where we have none."""
    path = Path(__file__).parent / "letters" / f"{known_language(language)}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def fill(template: str, **values: str) -> str:
    """Put values where their names stand in our own text. One pass: a value is never looked into."""
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), template)


@dataclass(frozen=True)
class Around:
    """What every letter names: the site, its reference, who signs, the customer's page."""

    language: str
    site: str
    reference: str
    link: str
    name: str
    zone: str


def reply_letter(
    around: Around, body: str, *, gesture: str | None, promises: Sequence[tuple[str, int]], now: int
) -> Letter:
    """A person's answer, signed by them, with what goes along and the link to the page."""
    text = letters(around.language)["reply"]
    parts = [body.strip()]
    if gesture:
        parts.append(fill(text["gesture"], gesture=gesture))
    for promise, due in promises:
        when = before(letters(around.language), due, now, around.zone)
        parts.append(fill(text["promise"], promise=promise, before=when))
    parts.append(fill(text["end"], name=around.name, site=around.site))
    parts.append(fill(text["link"], link=around.link))
    return Letter(fill(text["subject"], site=around.site, reference=around.reference), "\n\n".join(parts))


def follow_up_letter(around: Around) -> Letter:
    """The question: did it hold?"""
    values = {"site": around.site, "reference": around.reference, "link": around.link, "name": around.name}
    return _plain(around.language, "follow_up", values)


def receipt_letter(language: str, site: str, link: str) -> Letter:
    """The link to the customer's page, because they asked for it."""
    return _plain(language, "receipt", {"site": site, "link": link})


def _plain(language: str, kind: str, values: dict[str, str]) -> Letter:
    text = letters(language)[kind]
    return Letter(fill(text["subject"], **values), fill(text["body"], **values))
