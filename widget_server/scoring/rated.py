"""Answers that are ratings, as conditions on rows: the low ones and the best, by the ends that each type names."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from widget_server.responses.models import Answer
from widget_server.scoring.ratings import ends_of, ends_of_low
from widget_server.surveys.questions.registry import TYPES


def is_low() -> ColumnElement[bool]:
    """Two of five or less, three of ten, or what comes near it on another scale."""
    lows = {kind: ends for kind in TYPES if (ends := ends_of_low(kind))}
    return or_(*(and_(Answer.kind == kind, Answer.number.between(*ends)) for kind, ends in lows.items()))


def is_best() -> ColumnElement[bool]:
    """The best that can be chosen."""
    best = {kind: ends[1] for kind in TYPES if (ends := ends_of(kind))}
    return or_(*(and_(Answer.kind == kind, Answer.number == number) for kind, number in best.items()))
