"""What is shipped can be made again, and what it was made of is there in number."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy
import pytest

from training.crossing import material
from training.sources import own
from training.train import write_model
from widget_server.scoring.ngrams import FILES

FULL = ("en", "nl", "no", "th", "de", "fr", "es")
MOST_BYTES = 400_000


def test_the_same_rows_give_the_same_bytes_and_those_that_are_shipped(tmp_path: Path) -> None:
    """Portuguese learns from our corpus alone, so that it can be made here; the others want the public sets."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        write_model(material("pt", None), folder)
    assert (first / "pt.npz").read_bytes() == (second / "pt.npz").read_bytes()
    with numpy.load(first / "pt.npz") as made, numpy.load(FILES / "pt.npz") as shipped:
        off = numpy.abs(made["table"].astype(int) - shipped["table"])
        assert off.max() <= 1, "another processor may round a weight the other way"
        assert (off > 0).mean() < 1e-4
        assert numpy.allclose(made["scales"], shipped["scales"])


@pytest.mark.parametrize("language", FULL)
def test_the_corpus_has_a_thousand_texts_of_every_kind(language: str) -> None:
    rows = list(own(language))
    assert 1_000 <= len(rows) <= 3_200
    kinds = Counter((row.sentiment, row.friction) for row in rows)
    assert min(kinds[kind] for kind in [(0, True), (0, False), (1, False), (2, False), (2, True)]) >= 25, kinds
    assert sum("turns" in row.source for row in rows) >= 100


def test_no_language_weighs_more_than_it_may() -> None:
    assert all(path.stat().st_size <= MOST_BYTES for path in FILES.glob("*.npz"))
    assert sum((FILES / name).stat().st_size for name in ("th.npz", "words_of_thai.npz")) <= MOST_BYTES
