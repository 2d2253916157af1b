"""What got in somebody's way, by cues: third step of scoring. Friction is not sentiment: no negative word is needed.

A *resolved* cue ("no problems", "never a delay", "if my payment fails") cancels what it covers, a negator before a
negatable cue does the same, and a cue inside a plain question counts less. What was put right is still told as friction
that was, and opens no case: only cues that *stand* do. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache, reduce
from itertools import accumulate, chain
from typing import NamedTuple

from widget_server.scoring.dictionary import REACH, Dictionary, Match, dictionary, languages
from widget_server.scoring.frames import NOTHING, Frames, frames_of, righted_before, telling_put_right
from widget_server.scoring.language import Language
from widget_server.scoring.words import STOPS, Unit

_STOP = re.compile(f"[{STOPS}]+")
WEIGHTS = {"severe": 0.9, "strong": 0.85, "friction": 0.5, "mild": 0.2}
"""How surely each kind of cue alone means that something got in the way."""
IN_QUESTION = {"severe": 0.6, "strong": 0.6, "friction": 0.3, "mild": 0.3}
"""What is left of it in a plain question ("how do I …")."""
TOPICS = frozenset(
    ("checkout", "payment", "login", "delivery", "booking", "staff", "price", "performance", "content", "accessibility")
)
"""The areas of a site that cues and chosen options are sorted by."""
SURE = 0.8
"""Below this confidence in the language, the form's language and English are looked up too."""


class Cue(NamedTuple):
    kind: str
    start: int  # code points
    end: int
    text: str
    weight: float
    topics: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    severity: int | None = None
    preventable: bool = False


class Friction(NamedTuple):
    score: float  # 0…1
    cues: tuple[Cue, ...]  # that count, in the order of the text
    resolved: tuple[Cue, ...]  # told as not having happened, or as put right
    stakes: tuple[Cue, ...]  # a wedding, a hospital: what makes a failure grave, and is none itself
    topics: tuple[str, ...]
    signs: tuple[str, ...]
    questions: float  # share of the sentences that are plain questions, 0…1
    languages: tuple[str, ...]  # whose cues were looked up; empty: we have none
    frames: Frames = NOTHING
    standing: tuple[Cue, ...] = ()  # cues that nothing put right afterwards: what opens a case

    @property
    def preventable(self) -> bool:
        """Whether something that stands is told as what need not have happened."""
        return any(cue.preventable for cue in self.standing)

    @property
    def righted(self) -> tuple[Cue, ...]:
        """Cues of what was put right in the end."""
        return tuple(cue for cue in self.cues if cue not in self.standing)

    @property
    def span(self) -> tuple[int, int] | None:
        """From where the first cue that counts begins to where the last one ends."""
        return (self.cues[0].start, max(cue.end for cue in self.cues)) if self.cues else None

    @property
    def put_right(self) -> bool:
        """Whether what was told, or anything, is told as put right in the end."""
        return self.frames.put_right(max((cue.start for cue in self.cues), default=-1))


def friction_of(text: str, language: Language, form: str | None) -> Friction:
    """Look up the cues of the text's language; where that is uncertain, of the form's and of English too."""
    spoken = cue_languages(language, form)
    if not text.strip():
        return _nothing(spoken)
    found = [_look_up(text, dictionary(code)) for code in spoken]
    if all(part is NOT_FOUND for part in found):
        return _nothing(spoken)
    resolved = [match for part in found for match in part.resolved]
    cues = _apart(_standing([match for part in found for match in part.cues], resolved))
    asked = frozenset().union(*[part.asked for part in found])
    kept = tuple([_cue(text, match, in_question=match.start in asked) for match in cues])
    frames = reduce(Frames.joined, [part.frames for part in found])
    standing = _standing_cues(text, kept, cues, frames, [match for part in found for match in part.righted])
    topics = [topic for part in found for match in part.topics for topic in match.group.topics]
    return Friction(
        score=combined([(cue.text.casefold(), cue.weight) for cue in kept]) if kept else 0.0,
        cues=kept,
        resolved=tuple([_cue(text, match, kind="resolved") for match in _apart(resolved)]),
        stakes=tuple([_cue(text, match) for part in found for match in _apart(part.stakes)]),
        topics=tuple(dict.fromkeys([*(topic for cue in kept for topic in cue.topics), *topics])),
        signs=tuple(dict.fromkeys([sign for cue in kept for sign in cue.signs])),
        questions=max([part.questions for part in found]),
        languages=spoken,
        frames=frames,
        standing=standing,
    )


@lru_cache(maxsize=64)
def _nothing(spoken: tuple[str, ...]) -> Friction:
    return Friction(0.0, (), (), (), (), (), 0.0, spoken)


def _standing_cues(
    text: str, kept: tuple[Cue, ...], cues: list[Match], frames: Frames, righted: list[Match]
) -> tuple[Cue, ...]:
    """Cues that nothing put right afterwards. Harm stands: it can't be made good."""
    if not cues or not righted:
        return kept
    asked = _asked(text, righted)
    told = [match for match in righted if match.sentence not in asked]
    if not told or not frames.put_right(max(match.start for match in cues)):
        return kept
    over = righted_before(cues, told)
    return tuple([cue for cue in kept if cue.start not in over or cue.kind == "severe"])


def cue_languages(language: Language, form: str | None) -> tuple[str, ...]:
    """Whose cue files to use, the likeliest first."""
    wanted = [language.code, form, "en"] if language.confidence < SURE else [language.code]
    return tuple(dict.fromkeys(code for code in wanted if code in languages()))


def combined(weighed: Sequence[tuple[str, float]]) -> float:
    """1 − Π(1 − weight), saying a thing twice counting once; below 1 always."""
    left = 1.0
    for weight in dict(sorted(weighed, key=lambda pair: pair[1])).values():
        left *= 1.0 - weight
    return min(0.99, round(1.0 - left, 4))


class _Found(NamedTuple):
    cues: list[Match]
    resolved: list[Match]
    stakes: list[Match]
    topics: list[Match]
    asked: frozenset[int]  # where in the text the cues stand that are part of a plain question
    questions: float
    frames: Frames
    righted: list[Match]


NOT_FOUND = _Found([], [], [], [], frozenset(), 0.0, NOTHING, [])


def _look_up(text: str, words: Dictionary) -> _Found:
    units = words.units(text)
    by_kind: dict[str, list[Match]] = {}
    matches = words.matches(units)
    if not matches:
        return NOT_FOUND
    for match in matches:
        by_kind.setdefault(match.group.kind, []).append(match)
    kinds = by_kind.get
    undone = {match.first for match in kinds("undone", ())}
    cues = _apart([match for kind in WEIGHTS if kind in by_kind for match in by_kind[kind]])
    so = _never_so(kinds("never_so", ()), cues, words.spaceless)
    resolved = [
        match for match in kinds("resolved", ()) if undone.isdisjoint(chain(*match.passed)) and match.last not in so
    ]
    negators, reach = [match for match in kinds("negator", ()) if match.last not in so], REACH[words.spaceless]
    negated = [*_negated(cues, negators, units, reach), *_never(cues, by_kind, units, reach + 1)] if cues else []
    righted: list[Match] = []
    if "righted" in by_kind:
        turned = undone | {match.last for match in negators}
        righted = telling_put_right(by_kind["righted"], cues, units, turned, reach)
    asking = {match.sentence for match in kinds("asking", ()) if _opens(match, units, words.spaceless)}
    if "supposed" in by_kind:
        asking |= _asked(text, by_kind["supposed"])
    return _Found(
        cues=[match for match in cues if match not in negated] if negated else cues,
        resolved=[*resolved, *negated],
        stakes=kinds("stakes", []),
        topics=kinds("topic", []),
        asked=frozenset([match.start for match in cues if match.sentence in asking] if asking else ()),
        questions=len(asking) / max(1, len({unit.sentence for unit in units})) if asking else 0.0,
        frames=frames_of(by_kind, righted),
        righted=righted,
    )


def _asked(text: str, matches: Sequence[Match]) -> set[int]:
    """Which of their sentences end as questions: "when will it be fixed?" tells of nothing fixed."""
    last = {match.sentence: match.end for match in matches}
    return {sentence for sentence, end in last.items() if (stop := _STOP.search(text, end)) and "?" in stop.group()}


def _opens(match: Match, units: list[Unit], spaceless: bool) -> bool:
    """An asking phrase stands at the head of its sentence ("Hi, how do I …"); in Thai it stands anywhere."""
    head = max(0, match.first - 3)
    return spaceless or match.first < 3 or units[head].sentence != match.sentence


def _negated(cues: list[Match], negators: list[Match], units: list[Unit], reach: int) -> list[Match]:
    """Negatable cues with a negator shortly before them in the same clause, that is not itself part of a cue."""
    if not cues or not negators:
        return []
    used = {place for cue in cues for place in range(cue.first, cue.last + 1)}
    ends = {match.last for match in negators if match.first not in used}
    return [
        cue
        for cue in cues
        if cue.group.negatable
        and any(
            place in ends and units[place].clause == units[cue.first].clause
            for place in range(max(0, cue.first - 1 - reach), cue.first)
        )
    ]


def _never(cues: list[Match], by_kind: dict[str, list[Match]], units: list[Unit], reach: int) -> list[Match]:
    """Cues of any kind that "never" turns: "never a parcel lost". Not "never so slow", not what was never put right."""
    others = (*cues, *by_kind.get("as_never", ()), *by_kind.get("never_so", ()))
    used = {at for match in others for at in range(match.first, match.last + 1)}
    ends = sorted(match.last for match in by_kind.get("never", ()) if used.isdisjoint(range(match.first, match.last + 1)))
    righted = sorted(match.first for match in by_kind.get("righted", ()))
    found = []
    for cue in cues if ends else ():
        at = bisect_left(ends, cue.first) - 1
        near = at >= 0 and cue.first - ends[at] <= reach and units[ends[at]].clause == units[cue.first].clause
        if near and bisect_left(righted, ends[at]) == bisect_left(righted, cue.first):
            found.append(cue)
    return found


def _never_so(found: Sequence[Match], cues: list[Match], spaceless: bool) -> set[int]:
    """The units of a "never so" directly before a cue: it makes it worse ("was never so slow"), what negates in it does
    not. In Thai what measures comes behind."""
    firsts = {cue.first for cue in cues} if found else set()
    worse = [so for so in found if spaceless or so.last in firsts or so.last + 1 in firsts]
    return {at for so in worse for at in range(so.first, so.last + 1)}


def _standing(cues: list[Match], resolved: list[Match]) -> list[Match]:
    """Cues without those inside a resolved one, or running out of it. One that begins before it, or says as much,
    stands: "nothing works" over "works perfectly", "problem was not solved" over "problem … solved"."""
    if not cues or not resolved:
        return cues
    furthest: dict[int, int] = {}
    for match in resolved:
        furthest[match.start] = max(match.end, furthest.get(match.start, 0))
    starts = sorted(furthest)
    reached = list(accumulate((furthest[start] for start in starts), max))
    kept = []
    for cue in cues:
        earlier = bisect_left(starts, cue.start)
        inside = earlier and reached[earlier - 1] > cue.start
        if not inside and furthest.get(cue.start, 0) <= cue.end:
            kept.append(cue)
    return kept


def _apart(matches: list[Match]) -> list[Match]:
    """Where cues overlap, the longest; of equally long ones the weightiest. In the order of the text."""
    if len(matches) < 2:
        return matches
    taken: set[int] = set()
    kept = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, -WEIGHTS.get(m.group.kind, 0.0), m.start)):
        places = range(match.start, match.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _cue(text: str, match: Match, *, kind: str | None = None, in_question: bool = False) -> Cue:
    group = match.group
    weight = WEIGHTS.get(kind or group.kind, 0.0)
    return Cue(
        kind=kind or group.kind,
        start=match.start,
        end=match.end,
        text=text[match.start : match.end],
        weight=round(weight * IN_QUESTION[group.kind], 4) if in_question and kind is None else weight,
        topics=group.topics,
        signs=group.signs,
        severity=group.severity,
        preventable=group.preventable,
    )
