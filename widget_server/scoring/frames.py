"""How trouble is told: as put right, quickly or not; as still there; or as only supposed. Pure.

"Was broken, but support fixed it at once" holds the words of a failure, and tells of none. What was put right after the
last trouble takes it back; "still", "again" or another trouble after that doesn't let it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from widget_server.scoring.dictionary import Match
from widget_server.scoring.words import Unit

TOLD = ("righted", "swift", "still", "supposed")
TOLD_KINDS = frozenset(TOLD)


class Frames(NamedTuple):
    """Where each way of telling last begins, in code points; −1 where it isn't found."""

    righted: int = -1
    swift: int = -1
    still: int = -1
    supposed: int = -1

    def put_right(self, last_trouble: int) -> bool:
        """Whether the text ends with something put right."""
        return self.righted >= 0 and max(self.righted, self.swift) >= max(last_trouble, self.still)

    def joined(self, other: Frames) -> Frames:
        """With what another language's phrases found."""
        return self if other is NOTHING else Frames(*(max(getattr(self, name), getattr(other, name)) for name in TOLD))


NOTHING = Frames()


def telling_put_right(
    found: Sequence[Match], cues: Sequence[Match], units: Sequence[Unit], turned: set[int], reach: int
) -> list[Match]:
    """What tells that something was put right, of the phrases that may. `turned` are the units that turn what follows:
    "not fixed" tells of none, nor does a part of a cue ("no longer" in "no longer works")."""
    if not found:
        return []
    starts = [cue.first for cue in cues]
    return [
        match
        for match in found
        if not _turned(match, units, turned, reach) and not _within(match, cues, bisect_right(starts, match.first))
    ]


def _within(match: Match, cues: Sequence[Match], after: int) -> bool:
    """Whether it is less than a cue that it stands in."""
    cue = cues[after - 1] if after else None
    return cue is not None and match.last <= cue.last and (match.first, match.last) != (cue.first, cue.last)


def righted_before(cues: Sequence[Match], righted: Iterable[Match]) -> set[int]:
    """Where the cues begin of what was put right: those before it in its sentence, else those of the last sentence that
    has any. "My card was declined. The lift stood still, but was repaired": the card still was."""
    found: set[int] = set()
    starts = [cue.start for cue in cues]
    for match in righted:
        at = bisect_left(starts, match.start) - 1
        sentence = cues[at].sentence if at >= 0 else -1
        while at >= 0 and cues[at].sentence == sentence and cues[at].start not in found:
            found.add(cues[at].start)
            at -= 1
    return found


def frames_of(by_kind: dict[str, list[Match]], righted: list[Match]) -> Frames:
    """From the matches of one language, and those of them that tell of something put right."""
    if TOLD_KINDS.isdisjoint(by_kind):
        return NOTHING
    swift, supposed = by_kind.get("swift", []), by_kind.get("supposed", [])
    covered = {at for match in (*righted, *swift, *supposed) if match.last > match.first for at in _units(match)}
    still = [match for match in by_kind.get("still", ()) if not covered.issuperset(_units(match))]
    return Frames(*(_last(found) for found in (righted, swift, still, supposed)))


def _turned(match: Match, units: Sequence[Unit], turned: set[int], reach: int) -> bool:
    clause, first = units[match.first].clause, match.first
    return any(at in turned and units[at].clause == clause for at in range(max(0, first - 1 - reach), first))


def _units(match: Match) -> range:
    """"Again" in "works again" says nothing of its own: its unit is one of the longer phrase's."""
    return range(match.first, match.last + 1)


def _last(found: Iterable[Match]) -> int:
    return max((match.start for match in found), default=-1)
