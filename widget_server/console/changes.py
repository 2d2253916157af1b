"""What changed from one period to the one before, and whether chance alone could have done it. Pure.

Shares are compared by the two-proportion z test with a pooled share, and exactly where they are too rare for it (R. A.
Fisher, Statistical Methods for Research Workers, 1934); means and net scores by their standard errors. All that a page
compares is held together to 5 % by Holm's step-down (S. Holm, Scandinavian Journal of Statistics 6, 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import erfc, inf, sqrt
from typing import Any

from widget_server.clock import DAY
from widget_server.console.figures import TOO_FEW, Mean, NetScore, Share

LEVEL = 0.05
FEWEST_EXPECTED = 5
"""In each of the four counts of two shares; below it a normal one is too far off (W. G. Cochran, Biometrics 10, 1954)."""
MOST = 3
"""Sentences on one page: who reads more of them reads none."""
PERIODS: Mapping[str, tuple[str, int | None]] = {
    "7": ("the last 7 days", 7),
    "28": ("the last 28 days", 28),
    "90": ("the last 90 days", 90),
    "365": ("the last 365 days", 365),
    "all": ("all time", None),
}
USUAL = "28"
"""Four whole weeks: each day of the week counts alike."""


def asked_for(period: str | None) -> str:
    """A period by what stands in an address; whatever makes no sense is the usual one."""
    return period if period is not None and period in PERIODS else USUAL


def told(period: str) -> dict[str, Any]:
    """What a page says of its period, and offers beside it."""
    words, days = PERIODS[period]
    return {"period": period, "period_words": words, "period_days": days, "periods": PERIODS, "usual": USUAL}


@dataclass(frozen=True)
class Span:
    """From `since` on and before `until`, ms; None: no bound."""

    since: int | None = None
    until: int | None = None


EVER = Span()


def spans(period: str, now: int) -> tuple[Span, Span | None]:
    """The period that ends now, and the one of the same length before it; all time has none before."""
    days = PERIODS[period][1]
    if days is None:
        return EVER, None
    since = now - days * DAY
    return Span(since), Span(since - days * DAY, since)


@dataclass(frozen=True)
class Compared:
    """One figure in two periods. `p`: how often chance alone parts them as far; None: too few to say."""

    what: str
    before: str
    now: str
    rose: bool
    p: float | None
    anchor: str = ""


def shares(what: str, before: Share, now: Share, anchor: str = "") -> Compared:
    p = _of_shares(before, now) if before.sayable and now.sayable else None
    then, here = _apart(before.words, now.words, 100 * before.value, 100 * now.value, "%")
    return Compared(what, then, here, now.value > before.value, p, anchor)


def means(what: str, before: Mean | None, now: Mean | None, anchor: str = "") -> Compared | None:
    if before is None or now is None:
        return None
    enough = min(before.count, now.count) >= TOO_FEW
    p = _chance(now.value - before.value, sqrt(before.error**2 + now.error**2)) if enough else None
    then, here = _apart(before.words, now.words, before.value, now.value)
    return Compared(what, then, here, now.value > before.value, p, anchor)


def net_scores(what: str, before: NetScore | None, now: NetScore | None, anchor: str = "") -> Compared | None:
    """A net score is there only where there are enough answers."""
    if before is None or now is None:
        return None
    p = _chance(now.score - before.score, sqrt(before.error**2 + now.error**2))
    return Compared(what, before.words, now.words, now.score > before.score, p, anchor)


def beyond_chance(compared: Iterable[Compared]) -> list[Compared]:
    """Those that changed, the surest first: Holm's step-down over all that could be compared."""
    known = sorted((one for one in compared if one.p is not None), key=lambda one: one.p or 0.0)
    held: list[Compared] = []
    for place, one in enumerate(known):
        if (one.p or 0.0) > LEVEL / (len(known) - place):
            break
        held.append(one)
    return held


def _apart(then: str, here: str, before: float, now: float, sign: str = "") -> tuple[str, str]:
    """The two in words, with more decimals where the usual ones show no difference: nothing rises from 4.2 to 4.2."""
    for decimals in (2, 3):
        if then == here and before != now:
            then, here = f"{before:.{decimals}f}{sign}", f"{now:.{decimals}f}{sign}"
    return then, here


def _of_shares(before: Share, now: Share) -> float:
    """How often chance alone parts them as far."""
    whole, part = before.whole + now.whole, min(now.part, now.whole)
    parts = min(before.part, before.whole) + part
    if min(parts, whole - parts) * min(before.whole, now.whole) < FEWEST_EXPECTED * whole:
        return _exactly(part, now.whole, parts, whole)
    pooled = parts / whole
    return _chance(now.value - before.value, sqrt(pooled * (1 - pooled) * (1 / before.whole + 1 / now.whole)))


def _exactly(part: int, here: int, parts: int, whole: int) -> float:
    """Of all ways to deal `parts` among `whole`, those that are as rare as `part` of them among `here`, or rarer."""
    least, most, rest = max(0, parts + here - whole), min(parts, here), whole - parts - here
    middle = (parts + 1) * (here + 1) // (whole + 2)  # the likeliest: from there on both sides each by the one before
    likely = {middle: 1.0}
    for k in range(middle, most):
        likely[k + 1] = likely[k] * (parts - k) * (here - k) / ((k + 1) * (rest + k + 1))
    for k in range(middle, least, -1):
        likely[k - 1] = likely[k] * k * (rest + k) / ((parts - k + 1) * (here - k + 1))
    as_rare = likely[part] * (1 + 1e-9)
    return sum(one for one in likely.values() if one <= as_rare) / sum(likely.values())


def _chance(difference: float, error: float) -> float:
    """Two-sided, of a normal distribution."""
    z = abs(difference) / error if error else (inf if difference else 0.0)
    return erfc(z / sqrt(2))
