"""How well texts are read, measured on labelled rows: the same table for any file. Pure but for reading the file.

macro-F1 over the labels that the file has; AUC and recall at 10 % false positives of "negative" by p_negative, and of
friction by p_friction; ECE, how far the chances are from what happened; µs a text.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from widget_server.scoring.analysis import Analysis, analyze, analyze_all

LABELS = ("negative", "neutral", "positive")
ALLOWED = 0.10
BINS = 10


@dataclass(frozen=True)
class Labelled:
    text: str
    language: str | None
    label: str | None  # one of LABELS
    friction: bool | None


@dataclass(frozen=True)
class Ranking:
    auc: float
    recall: float  # at ALLOWED false positives
    error: float  # expected calibration error


def read_labelled(path: Path) -> list[Labelled]:
    """JSON lines with `text`, and `label` or `friction`; rows with neither are passed over.

    Raises:
        ValueError: names the line that can't be read.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError(f'{path.name}, line {number}: a row is an object with "text"')
        label, friction = row.get("label"), row.get("friction")
        rows.append(
            Labelled(
                row["text"],
                row.get("lang"),
                label if label in LABELS else None,
                friction if isinstance(friction, bool) else None,
            )
        )
    return [row for row in rows if row.label or row.friction is not None]


def evaluated(name: str, rows: Sequence[Labelled]) -> dict[str, Any]:
    """One line of the table."""
    if rows:
        analyze(rows[0].text, rows[0].language)
    began = time.perf_counter()
    made = analyze_all([(row.text, row.language) for row in rows], explained=False)
    micros = (time.perf_counter() - began) / max(1, len(rows)) * 1e6
    return {"set": name, "rows": len(rows), **scored(rows, made), "micros": round(micros)}


def scored(rows: Sequence[Labelled], made: Sequence[Analysis]) -> dict[str, Any]:
    labelled = [(row.label, one) for row, one in zip(rows, made, strict=True) if row.label]
    told = [(row.friction, one) for row, one in zip(rows, made, strict=True) if row.friction is not None]
    found: dict[str, Any] = {"macro_f1": macro_f1([(str(label), _label(one)) for label, one in labelled])}
    negative = ranking([(label == "negative", _chance(one.p_negative)) for label, one in labelled])
    friction = ranking([(bool(yes), _chance(one.p_friction)) for yes, one in told])
    found["negative"] = asdict(negative) if negative else None
    found["friction"] = asdict(friction) if friction else None
    return found


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Of (is, said) pairs, over the labels that occur."""
    labels = {is_ for is_, _ in pairs}
    if not labels:
        return None
    return sum(_f1(pairs, label) for label in labels) / len(labels)


def ranking(pairs: Sequence[tuple[bool, float]]) -> Ranking | None:
    """Of (wanted, chance) pairs; None where one kind is missing."""
    wanted = sum(yes for yes, _ in pairs)
    others = len(pairs) - wanted
    if not wanted or not others:
        return None
    hits = alarms = 0
    area = recall = 0.0
    by_chance: dict[float, list[int]] = {}
    for yes, chance in pairs:
        by_chance.setdefault(chance, [0, 0])[0 if yes else 1] += 1
    for chance in sorted(by_chance, reverse=True):
        more_hits, more_alarms = by_chance[chance]
        area += more_alarms * (hits + more_hits / 2)
        hits, alarms = hits + more_hits, alarms + more_alarms
        if alarms <= ALLOWED * others + 1e-9:
            recall = hits / wanted
    return Ranking(area / (wanted * others), recall, _calibration_error(pairs))


def table(found: Sequence[dict[str, Any]]) -> str:
    """For people: one line a set."""
    heads = ["set", "rows", "mF1", "AUC neg", "R@10 neg", "ECE neg", "AUC fric", "R@10 fric", "ECE fric", "µs"]
    lines = ["".join([f"{heads[0]:28}", *(f"{head:>10}" for head in heads[1:])])]
    for one in found:
        cells = [_cell(one["macro_f1"])]
        for kind in ("negative", "friction"):
            cells += [_cell((one[kind] or {}).get(name)) for name in ("auc", "recall", "error")]
        cells = [str(one["rows"]), *cells, str(one["micros"])]
        lines.append("".join([f"{one['set']:28}", *(f"{cell:>10}" for cell in cells)]))
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _label(analysis: Analysis) -> str:
    return analysis.label if analysis.supported else "neutral"


def _chance(value: float | None) -> float:
    return 0.5 if value is None else value


def _f1(pairs: Sequence[tuple[str, str]], label: str) -> float:
    hit = sum(is_ == label == said for is_, said in pairs)
    both = sum(is_ == label for is_, _ in pairs) + sum(said == label for _, said in pairs)
    return 2 * hit / both if both else 0.0


def _calibration_error(pairs: Sequence[tuple[bool, float]]) -> float:
    bins = [[0.0, 0.0] for _ in range(BINS)]
    for yes, chance in pairs:
        one = bins[min(BINS - 1, int(chance * BINS))]
        one[0] += yes
        one[1] += chance
    return sum(abs(happened - hoped) for happened, hoped in bins) / len(pairs)
