"""What the combination weighs: a few numbers of a text, each with a name that a person can read. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from widget_server.scoring.frames import TOLD
from widget_server.scoring.friction import Friction
from widget_server.scoring.lexicon import BUT, Hit, Lexicon, lexicon
from widget_server.scoring.ngrams import HEADS, Margins, Model, Piece, Trouble, norm_of, pieces_of
from widget_server.scoring.tokens import Tokens

LEARNED = tuple(f"learned_{head}" for head in HEADS)
NAMES = (
    *LEARNED,
    "good_words", "bad_words", "words_balance", "last_words", "after_but", "no_such_words",
    "good_signs", "bad_signs", "signs_balance",
    "cues", "strong_cue", "mild_cue", "resolved", "plain_question",
    "righted", "swift", "still", "supposed", "put_right", "cues_put_right", "cues_asked", "cues_supposed", "cues_learned",
    "question_mark", "exclamation", "dots", "capitals", "length",
    "textblob_good", "textblob_bad",
)  # fmt: skip
NO_WORDS = {
    **dict.fromkeys(("good_words", "bad_words", "words_balance", "last_words", "after_but"), 0.0), "no_such_words": 1.0,
}  # fmt: skip
NO_SIGNS = {"good_signs": 0.0, "bad_signs": 0.0, "signs_balance": 0.0}
MARGIN_CAP = 6.0


@dataclass(frozen=True)
class Weighed:
    """A text taken apart, for the sum and for its explanation."""

    values: dict[str, float]
    hits: list[Hit]
    pieces: list[tuple[Piece, Margins]]  # what each adds to the learned margins, times the norm
    norm: float


def weigh(tokens: Tokens, friction: Friction, learned: Model | None, polarity: float | None = None) -> Weighed:
    """All values of one text. `polarity` is TextBlob's, where it reads the language."""
    words = lexicon(tokens.language)
    hits = words.hits(tokens)
    norm = norm_of(tokens)
    pieces, margins = _learned(tokens, words, learned, norm, friction.span)
    values = {
        **dict.fromkeys(LEARNED, 0.0),
        **dict(zip(LEARNED, margins, strict=False)),
        **_words(tokens, hits),
        **_signs(tokens),
        **_cues(friction),
        **_manner(tokens),
        "textblob_good": max(0.0, polarity or 0.0),
        "textblob_bad": max(0.0, -(polarity or 0.0)),
    }
    values["cues_learned"] = values["cues"] * values["learned_friction"]
    return Weighed(values, hits, pieces, norm)


def _learned(
    tokens: Tokens, words: Lexicon, learned: Model | None, norm: float, trouble: Trouble
) -> tuple[list[tuple[Piece, Margins]], Margins]:
    if learned is None:
        return [], ()
    found = pieces_of(tokens, words.turners(tokens.units), trouble)
    added = learned.adds(found)
    sums = map(math.fsum, zip(*added, strict=True)) if added else [0.0] * len(learned.scales)
    margins = (total / norm + bias for total, bias in zip(sums, learned.biases, strict=True))
    return list(zip(found, added, strict=True)), tuple(max(-MARGIN_CAP, min(MARGIN_CAP, one)) for one in margins)


def _words(tokens: Tokens, hits: list[Hit]) -> dict[str, float]:
    if not hits:
        return NO_WORDS
    good = math.fsum(hit.weight for hit in hits if hit.weight > 0)
    bad = -math.fsum(hit.weight for hit in hits if hit.weight < 0)
    last = math.fsum(hit.weight for hit in hits if hit.clause == hits[-1].clause)
    after = _after_but(tokens)
    return {
        "good_words": _squashed(good),
        "bad_words": _squashed(bad),
        "words_balance": (good - bad) / math.sqrt(len(hits) + 1),
        "last_words": _squashed(last),
        "after_but": _squashed(math.fsum(hit.weight for hit in hits if hit.start > after)) if after is not None else 0.0,
        "no_such_words": 0.0,
    }


def _after_but(tokens: Tokens) -> int | None:
    """Where the last "but" stands that something stands before."""
    turns = BUT.get(tokens.language, ())
    if tokens.spaceless:
        at = max((tokens.masked.rfind(turn) for turn in turns), default=-1)
        return at if at > 0 else None
    return next((unit.start for unit in reversed(tokens.units[1:]) if unit.key in turns), None)


def _signs(tokens: Tokens) -> dict[str, float]:
    if not tokens.signs:
        return NO_SIGNS
    good = math.fsum(sign.weight for sign in tokens.signs if sign.weight > 0)
    bad = -math.fsum(sign.weight for sign in tokens.signs if sign.weight < 0)
    last = next((sign.weight for sign in reversed(tokens.signs) if sign.weight), 0.0)
    return {"good_signs": _squashed(good), "bad_signs": _squashed(bad), "signs_balance": last}


def _cues(friction: Friction) -> dict[str, float]:
    kinds = {cue.kind for cue in friction.cues}
    return {
        "cues": friction.score,
        "strong_cue": float(bool(kinds & {"strong", "severe"}) and not friction.questions),
        "mild_cue": float(kinds == {"mild"}),
        "resolved": float(bool(friction.resolved)),
        "plain_question": friction.questions,
        **{name: float(getattr(friction.frames, name) >= 0) for name in TOLD},
        "put_right": float(friction.put_right),
        "cues_put_right": friction.score * friction.put_right,
        "cues_asked": friction.score * friction.questions,
        "cues_supposed": friction.score * (friction.frames.supposed >= 0),
        "cues_learned": 0.0,
    }


def _manner(tokens: Tokens) -> dict[str, float]:
    names = [sign.name for sign in tokens.signs]
    marks = sum(1.0 if name == "!" else 2.0 for name in names if name.startswith("!"))
    return {
        "question_mark": float(any("?" in name for name in names)),
        "exclamation": _squashed(marks),
        "dots": float("..." in names),
        "capitals": tokens.shouted if tokens.shouted < 0.6 else 0.3,
        "length": math.log1p(len(tokens.text) / 5 if tokens.spaceless else len(tokens.units)) / 4,
    }


def _squashed(value: float) -> float:
    return value / (1 + abs(value))
