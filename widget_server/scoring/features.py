"""What the combination weighs: a few numbers of a text, each with a name that a person can read. Pure."""

from __future__ import annotations

import math
from itertools import chain
from typing import NamedTuple

from widget_server.scoring.frames import NOTHING, TOLD
from widget_server.scoring.friction import Friction
from widget_server.scoring.lexicon import BUT, Hit, lexicon
from widget_server.scoring.ngrams import HEADS, Margins, Model, Pieces, norm_of, pieces_of
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
STRONG = frozenset(("strong", "severe"))
MARGIN_CAP = 6.0


class Weighed(NamedTuple):
    """A text taken apart, for the sum and for its explanation."""

    values: dict[str, float]  # those that aren't 0
    hits: list[Hit]
    pieces: Pieces
    added: dict[str, list[Margins]]  # what each piece adds to the learned margins, times the norm
    norm: float
    turned: list[bool]  # words after a negation


def weigh(tokens: Tokens, friction: Friction, learned: Model | None, polarity: float | None = None) -> Weighed:
    """All values of one text. `polarity` is TextBlob's, where it reads the language."""
    words = lexicon(tokens.language)
    hits = words.hits(tokens)
    norm = norm_of(tokens)
    turned = words.turners(tokens.units)
    pieces: Pieces = {}
    added: dict[str, list[Margins]] = {}
    values: dict[str, float] = {}
    if learned is not None:
        pieces = pieces_of(tokens, turned, friction.span)
        added = learned.adds(pieces)
        values |= zip(LEARNED, _margins(learned, added, norm), strict=False)
    values |= _words(tokens, hits)
    if tokens.signs:
        values |= _signs(tokens)
    values |= _cues(friction)
    values |= _manner(tokens)
    if polarity:
        values["textblob_good" if polarity > 0 else "textblob_bad"] = abs(polarity)
    if friction.cues and learned is not None:
        values["cues_learned"] = values["cues"] * values["learned_friction"]
    return Weighed(values, hits, pieces, added, norm, turned)


def _margins(learned: Model, added: dict[str, list[Margins]], norm: float) -> list[float]:
    sums = [*map(math.fsum, zip(*chain.from_iterable(added.values()), strict=True))] or [0.0] * len(learned.scales)
    margins = [total / norm + bias for total, bias in zip(sums, learned.biases, strict=True)]
    if max(margins) > MARGIN_CAP or min(margins) < -MARGIN_CAP:
        return [max(-MARGIN_CAP, min(MARGIN_CAP, margin)) for margin in margins]
    return margins


def _words(tokens: Tokens, hits: list[Hit]) -> dict[str, float]:
    if not hits:
        return {"no_such_words": 1.0}
    weights = [hit.weight for hit in hits]
    good = math.fsum([weight for weight in weights if weight > 0])
    bad = -math.fsum([weight for weight in weights if weight < 0])
    last = math.fsum([hit.weight for hit in hits if hit.clause == hits[-1].clause])
    after = _after_but(tokens)
    found = {
        "good_words": _squashed(good),
        "bad_words": _squashed(bad),
        "words_balance": (good - bad) / math.sqrt(len(hits) + 1),
        "last_words": _squashed(last),
    }
    if after is not None:
        found["after_but"] = _squashed(math.fsum([hit.weight for hit in hits if hit.start > after]))
    return found


def _after_but(tokens: Tokens) -> int | None:
    """Where the last "but" stands that something stands before."""
    turns = BUT.get(tokens.language, ())
    if tokens.spaceless:
        at = max((tokens.masked.rfind(turn) for turn in turns), default=-1)
        return at if at > 0 else None
    return next((unit.start for unit in reversed(tokens.units[1:]) if unit.key in turns), None)


def _signs(tokens: Tokens) -> dict[str, float]:
    good = math.fsum(sign.weight for sign in tokens.signs if sign.weight > 0)
    bad = -math.fsum(sign.weight for sign in tokens.signs if sign.weight < 0)
    last = next((sign.weight for sign in reversed(tokens.signs) if sign.weight), 0.0)
    return {"good_signs": _squashed(good), "bad_signs": _squashed(bad), "signs_balance": last}


def _cues(friction: Friction) -> dict[str, float]:
    found: dict[str, float] = {}
    if friction.frames is not NOTHING:
        found |= {name: 1.0 for name in TOLD if getattr(friction.frames, name) >= 0}
        found["put_right"] = float(friction.put_right)
    if friction.questions:
        found["plain_question"] = friction.questions
    if friction.resolved:
        found["resolved"] = 1.0
    if not friction.cues:
        return found
    kinds = {cue.kind for cue in friction.cues}
    score = friction.score
    return found | {
        "cues": score,
        "strong_cue": float(not friction.questions and not kinds.isdisjoint(STRONG)),
        "mild_cue": float(kinds == {"mild"}),
        "cues_put_right": score * found.get("put_right", 0.0),
        "cues_asked": score * friction.questions,
        "cues_supposed": score * found.get("supposed", 0.0),
    }


def _manner(tokens: Tokens) -> dict[str, float]:
    shouted = tokens.shouted
    found = {
        "capitals": shouted if shouted < 0.6 else 0.3,
        "length": math.log1p(len(tokens.text) / 5 if tokens.spaceless else len(tokens.units)) / 4,
    }
    if tokens.signs:
        names = [sign.name for sign in tokens.signs]
        found["question_mark"] = float(any("?" in name for name in names))
        found["exclamation"] = _squashed(sum(1.0 if name == "!" else 2.0 for name in names if name.startswith("!")))
        found["dots"] = float("..." in names)
    return found


def _squashed(value: float) -> float:
    return value / (1 + abs(value))
