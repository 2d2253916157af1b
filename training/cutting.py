"""Makes `trained/words_of_thai.npz`, the words that Thai texts are cut by: python -m training.cutting --data DIR --list FILE

FILE is PyThaiNLP's `words_th.txt` (CC0; `pip install pythainlp`, then pythainlp/corpus/words_th.txt). Kept are the words
that what is learned from uses often enough, cut by the whole list: the others would only make the file larger.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from training.sources import examples
from widget_server.scoring.cutting import FILES, words_of
from widget_server.scoring.words import fold

LEAST = 8
"""Times that a word must have been met."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--list", type=Path, required=True)
    asked = parser.parse_args()
    listed = {fold(word.strip())[0] for word in asked.list.read_text("utf-8").splitlines()}
    whole = words_of(frozenset(word for word in listed if len(word) > 1))
    met = Counter(
        cut.word
        for example in examples("th", asked.data)
        if not example.held_out
        for cut in whole.cut(fold(example.text)[0])
    )
    kept = sorted(word for word in whole.known if met[word] >= LEAST)
    np.savez_compressed(FILES["th"], words=np.frombuffer("\n".join(kept).encode(), np.uint8))


if __name__ == "__main__":
    main()
