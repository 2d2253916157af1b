"""What can be seen of a text, and what only changes how the rest of a line reads. Pure."""

from __future__ import annotations

from unicodedata import category

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks, by their category, that leave nothing on the page."""
SELECTORS = frozenset(map(chr, (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
UNSEEN = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of writing, also of what stands behind the text; marks for right and left alone do not."""
BREAKING = ("Cc", "Cs", "Zl", "Zp")


def is_seen(text: str) -> bool:
    """Whether there is one sign in it that can be seen. What Unicode has no name for yet may be one."""
    return any(category(sign) not in UNSEEN and sign not in BLANK and sign not in SELECTORS for sign in text)


def is_plain_line(text: str) -> bool:
    """Whether it is one line that leaves the text around it alone."""
    return not any(sign in TURNING or category(sign) in BREAKING for sign in text)
