"""How kind the words of an English text are, by TextBlob's list of words and its rules. Pure; the list is read at the
first text, so that only the worker carries it.

The list is read from TextBlob's own file, and TextBlob is not imported: it brings all of NLTK along, which takes longer
than everything else that a worker loads. That the words, and what is made of them, are TextBlob's is held by the tests.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

_PLAIN = r"[^\W_]+(?:-[^\W_]+)*|[!.,?;:]"
_CUT = {False: re.compile(_PLAIN), True: re.compile(rf"n't\b|[^\W_]+?(?=n't\b)|{_PLAIN}")}
"""Words, without and with "n't" as one of its own."""
NEGATIONS = frozenset(("no", "not", "n't", "never"))
LAUGHS = ("x-d", "8-d")
"""What our cut leaves whole of the emoticons that TextBlob knows."""
Listed = dict[str, tuple[float, float, bool]]
"""By word: its polarity, how much it strengthens the next one, and whether it is an adverb, which may."""


def textblob_polarity(text: str) -> float:
    """TextBlob's word list and rules on our own cut of an English text, −1…1: a tenth of the time that it takes itself."""
    written = text.lower().replace("’", "'")
    found = _assessed(_CUT["n't" in written].findall(written), _textblob_words())
    return _clipped(sum(found) / len(found)) if found else 0.0


def _assessed(words: list[str], listed: Listed) -> list[float]:
    """The polarity of each listed word, by TextBlob's rules: strengthened by an adverb before it, turned by a negation."""
    polarities: list[float] = []
    strengths: list[float] = []
    turned: set[int] = set()
    adverb, negation = "", False
    for word in words:
        entry = listed.get(word)
        if entry is not None:
            polarity, strength, is_adverb = entry
            if adverb:
                polarities[-1], strengths[-1] = _clipped(polarity * strengths[-1]), strength
            else:
                polarities.append(polarity)
                strengths.append(strength)
            if negation:
                strengths[-1] = 1.0 / strengths[-1]
                turned.add(len(polarities) - 1)
            adverb, negation = word if is_adverb else "", word in NEGATIONS
            continue
        if word in NEGATIONS:
            negation = True
        elif negation and len(word) > 1:
            negation = False
        if negation and adverb.endswith("ly"):
            turned.add(len(polarities) - 1)
            negation = False
        elif len(word) > 2:
            adverb = ""
        if word == "!" and polarities:
            polarities[-1] = _clipped(polarities[-1] * 1.25)
        elif word in LAUGHS:
            polarities.append(1.0)
            strengths.append(1.0)
    return [polarity * -0.5 if at in turned else polarity for at, polarity in enumerate(polarities)]


def _clipped(polarity: float) -> float:
    return max(-1.0, min(1.0, polarity))


@cache
def _textblob_words() -> Listed:
    """The senses of each word's parts of speech averaged, then those parts; then adverbs made of the adjectives."""
    path = _files_of("textblob") / "en" / "en-sentiment.xml"
    senses: dict[str, dict[str | None, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for word in ElementTree.parse(path).iter("word"):  # noqa: S314 — a file of an installed package
        said = word.attrib
        pair = float(said.get("polarity", 0)), float(said.get("intensity", 1))
        senses[said["form"]][said.get("pos")].append(pair)
    words = {form: {part: _mean(pairs) for part, pairs in parts.items()} for form, parts in senses.items()}
    listed: Listed = {form: (*_mean([*parts.values()]), "RB" in parts) for form, parts in words.items()}
    for form, parts in words.items():
        if "JJ" in parts:
            listed[_stem(form) + "ly"] = (*parts["JJ"], True)
    return listed


def _files_of(package: str) -> Path:
    """The folder of an installed package, which is not imported.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent


def _mean(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(one for one, _ in pairs) / len(pairs), sum(other for _, other in pairs) / len(pairs)


def _stem(adjective: str) -> str:
    stem = adjective.removesuffix("y") + "i" if adjective.endswith("y") else adjective
    return stem.removesuffix("le")
