"""How well texts are read: TextBlob, VADER, textblob-nl and -fr, and ours, on labelled rows never trained on.

Measured are the tenth of each file in `--data DIR` that training never sees (by a hash of the text), the held-out tenth
of our own corpus, and whole files that training doesn't know (`--other FILE`). Beside them: time a text, alone and in
batches, with and without the language given; memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.frame import Measured, Option, Row, Size, command, say
from training.sources import LABELS, Example, examples, own
from training.train import LANGUAGES
from widget_server.scoring.analysis import analyze, analyze_all
from widget_server.scoring.evaluating import Labelled, macro_f1, ranking, read_labelled

LEAST = 40
"""Rows of a set; fewer say nothing."""
MOST = 1500
"""Rows of a set, the first by their hash."""
BATCH = 100
"""Texts of one batch, of whatever languages come in a row."""
CLEAR = 0.05
Reader = Callable[[list[str]], list[tuple[str, float]]]
"""Texts → (label, chance that it is negative)."""


def by_polarity(polarity: float) -> tuple[str, float]:
    label = "negative" if polarity <= -CLEAR else "positive" if polarity >= CLEAR else "neutral"
    return label, (1 - polarity) / 2


def textblob(texts: list[str]) -> list[tuple[str, float]]:
    from textblob import TextBlob

    return [by_polarity(TextBlob(text).sentiment.polarity) for text in texts]


def vader(texts: list[str]) -> list[tuple[str, float]]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader = SentimentIntensityAnalyzer()
    return [by_polarity(reader.polarity_scores(text)["compound"]) for text in texts]


def textblob_nl(texts: list[str]) -> list[tuple[str, float]]:
    from textblob_nl import PatternAnalyzer

    reader = PatternAnalyzer()
    return [by_polarity(reader.analyze(text)[0]) for text in texts]


def textblob_fr(texts: list[str]) -> list[tuple[str, float]]:
    from textblob_fr import PatternAnalyzer

    reader = PatternAnalyzer()
    return [by_polarity(reader.analyze(text)[0]) for text in texts]


RIVALS: dict[str, tuple[Reader, frozenset[str] | None]] = {
    "TextBlob": (textblob, None),
    "VADER": (vader, None),
    "textblob-nl": (textblob_nl, frozenset({"nl"})),
    "textblob-fr": (textblob_fr, frozenset({"fr"})),
}


def sets(data: Path | None, others: Iterable[Path]) -> dict[str, tuple[str, list[Labelled]]]:
    """Name → language and rows."""
    found: dict[str, tuple[str, list[Labelled]]] = {}
    for language in LANGUAGES:
        rows = [row for row in examples(language, data) if row.held_out]
        corpus = {row.text for row in own(language)}
        for name in dict.fromkeys(row.source for row in rows if row.text not in corpus):
            found[name] = (language, [_labelled(row) for row in rows if row.source == name])
        found[f"own corpus {language}"] = (language, [_labelled(row) for row in rows if row.text in corpus])
    for path in others:
        labelled = read_labelled(path)
        found[path.stem] = (labelled[0].language or "?", labelled)
    return {name: (language, rows[:MOST]) for name, (language, rows) in found.items() if len(rows) >= LEAST}


def _labelled(row: Example) -> Labelled:
    return Labelled(row.text, row.language, None if row.sentiment is None else LABELS[row.sentiment], row.friction)


def measured(language: str, rows: list[Labelled]) -> list[dict[str, Any]]:
    """One line for each analyser that reads the language."""
    lines = []
    texts = [row.text for row in rows]
    for name, (reader, languages) in RIVALS.items():
        if languages is None or language in languages:
            reader(texts[:2])
            began = time.process_time()
            said = reader(texts)
            lines.append(_line(name, rows, said, None, (time.process_time() - began) / len(rows)))
    analyze_all([(text, language) for text in texts[:2]])
    began = time.process_time()
    made = analyze_all([(text, row.language) for text, row in zip(texts, rows, strict=True)])
    took = (time.process_time() - began) / len(rows)
    said = [(one.label if one.supported else "neutral", 0.5 if one.p_negative is None else one.p_negative) for one in made]
    frictions = [0.5 if one.p_friction is None else one.p_friction for one in made]
    return [*lines, _line("ours", rows, said, frictions, took)]


def _line(
    name: str, rows: list[Labelled], said: list[tuple[str, float]], frictions: list[float] | None, took: float
) -> dict[str, Any]:
    labelled = [(row.label, label) for row, (label, _) in zip(rows, said, strict=True) if row.label]
    negative = ranking([(row.label == "negative", chance) for row, (_, chance) in zip(rows, said, strict=True) if row.label])
    chances = frictions or [chance for _, chance in said]
    told = ranking([(row.friction, chance) for row, chance in zip(rows, chances, strict=True) if row.friction is not None])
    return {
        "analyser": name,
        "macro_f1": macro_f1([(str(is_), label) for is_, label in labelled]) if labelled else None,
        "negative": vars(negative) if negative else None,
        "friction": vars(told) if told else None,
        "micros": round(took * 1e6),
    }


def speed(rows: list[Labelled]) -> dict[str, float]:
    """µs of processor time a text of ours: the median alone, with what explains it, and in batches as
    `scoring predict` reads them, without; language to be found and given."""
    alone = {"found": [], "given": []}  # type: dict[str, list[float]]
    for row in rows:
        for kind, language in (("found", None), ("given", row.language)):
            began = time.process_time()
            analyze(row.text, language)
            alone[kind].append(time.process_time() - began)
    batch = {}
    for kind in alone:
        took = []
        for at in range(0, len(rows), BATCH):
            some = [(row.text, row.language if kind == "given" else None) for row in rows[at : at + BATCH]]
            began = time.process_time()
            analyze_all(some, explained=False)
            took.append((time.process_time() - began) / len(some))
        batch[kind] = median(took)
    return {
        **{f"alone_{kind}": round(median(took) * 1e6) for kind, took in alone.items()},
        **{f"batch_{kind}": round(took * 1e6) for kind, took in batch.items()},
    }


def memory() -> float:
    """MB of a process of its own that has read a text in every language."""
    code = (
        "import resource; from widget_server.scoring.analysis import analyze\n"
        "from widget_server.scoring.lexicon import languages\n"
        "[analyze('hello 😡 ok', code) for code in sorted(languages())]; analyze('Nie wiem, dlaczego to nie działa')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def rows_of(name: str, language: str, rows: list[Labelled]) -> list[Row]:
    """Of one set, a row for each analyser that reads it. A recall is at one in ten false alarms."""
    found: list[Row] = []
    for line in measured(language, rows):
        row: Row = {"set": name, "language": language, "rows": len(rows), "analyser": line["analyser"]}
        row["macro-F1"] = line["macro_f1"]
        for kind in ("negative", "friction"):
            figures = line[kind] or {}
            row |= {f"AUC {kind}": figures.get("auc"), f"recall {kind}": figures.get("recall")}
            row[f"ECE {kind}"] = figures.get("error")
        found.append(row | {"µs": line["micros"]})
    return found


def measure(size: Size, data: Path | None = None, other: Sequence[Path] = ()) -> Measured:
    chosen = {name: (language, rows[: size.of(MOST, 300, LEAST)]) for name, (language, rows) in sets(data, other).items()}
    if size.name == "tiny":
        chosen = dict(list(chosen.items())[:2])
    table: list[Row] = []
    for name, (language, rows) in chosen.items():
        table += rows_of(name, language, rows)
        say(f"{name}: {len(rows)} rows")
    everything = [row for _, rows in chosen.values() for row in rows]
    took = speed(everything[:: max(1, len(everything) // size.of(1000, 200, 10))])
    micros = ", ".join(f"{name.replace('_', ', language ')} {value}" for name, value in took.items())
    return Measured(table, [
        "Rows that training never saw. Our corpus is easy for us: what it learned from is of the same hands.",
        f"µs of processor time a text: {micros}. A process that has read all languages takes {memory():.0f} MB.",
    ])  # fmt: skip


if __name__ == "__main__":
    command(
        "scoring", measure, __doc__,
        data=Option("a folder of labelled *.jsonl", Path),
        other=Option("a labelled file of yours; may be given several times", Path, several=True),
    )  # fmt: skip
