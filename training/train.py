"""Makes the shipped models: python -m training.train --data DIR [--lang nl …] [--check]

Learns each language's n-grams from our corpus and the public sets in DIR, fits the combination on margins that come
from left-out sources, and writes `widget_server/scoring/trained/`. The same inputs give the same bytes. Without --lang
all languages are made; with it, those alone, and the combination stays. --jobs 2 makes two languages at a time, each in a
process of its own: the bytes don't depend on it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from training import stacking
from training.crossing import Material, fit_heads, left_out_margins, material
from widget_server.scoring import ngrams
from widget_server.scoring.combination import FILE, SHARED
from widget_server.scoring.features import NAMES

LANGUAGES = ("en", "nl", "no", "th", "de", "fr", "es", "sv", "da", "fi", "it", "pt")
AT_HOME = {"th": "wisesight", "no": "norec-train"}
"""Languages whose models are at home in what they will meet: the combination trusts their margins more, and expects the
source's mix of labels."""
VERSION = "ensemble-1"
RARE = 4
"""Where a table has more rows than usual, those that so few values met keep no weight of a single step: without them
the file is a tenth smaller, and reads as well."""
MOST_BYTES = 375_000
"""Of a file: 400 kB a language with the list of words that Thai is cut by. Where it would be more, weights that move the
fewest margins least are left out, a twentieth at a time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="The folder of public sets (*.jsonl).")
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--out", type=Path, default=ngrams.FILES, help="Where the files go.")
    parser.add_argument("--jobs", type=int, default=1, help="Languages made at a time.")
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    languages = asked.lang or LANGUAGES
    make = partial(made_of, data=asked.data, folder=asked.out, left_out=not asked.lang)
    if asked.jobs > 1:
        with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
            made = list(pool.map(make, languages))
    else:
        made = list(map(make, languages))
    if not asked.lang:
        materials, margins = zip(*filter(None, made), strict=True)
        write_combination(list(materials), list(margins), asked.out)


def made_of(language: str, data: Path | None, folder: Path, *, left_out: bool) -> tuple[Material, Any] | None:
    """Writes a language's model; what the combination is fitted on: its rows without their pieces, and their margins."""
    began = time.monotonic()
    made = material(language, data)
    if not made.rows:
        return None
    write_model(made, folder)
    margins = left_out_margins(made) if left_out else None
    print(f"{language} {len(made.rows)} rows, {time.monotonic() - began:.0f} s", file=sys.stderr)
    none = made.sparse.of(np.arange(0))
    return replace(made, sparse=none, placed=none), margins


def write_model(made: Material, folder: Path, heads: list[tuple[Any, float]] | None = None) -> None:
    heads = heads or fit_heads(made, np.ones(len(made.rows), bool))
    table = np.zeros((made.sparse.width, len(heads)), np.int8)
    scales = np.zeros(len(heads))
    moved = np.zeros(table.shape)
    for head, (weights, _) in enumerate(heads):
        seen = np.bincount(made.pieces(head).columns, minlength=made.sparse.width)
        scales[head] = step_of(weights, seen)
        table[:, head] = stored(weights, scales[head])
        moved[:, head] = seen * (table[:, head] * scales[head]) ** 2
    if len(table) > 1 << ngrams.USUAL:
        seen = np.bincount(made.placed.columns, minlength=made.placed.width)
        table[(np.abs(table) == 1) & (seen <= RARE)[:, None]] = 0
    biases = np.array([round(bias, 6) for _, bias in heads])
    rest = {"scales": np.round(scales, 9), "biases": biases}
    path = folder / f"{made.language}.npz"
    for share in range(20):
        least = np.quantile(moved[table != 0], share / 20) if share else 0.0
        np.savez_compressed(path, table=np.where(moved < least, 0, table).astype(np.int8), **rest)
        if path.stat().st_size <= MOST_BYTES:
            break


def step_of(weights: Any, seen: Any) -> float:
    """The step by which rounding to int8 costs least: a few large weights are cut, so that many small ones are kept."""
    most = max(1e-9, float(np.abs(weights).max())) / 127
    steps = [most / 2 ** (half / 2) for half in range(9)]
    return min(steps, key=lambda step: float((seen * (weights - stored(weights, step) * step) ** 2).sum()))


def stored(weights: Any, step: float) -> Any:
    return np.clip(np.rint(weights / step), -127, 127)


def write_combination(materials: list[Material], margins: list[Any], folder: Path) -> None:
    rows = stacking.stacked(materials, margins)
    shared = stacking.fit(rows, np.ones(len(rows.groups), bool))
    tables = {SHARED: shared}
    for language, source in AT_HOME.items():
        chosen = np.array([group.split()[0] == language for group in rows.groups])
        if chosen.any():
            tables[language] = stacking.at_home(shared, rows, language, f"{language} {source}")
    combined = {name: _table(weights) for name, weights in tables.items()}
    digest = sha256(json.dumps(combined, sort_keys=True).encode())
    for path in sorted(folder.glob("*.npz")):
        digest.update(path.read_bytes())
    text = json.dumps({"model": f"{VERSION}-{digest.hexdigest()[:8]}", "weights": combined}, indent=1)
    (folder / FILE.name).write_text(text + "\n", "utf-8")


def _table(weights: stacking.Weights) -> dict[str, list[float]]:
    table = {
        name: [*(round(float(w), 4) for w in weights.sentiment[at]), round(float(weights.friction[at]), 4)]
        for at, name in enumerate(NAMES)
    }
    return {"bias": [*(round(float(w), 4) for w in weights.sentiment_bias), round(weights.friction_bias, 4)], **table}


if __name__ == "__main__":
    main()
