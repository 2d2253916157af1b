"""Several analysers as one answer: the mean of their logarithms, shown as parts like everything else. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from widget_server.scoring.analysers import ENSEMBLE, LEAST, Reading, Text, analyser
from widget_server.scoring.combination import Combined, Part, chances

if TYPE_CHECKING:
    from widget_server.scoring.analysis import Analysis


def blended(texts: Sequence[str], made: Sequence[Analysis], names: Sequence[str]) -> list[Analysis]:
    """`made` by the ensemble, joined by the analysers of these names; without "ensemble" among them, by them alone."""
    rows = [Text(text, one.language.code or "") for text, one in zip(texts, made, strict=True)]
    said = {name: analyser(name).read(rows) for name in names if name != ENSEMBLE}
    return [
        _joined(one, {name: readings[at] for name, readings in said.items()}, ENSEMBLE in names)
        for at, one in enumerate(made)
    ]


def _joined(one: Analysis, said: dict[str, Reading | None], with_ensemble: bool) -> Analysis:
    speaking = {name: reading for name, reading in said.items() if reading is not None and one.label != "no_text"}
    heard = with_ensemble and one.supported
    count = len(speaking) + heard
    if not speaking:
        return one if heard or not one.supported else _silent(one)
    telling = heard + sum(reading.friction is not None for reading in speaking.values())
    parts = [_scaled(part, 1 / count, 1 / telling) for part in one.parts] if heard else []
    parts += [_part(name, reading, count, telling) for name, reading in speaking.items()]
    combined = Combined(tuple(parts), *chances(parts))
    own = [span for reading in speaking.values() for span in reading.evidence]
    return replace(
        one,
        supported=True,
        label=combined.label,
        polarity=round(combined.positive - combined.negative, 4),
        p_negative=combined.negative,
        p_friction=combined.friction,
        evidence=(*(one.evidence if heard else ()), *own),
        parts=combined.parts,
        model="+".join([*([one.model] if heard else []), *speaking]),
    )


def _silent(one: Analysis) -> Analysis:
    """None of those that were chosen reads the language."""
    return replace(one, supported=False, label="unsupported", polarity=None, p_negative=None, p_friction=None, parts=())


def _scaled(part: Part, by: float, friction_by: float) -> Part:
    negative, neutral, positive = part.negative * by, part.neutral * by, part.positive * by
    return Part(part.name, part.value, negative, neutral, positive, part.friction * friction_by)


def _part(name: str, reading: Reading, count: int, telling: int) -> Part:
    negative, positive = max(LEAST, reading.negative), max(LEAST, reading.positive)
    friction = 0.0
    if reading.friction is not None:
        sure = min(1 - LEAST, max(LEAST, reading.friction))
        friction = math.log(sure / (1 - sure)) / telling
    logs = [math.log(chance) / count for chance in (negative, reading.neutral, positive)]
    return Part(name, round(reading.negative, 4), logs[0], logs[1], logs[2], friction)
