"""How a text feels: TextBlob where it is English, emoji in every language. Second step of scoring.

A language without an analyser is *unsupported*: its polarity is None, never 0. Later analysers join `ANALYSERS`
under their language. Pure; TextBlob is loaded at the first English text, so that only the worker carries it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

CLEAR = 0.1
"""Beyond ± this a text is called positive or negative."""
WHOLE = 5_000
"""A longer text is read at its beginning and its end, half of this each, so that no text holds up the worker."""
EMOJI_SHARE = 0.5
"""How much the emoji move the polarity of words that an analyser could read."""


@dataclass(frozen=True)
class Span:
    """Where something stands in a text, in code points, and what it says there."""

    start: int
    end: int
    text: str
    kind: str
    weight: float


@dataclass(frozen=True)
class Sentiment:
    supported: bool
    polarity: float | None  # −1…1 over words and emoji; None where nothing could be read
    label: str  # negative | neutral | positive | unsupported | no_text
    words: float | None  # −1…1, of the words alone
    emoji: float | None  # −1…1, mean of the emoji; None without any
    evidence: tuple[Span, ...] = ()


_PLAIN = r"[^\W_]+(?:-[^\W_]+)*|[!.,?;:]"
_CUT = {False: re.compile(_PLAIN), True: re.compile(rf"n't\b|[^\W_]+?(?=n't\b)|{_PLAIN}")}
"""Words, without and with "n't" as one of its own."""
NEGATIONS = frozenset(("no", "not", "n't", "never"))
LAUGHS = ("x-d", "8-d")
"""What our cut leaves whole of the emoticons that TextBlob knows."""
Weighed = list[tuple[str, float]]
Analyser = Callable[[str], Weighed]
"""Takes a text, returns the words (lower case) that say how it feels, each −1…1; their mean is the polarity."""


def sentiment_of(text: str, language: str | None, good_news: Iterable[tuple[int, int]] = ()) -> Sentiment:
    """What can honestly be said of `text` in `language`.

    Args:
        good_news: spans told as not having happened or as put right ("never a delay"): negative words in them don't count.
    """
    if not text.strip():
        return Sentiment(False, None, "no_text", None, None)
    signs = tuple(_emoji_spans(text))
    emoji = round(sum(sign.weight for sign in signs) / len(signs), 4) if signs else None
    if not any(character.isalpha() for character in text):
        return _wordless(emoji, signs)
    analyser = ANALYSERS.get(language or "")
    if analyser is None:
        return Sentiment(False, None, "unsupported", None, emoji, signs)
    cancelled = _said(text, good_news)
    weighed = [pair for pair in analyser(_readable(text)) if pair[1] >= 0 or pair[0] not in cancelled]
    words = round(max(-1.0, min(1.0, _mean(weighed))), 4)
    polarity = round(max(-1.0, min(1.0, words + EMOJI_SHARE * (emoji or 0.0))), 4)
    return Sentiment(True, polarity, _label(polarity), words, emoji, (*_word_spans(text, weighed), *signs))


def _mean(weighed: Weighed) -> float:
    return sum(weight for _, weight in weighed) / len(weighed) if weighed else 0.0


def _said(text: str, spans: Iterable[tuple[int, int]]) -> str:
    return "\n".join(text[start:end].lower() for start, end in spans)


def _wordless(emoji: float | None, signs: tuple[Span, ...]) -> Sentiment:
    """Emoji need no language; digits and dots alone say nothing."""
    if emoji is None:
        return Sentiment(False, None, "unsupported", None, None)
    return Sentiment(True, emoji, _label(emoji), None, emoji, signs)


def _label(polarity: float) -> str:
    if polarity <= -CLEAR:
        return "negative"
    return "positive" if polarity >= CLEAR else "neutral"


def _readable(text: str) -> str:
    if len(text) <= WHOLE:
        return text
    return f"{text[: WHOLE // 2]}\n{text[-WHOLE // 2 :]}"


def _emoji_spans(text: str) -> list[Span]:
    weights = emoji_weights()
    return [
        Span(at, at + 1, sign, "negative" if weights[sign] < 0 else "positive", weights[sign])
        for at, sign in enumerate(text)
        if sign in weights
    ]


def _word_spans(text: str, weighed: Weighed) -> list[Span]:
    """Find the analyser's words again, in their order. A word that can't be found is left out."""
    folded = text.lower()
    if len(folded) != len(text):
        return []
    spans, at = [], 0
    for word, weight in weighed:
        found = folded.find(word, at)
        if found < 0 or abs(weight) < CLEAR:
            continue
        at = found + len(word)
        spans.append(Span(found, at, text[found:at], "negative" if weight < 0 else "positive", round(weight, 4)))
    return spans


def _textblob(text: str) -> Weighed:
    from textblob import TextBlob

    return [(" ".join(words), float(weight)) for words, weight, *_ in TextBlob(text).sentiment_assessments[2]]


def textblob_polarity(text: str) -> float:
    """TextBlob's word list and rules on our own cut of an English text, −1…1: a tenth of the time that it takes itself."""
    written = text.lower().replace("’", "'")
    found = _assessed(_CUT["n't" in written].findall(written), _textblob_words())
    return max(-1.0, min(1.0, sum(found) / len(found))) if found else 0.0


def _assessed(words: list[str], listed: dict[str, tuple[float, float, bool]]) -> list[float]:
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
def _textblob_words() -> dict[str, tuple[float, float, bool]]:
    """TextBlob's words as a plain dictionary: polarity, strength, and whether it is an adverb. Its own asks at every look
    whether it was loaded."""
    from textblob.en import sentiment

    sentiment.load()
    return {word: (*tags[None][::2], "RB" in tags) for word, tags in dict.items(sentiment)}


ANALYSERS: dict[str, Analyser] = {"en": _textblob}


@cache
def emoji_weights() -> dict[str, float]:
    return dict(yaml.safe_load(Path(__file__).with_name("emoji.yaml").read_text("utf-8")))
