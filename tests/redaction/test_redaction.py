"""What must not be kept is taken out, and nothing else is."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from tests.growth import least_time
from tests.redaction.examples import EXAMPLES, MARK, marked, plain
from widget_server.redaction import PLACEHOLDERS, redact


@dataclass
class Tally:
    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)


def tally_of(language: str) -> tuple[Tally, list[str]]:
    """Exact: a sentence counts as right only where each placeholder stands where it must."""
    regions, sentences = EXAMPLES[language]
    tally, faults = Tally(), []
    for sentence in sentences:
        wanted = MARK.sub(lambda match: PLACEHOLDERS[match[1]], sentence)
        done = redact(plain(sentence), regions)
        expected, got = len(marked(sentence)), sum(done.text.count(one) for one in PLACEHOLDERS.values())
        left = sum(words in done.text for _, words in marked(sentence))
        tally.missed += left
        tally.right += expected - left
        tally.wrong += max(got - (expected - left), 0)
        if done.text != wanted:
            faults.append(f"{done.text}   ≠   {wanted}")
    return tally, faults


def test_recall_and_precision_hold_over_nine_languages() -> None:
    whole = Tally()
    lines: list[str] = []
    for language in EXAMPLES:
        tally, faults = tally_of(language)
        lines += [f"{language}: recall {tally.recall:.3f} precision {tally.precision:.3f}", *faults]
        for name in ("right", "missed", "wrong"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
    print("\n".join(lines))
    print(f"all: recall {whole.recall:.3f} precision {whole.precision:.3f} of {whole.right + whole.missed}")
    assert whole.recall >= 0.95, lines
    assert whole.precision >= 0.9, lines


@pytest.mark.parametrize("language", EXAMPLES)
def test_no_language_is_left_behind(language: str) -> None:
    tally, faults = tally_of(language)
    assert tally.recall >= 0.9, faults
    assert tally.precision >= 0.8, faults


def luhn_number(rest: str) -> str:
    digits = [int(one) for one in reversed(rest)]
    total = sum(d if place % 2 else sum(divmod(d * 2, 10)) for place, d in enumerate(digits))
    return rest + str(-total % 10)


def test_cards_of_the_great_networks_are_gone_however_they_are_grouped() -> None:
    draw = random.Random(7)
    for _ in range(500):
        networks = [("4", 16), ("51", 16), ("2221", 16), ("34", 15), ("6011", 16), ("62", 19), ("36", 14)]
        prefix, size = draw.choice(networks)
        number = luhn_number(prefix + "".join(draw.choice("0123456789") for _ in range(size - 1 - len(prefix))))
        mark = draw.choice(["", " ", "-", "."])
        grouped = mark.join(number[at : at + 4] for at in range(0, size, 4))
        done = redact(f"I paid with {grouped} yesterday.")
        assert done.text == "I paid with [card] yesterday.", grouped
        assert done.found == ()


def test_a_contact_comes_back_as_it_stood() -> None:
    done = redact("Ring +47 412 34 567, or mail Kari@Example.no. Or kari@example.no", ("NO",))
    assert done.text == "Ring [phone], or mail [e-mail]. Or [e-mail]"
    assert {one.value for one in done.found} == {"+47 412 34 567", "Kari@Example.no", "kari@example.no"}


HOSTILE = ["1 ", "1", "4", "5 ", "2 00 ", "12 34 56 78 ", "+4741234567 ", "a@", "GB82", "GB82 ", "@a.", "(at)",
           "0 ", " at a.",
           "4111 1111 1111 1112 ", "((1)", "1234567 ", "41 23 45 67, ", "+1.", "21.11.2026 ", "๑ ", "1(0)",
           "bel 1234567 ", "1 - ", "1)(",
           "a" * 63 + "@", "@" + "a" * 62 + " ", "๑", "เ0", "(1) ", "call ", "NO93 8601 1117 948 "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_on_hostile_characters_grows_with_their_number_and_not_with_its_square(piece: str) -> None:
    """Thirty-two times the text takes thirty-two times the work, or a thousand times if it were the square."""
    assert _least_time(piece, 64_000) < 200 * _least_time(piece, 2_000)


def _least_time(piece: str, characters: int) -> float:
    text = (piece * characters)[:characters]
    return least_time(lambda: redact(text, ("NO", "NL", "TH")), 5 if characters < 10_000 else 2)


def test_any_text_comes_back_whole_where_nothing_was_found() -> None:
    draw = random.Random(3)
    for _ in range(300):
        text = "".join(draw.choice("ab ø๑1-.@+()\n😀") for _ in range(60))
        done = redact(text, ("NO",))
        assert done.kinds or done.text == text
