"""No text holds up whoever reads it: a tenth of a second is usual for ten thousand letters of nonsense, and a pattern that
is tried again from each of its letters takes half a minute."""

from __future__ import annotations

import pytest

from tests.growth import least_time
from widget_server.scoring.analysis import analyze
from widget_server.scoring.tokens import MASKED

MOST_SECONDS = 10.0
UNITS = ("@a.", "a@", "a@a ", "@", "a.", "rt @", "www.", "http://", ":)",
         "'", "a'", "!?", "E ", " EE", "-", "\u0e01;.", "\n", "aa", "\u4e2d")  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_ten_thousand_letters_are_read_in_no_time(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    assert least_time(lambda: analyze(text, None), 1) < MOST_SECONDS


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to kari@mail.example please", "write to  please"),
        ("see https://a.example/b?c=d and www.b.example", "see  and "),
        ("RT @support you are slow", "  you are slow"),
        (f"{'x' * 64}@{'y' * 200}.example broke", " broke"),
    ],
)
def test_addresses_are_not_read(text: str, left: str) -> None:
    assert MASKED.sub("", text) == left
