"""Which language a text is in: first step of scoring.

Order of trust: the script where it decides alone (Thai, Greek, Hangul …); then, for texts that are long enough, the
commonest words of our languages, and where those leave doubt runs of letters beside them, with the form's and the
browser's language as prior; else those two. Of languages in other scripts we read none: there the hints choose, or the
script's most common one. Pure. numpy is loaded at the first text in doubt, so that only the worker carries it.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from widget_server.scoring.lettering import likelihoods
from widget_server.scoring.scripts import SAME, SCRIPTS
from widget_server.scoring.telling import Told, told_by_words
from widget_server.scoring.tokens import MASKED
from widget_server.scoring.words import units_of

LEAST_LETTERS = 12
"""Shorter texts say too little: 'super' is in a dozen languages."""
CERTAIN = 0.99
READ_AT_MOST = 2_000
"""Characters; a language shows long before."""

FORM_PRIOR, LOCALE_PRIOR, ENGLISH_PRIOR = 1.5, 0.75, 0.3
"""Added to the tempered log-likelihood. Small: eight clear words outweigh the form."""
HINTED, TOLD = 2.0, 0.15
"""What a hint's prior counts for beside common words, and what their logarithms count for beside those of letters."""


class Language(NamedTuple):
    code: str | None
    confidence: float  # 0…1
    source: str  # "script" | "text" | "form" | "page" | "none"


def base_language(tag: object) -> str | None:
    """'nb-NO' → 'no'; None for what is no language tag."""
    if not isinstance(tag, str):
        return None
    code = tag.strip().replace("_", "-").split("-")[0].casefold()
    return SAME.get(code, code) if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else None


def language_of(text: str, form: str | None, locales: Iterable[str | None] = ()) -> Language:
    """The language of `text`, with the form's language and the page's or browser's locales as hints."""
    hints = [base_language(form), *map(base_language, locales)]
    letters = _scripts(text[:READ_AT_MOST])
    if not letters:
        return _hinted(hints, ())
    script = max(letters, key=letters.__getitem__)
    if script == "CJK" and (letters.get("HIRAGANA") or letters.get("KATAKANA")):
        script = "HIRAGANA"
    plausible = SCRIPTS.get(script)
    if plausible is None:
        return _hinted(hints, ())
    if len(plausible) == 1:
        return Language(plausible[0], CERTAIN, "script")
    told = _told(text[:READ_AT_MOST], hints) if script == "LATIN" else None
    if sum(letters.values()) < LEAST_LETTERS:
        fitting = [hint for hint in hints if _fits(hint, script)]
        return _guessed(told) if told and not any(fitting) else _hinted(fitting, plausible)
    if told and told.sure:
        return Language(told.best, told.chance, "text")
    if script != "LATIN":
        return _hinted([hint for hint in hints if hint in plausible], plausible)
    return _read(text[:READ_AT_MOST], {*plausible, *(hint for hint in hints if hint and _fits(hint, script))}, hints, told)


def _scripts(text: str) -> dict[str, int]:
    """How many letters of each script there are, the one that comes first in the text before the others."""
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return {"LATIN": letters} if letters else {}
    found = set(map(SCRIPT_OF.__getitem__, set(text))) - {""}
    if len(found) == 1:
        return {found.pop(): sum(map(str.isalpha, text))}
    counts: dict[str, int] = {}
    for character, times in Counter(text).items():
        if script := SCRIPT_OF[character]:
            counts[script] = counts.get(script, 0) + times
    return counts


class _ScriptOf(dict[str, str]):
    """The script of a letter, "" of what is none; kept, because a text has few different ones."""

    def __missing__(self, character: str) -> str:
        found = _script(character) if character.isalpha() else ""
        if len(self) < KEPT:
            self[character] = found
        return found


SCRIPT_OF, KEPT = _ScriptOf(), 4096


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0]
    return "LATIN" if name in ("FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE") else name


def _fits(hint: str | None, script: str) -> bool:
    """Whether a hinted language may be written so: one that we know under another script may not."""
    return hint in SCRIPTS[script] or not any(hint in others for others in SCRIPTS.values())


def _hinted(hints: list[str | None], plausible: tuple[str, ...]) -> Language:
    """From the hints alone; two that agree are better than one. Without any, the script's most common one."""
    fitting = [hint for hint in hints if hint]
    if not fitting:
        return Language(plausible[0], 0.4, "script") if plausible else Language(None, 0.0, "none")
    source = "form" if fitting[0] == hints[0] else "page"
    return Language(fitting[0], 0.75 if fitting.count(fitting[0]) > 1 else 0.6, source)


def _told(text: str, hints: list[str | None]) -> Told | None:
    """What the words say, the hints' word weighing as much as a common word or two of the text."""
    keys = [unit.key for unit in units_of(_masked(text), "") if not unit.key.isdigit()]
    prior = {code: HINTED * _prior(code, hints) for code in ("en", *filter(None, hints))}
    return told_by_words(keys, prior) if keys else None


def _masked(text: str) -> str:
    return MASKED.sub(" ", text) if "@" in text or "://" in text or "www." in text else text


def _guessed(told: Told) -> Language:
    """A short text without a hint: its best guess, if any of its words is known at all."""
    if not told.known:
        return Language("en", 0.4, "script")
    return Language(told.best, min(0.7, told.chance), "text")


def _read(text: str, plausible: set[str], hints: list[str | None], told: Told | None) -> Language:
    scores = likelihoods(text)
    heat = math.sqrt(len(text.encode("utf-8", "replace")))
    best_told = max(told.scores.values()) if told else 0.0
    words = {code: TOLD * (score - best_told) for code, score in told.scores.items()} if told else {}
    least = min(words.values(), default=0.0)
    prior = {code: _prior(code, hints) for code in ("en", *filter(None, hints))}
    weights = {
        code: scores[code] / heat + prior.get(code, 0.0) + words.get(code, least)
        for code in sorted(plausible)
        if code in scores
    }
    if not weights:
        return _hinted(hints, ())
    top = max(weights.values())
    total = math.fsum(math.exp(weight - top) for weight in weights.values())
    best = max(weights, key=lambda code: weights[code])
    return Language(best, round(1 / total, 4), "text")


def _prior(code: str, hints: list[str | None]) -> float:
    form = FORM_PRIOR if hints[:1] == [code] else 0.0
    locale = LOCALE_PRIOR if code in hints[1:] else 0.0
    return form + locale + (ENGLISH_PRIOR if code == "en" else 0.0)
