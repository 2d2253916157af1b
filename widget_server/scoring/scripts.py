"""Which languages are written in which letters: those that are considered for a text. Pure data."""

from __future__ import annotations

SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}
"""Written standards and old codes, brought to the one that our files use."""

SCRIPTS = {
    "THAI": ("th",),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HEBREW": ("he",),
    "CJK": ("zh", "ja"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "be"),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "LATIN": (
        *("en", "nl", "no", "sv", "da", "fi", "de", "fr", "es", "it", "pt", "pl"),
        *("cs", "tr", "ro", "hu", "et", "lv", "lt", "is", "id", "vi"),
    ),
}
"""By the first word of a letter's Unicode name: the languages worth considering."""
