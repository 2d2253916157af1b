"""Text that no spreadsheet takes for a formula, pure, and the way back to what was said.

The rule: an apostrophe goes in front of what a spreadsheet could run. That is `=`, `+`, `-`, `@` (full-width ones too) and
tab, CR or LF at the beginning of a text, or after `;`, tab, CR or LF inside of it, where a program that splits on these
would begin a new cell; blanks, NBSP and invisible signs between are looked through. An apostrophe, or `<`, in such a
place gets one too. So exactly one apostrophe is taken away in each such place to have the text back: `restored`.
"""

from __future__ import annotations

import re

_BLANK = (
    "\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\x00-\x1f\x7f-\x9f"
)
_RISKY = "=+\\-@<'\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212\u207a\u207b\u207c\u208a\u208b\u208c"
_PLACE = re.compile(f"((?:\\A|[;\\t\\r\\n])[{_BLANK}]*+)('?)")
"""Where a cell could begin, with an apostrophe that stands there. It takes all blanks and gives none back: ten thousand
empty lines are looked at once, not once from each."""
_RUNS = re.compile(f"[{_RISKY}]")
_CONTROL = ("\t", "\r", "\n")


def inert(text: str) -> str:
    """The same text with an apostrophe wherever one is needed."""
    marked = _PLACE.sub(lambda place: place[1] + "'" + place[2] if _RUNS.match(text, place.end(1)) else place[0], text)
    return f"'{marked}" if text.startswith(_CONTROL) else marked


def restored(text: str) -> str:
    """What `inert` was given."""
    bare = text[1:] if text[:1] == "'" and text[1:].startswith(_CONTROL) else text
    return _PLACE.sub(lambda place: place[1] if place[2] and _RUNS.match(bare, place.end()) else place[0], bare)
