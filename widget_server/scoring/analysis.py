"""What a text says, read once: language, feeling, friction, topics, and the spans that say so. `analyze` is the way in.

Sentiment and friction are two answers: "I could not find the button" is friction without an unkind word. A language
without a lexicon and a model is *unsupported*: no label is made up for it, and rating and behaviour decide. Pure.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from widget_server.scoring import lexicon, ngrams
from widget_server.scoring.analysers import ENSEMBLE
from widget_server.scoring.blending import blended
from widget_server.scoring.combination import Combined, Part, combine, model_id, wordless
from widget_server.scoring.evidence import Span, spans_of
from widget_server.scoring.features import weigh
from widget_server.scoring.friction import Friction, friction_of
from widget_server.scoring.language import CERTAIN, Language, base_language, language_of
from widget_server.scoring.polarity import textblob_polarity
from widget_server.scoring.tokens import Tokens, tokens_of

TEXTBLOB = frozenset({"en"})
DOUBTED = 0.6
"""A chance of friction from which on a text isn't believed that its trouble was put right."""
MANY = 32
"""Texts of a batch that is read without a pause for the collector."""


@dataclass(frozen=True)
class Hints:
    """What is known of a text beside its words."""

    form: str | None = None  # the language that the survey was shown in
    locales: tuple[str | None, ...] = ()  # the page's and the browser's


@dataclass(frozen=True)
class Analysis:
    language: Language
    supported: bool
    label: str  # negative | neutral | positive | unsupported | no_text
    polarity: float | None  # −1…1; None where nothing could be read
    p_negative: float | None  # 0…1
    p_friction: float | None
    topics: tuple[str, ...]
    evidence: tuple[Span, ...]
    parts: tuple[Part, ...]  # what was added up: see combination
    friction: Friction  # the cues that were found
    model: str


def analyze(
    text: str, language: str | None = None, hints: Hints | None = None, analysers: Sequence[str] = (ENSEMBLE,)
) -> Analysis:
    """Read one text. `language`, where it is given, is believed; else it is found, with the hints' help."""
    return analyze_all([(text, language)], hints, analysers)[0]


def analyze_all(
    texts: Iterable[tuple[str, str | None]],
    hints: Hints | None = None,
    analysers: Sequence[str] = (ENSEMBLE,),
    *,
    explained: bool = True,
) -> list[Analysis]:
    """Many texts with the languages that are known of them: the same answers, and analysers see them all at once.

    Args:
        explained: False leaves out what shows where the figures come from, the words that count and the parts of the sum:
            a fifth of the time, for whoever writes figures only.
    """
    rows, alone = list(texts), tuple(analysers) == (ENSEMBLE,)
    with _uncollected(len(rows)):
        made = [_analyzed(text, language, hints or Hints(), explained or not alone) for text, language in rows]
    return made if alone else blended([text for text, _ in rows], made, analysers)


@contextmanager
def _uncollected(rows: int) -> Iterator[None]:
    """Nothing made here refers to itself, but what is kept of many texts would have the collector walk through all
    dictionaries again and again: it took as long as the reading."""
    if rows < MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _analyzed(text: str, language: str | None, hints: Hints, explained: bool) -> Analysis:
    spoken = _spoken(text, language, hints)
    friction = friction_of(text, spoken, hints.form or language)
    if not text.strip():
        return _unread(spoken, "no_text", friction)
    tokens = tokens_of(text, spoken.code or "")
    if not _supported(tokens):
        return _unread(spoken, "unsupported", friction)
    return _read(tokens, spoken, friction, explained)


def _spoken(text: str, language: str | None, hints: Hints) -> Language:
    given = base_language(language)
    if given:
        return Language(given, CERTAIN, "given")
    return language_of(text, hints.form, hints.locales)


def _supported(tokens: Tokens) -> bool:
    """Emoji alone need no language; digits and dots alone say nothing."""
    if any(map(str.isalpha, tokens.masked)):
        return tokens.language in lexicon.languages()
    return any(sign.weight for sign in tokens.signs)


def _read(tokens: Tokens, spoken: Language, friction: Friction, explained: bool) -> Analysis:
    if not tokens.units and not (tokens.spaceless and any(map(str.isalpha, tokens.masked))):
        return _answer(spoken, friction, wordless(tokens.signs), _sign_spans(tokens))
    blob = textblob_polarity(tokens.masked) if tokens.language in TEXTBLOB else None
    weighed = weigh(tokens, friction, ngrams.model(tokens.language), blob)
    made = combine(weighed.values, tokens.language, shown=explained)
    if made.friction >= DOUBTED and friction.righted:
        friction = friction._replace(standing=friction.cues)
    return _answer(spoken, friction, made, spans_of(tokens, weighed, tokens.language) if explained else ())


def _sign_spans(tokens: Tokens) -> tuple[Span, ...]:
    leaning = [(sign, "negative" if sign.weight < 0 else "positive") for sign in tokens.signs if sign.weight]
    return tuple(Span(s.start, s.end, tokens.text[s.start : s.end], kind, s.weight) for s, kind in leaning)


def _answer(spoken: Language, friction: Friction, made: Combined, evidence: tuple[Span, ...]) -> Analysis:
    return Analysis(
        language=spoken,
        supported=True,
        label=made.label,
        polarity=round(made.positive - made.negative, 4),
        p_negative=made.negative,
        p_friction=made.friction,
        topics=friction.topics,
        evidence=evidence,
        parts=made.parts,
        friction=friction,
        model=model_id(),
    )


def _unread(spoken: Language, label: str, friction: Friction) -> Analysis:
    return Analysis(spoken, False, label, None, None, None, friction.topics, (), (), friction, model_id())
