"""Makes `trained/words_of_languages.txt`: the commonest words of each language, by which most texts are told apart.

python -m training.telling --data DIR. Counted in our corpus and in the public sets; numbers and names in capitals left out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from training.sources import examples
from training.train import LANGUAGES
from widget_server.scoring.telling import FILE
from widget_server.scoring.tokens import tokens_of

MOST = 1500
LEAST = 2
"""Times that a word must have been seen."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    lines = ["# Made by training/telling.py: the words that each language uses most, with their share in 1/100,000."]
    for language in LANGUAGES:
        if language == "th":
            continue
        counts = counted(language, asked.data)
        total = sum(counts.values())
        words = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
        kept = [f"{word}:{max(1, round(times / total * 100_000))}" for word, times in words if times >= LEAST]
        lines.append(f"{language} {' '.join(kept)}")
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


def counted(language: str, data: Path | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    for example in examples(language, data):
        units = tokens_of(example.text, "").units
        counts.update(unit.key for unit in units if unit.key.isalpha())
    return counts


if __name__ == "__main__":
    main()
