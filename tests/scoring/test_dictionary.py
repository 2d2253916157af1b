"""Cue files are refused with the place of the fault."""

from __future__ import annotations

import pytest

from widget_server.scoring.dictionary import Node, _group, _plant


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "angry", "phrases": []}, "give one of"),
        ({"kind": "mild", "topic": "x"}, "topic is not known"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(entry: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r"en\.yaml, entry 3") as caught:
        _group(entry, "en.yaml, entry 3")
    assert words in str(caught.value)


def test_a_phrase_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        _plant(Node(), "!!", _group({"kind": "mild"}, "x"), "en")
