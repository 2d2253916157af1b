"""What may be learned from: our own corpus, and the public sets in the folder that `--data` names.

Each row knows its source, because what counts is how a model does on sources that it hasn't seen. A tenth of each
public set, chosen by a hash of its text, is for measuring and never trained on; of our corpus as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
LABELS = ("negative", "neutral", "positive")
SIGNS = {"-": 0, "0": 1, "+": 2}
TESTED = 10
"""One of so many rows is held out."""

INTENTS = Path(__file__).with_name("banking77.txt")


@dataclass(frozen=True)
class Example:
    text: str
    language: str
    source: str  # "vader-tweets", "own-site"
    sentiment: int | None  # place in LABELS
    friction: bool | None
    topics: tuple[str, ...] = ()

    @property
    def held_out(self) -> bool:
        return held_out(self.text)


def held_out(text: str) -> bool:
    """Whether a text belongs to the part that is measured on, wherever it is found."""
    return sha256(" ".join(text.split()).casefold().encode()).digest()[0] % TESTED == 0


def examples(language: str, data: Path | None) -> list[Example]:
    """All that is there for `language`, each text once."""
    seen: dict[str, Example] = {}
    for example in (*own(language), *(public(language, data) if data else ())):
        seen.setdefault(" ".join(example.text.split()).casefold(), example)
    return list(seen.values())


def own(language: str) -> Iterator[Example]:
    """Our corpus: sentiment, friction, topics and text, parted by tabs."""
    for path in sorted((CORPUS / language).glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != 4 or parts[0] not in SIGNS or parts[1] not in ("f", "."):
                raise ValueError(f"{path.name} of {language}, line {number}: give sentiment, friction, topics and text")
            topics = tuple(filter(None, parts[2].replace(".", "").split(",")))
            yield Example(parts[3], language, f"own-{path.stem}", SIGNS[parts[0]], parts[1] == "f", topics)


def public(language: str, data: Path) -> Iterator[Example]:
    for path in sorted(data.glob("*.jsonl")):
        if path.stem.split("-")[0] == language:
            for line in path.read_text("utf-8").splitlines():
                if line.strip() and (example := _public(json.loads(line), language)):
                    yield example


def _public(row: dict[str, object], language: str) -> Example | None:
    source, text = str(row.get("source", "given")), str(row["text"])
    if row.get("label") in LABELS:
        return Example(text, language, source, LABELS.index(str(row["label"])), None)
    intents = row.get("intents")
    if not isinstance(intents, list):
        return None
    if source == "banking77":
        kind = _kinds().get(str(intents[0]))
        return None if kind == "?" else Example(text, language, source, None, kind == "f")
    return Example(text, language, source, None, "wrong_notworking_notshowing" in intents)


@cache
def _kinds() -> dict[str, str]:
    """banking77's intents that tell of friction, or may."""
    lines = [line.split(" ", 1) for line in INTENTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {intent: kind for kind, intent in lines}
