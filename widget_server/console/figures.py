"""Numbers that know their size, pure: a share with its interval, and when there are too few to say anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

TOO_FEW = 30  # below it: the count and the words, no share, no score (design: small n)
FEWEST_NAMELESS = 5  # below it nothing of an anonymous survey is shown: one could tell who said what
WHOLE_PER_CENTS = 100  # below it no decimals
Z = 1.959964  # 95 % of a normal distribution


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; low and high are the 95 % Wilson interval, 0…1."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def sayable(self) -> bool:
        return self.whole >= TOO_FEW

    @property
    def words(self) -> str:
        """'29.1%', '29%' from 30 to 99, and the plain count below."""
        if not self.sayable:
            return f"{self.part} of {self.whole}"
        return _per_cent(self.value, self.whole)

    @property
    def interval(self) -> str:
        """'27.2 to 31.1', or nothing for too few."""
        if not self.sayable:
            return ""
        decimals = 1 if self.whole >= WHOLE_PER_CENTS else 0
        return f"{self.low * 100:.{decimals}f} to {self.high * 100:.{decimals}f}"


def share(part: int, whole: int) -> Share:
    """Wilson's score interval (E. B. Wilson, JASA 22, 1927): sound for small counts and near 0 and 1."""
    if whole <= 0:
        return Share(part, 0, 0.0, 1.0)
    p = min(1.0, part / whole)
    middle = (p + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    half = Z * sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole)) / (1 + Z * Z / whole)
    return Share(part, whole, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class NetScore:
    """Of a recommendation: the share of 9 and 10 without that of 0 to 6, in points, and the half of its 95 % interval."""

    score: float
    margin: float

    @property
    def error(self) -> float:
        """Standard error, in points."""
        return self.margin / Z

    @property
    def words(self) -> str:
        """'+12 ± 9'."""
        return f"{'−' if round(self.score) < 0 else '+'}{abs(round(self.score))} ± {round(self.margin)}"


@dataclass(frozen=True)
class Mean:
    """Of `count` answers on a scale; `error` is its standard error."""

    value: float
    error: float
    count: int

    @property
    def words(self) -> str:
        return f"{self.value:.1f}"

    @property
    def interval(self) -> str:
        """'3.8 to 4.1', the 95 % interval; nothing for too few."""
        half = Z * self.error
        return f"{self.value - half:.1f} to {self.value + half:.1f}" if self.count >= TOO_FEW else ""


def mean(answers: Mapping[float, int]) -> Mean | None:
    """From the count of each number; None without any."""
    whole = sum(answers.values())
    if not whole:
        return None
    middle = sum(number * n for number, n in answers.items()) / whole
    squares = sum(n * (number - middle) ** 2 for number, n in answers.items())
    return Mean(middle, sqrt(squares / max(1, whole - 1) / whole), whole)


def net_score(answers: Mapping[int, int]) -> NetScore | None:
    """From the count of each number; None for too few. Its own variance: p + d − (p − d)²."""
    whole = sum(answers.values())
    if whole < TOO_FEW:
        return None
    up = sum(n for number, n in answers.items() if number >= 9) / whole
    down = sum(n for number, n in answers.items() if number <= 6) / whole
    return NetScore(100 * (up - down), 100 * Z * sqrt((up + down - (up - down) ** 2) / whole))


def _per_cent(value: float, whole: int) -> str:
    return f"{value * 100:.{1 if whole >= WHOLE_PER_CENTS else 0}f}%"
