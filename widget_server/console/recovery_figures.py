"""How recovery goes, and where it is needed, as numbers that know their size. Pure: facts come in, figures go out.

All figures are of the cases that were opened in a period, without those that were no failure. What is not over yet counts
where it can: a first answer that is overdue is one that was not in time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from widget_server.console.changes import Compared, beyond_chance, shares
from widget_server.console.figures import Share, share

MOST = 8
"""Rows of one table: what comes after them is rare."""
LONGEST = 60
"""Letters of a label that are shown."""


@dataclass(frozen=True)
class Handled:
    """One case. Times in ms; `satisfied`: False once its customer said that it did not hold, whatever came after; `wrote`:
    how often the customer had to come back before it was resolved; `apologies` of ours until then; `handed`: how often it
    went to somebody else."""

    opened: int
    acknowledged: int | None
    acknowledge_due: int
    resolved: int | None
    resolve_due: int
    reachable: bool
    reopened: int
    satisfied: bool | None
    preventable: bool | None
    wrote: int = 0
    apologies: int = 0
    handed: int = 0


@dataclass(frozen=True)
class Timing:
    """From opening to a step: the median in ms, None without any, and how many made it by their due time."""

    median: int | None
    in_time: Share


@dataclass(frozen=True)
class Summary:
    cases: int
    first_answer: Timing
    solution: Timing
    at_once: Share  # resolved without another word from the customer, and for good
    held: Share  # of those who said whether it held: the cases in which nobody ever said no
    handed_over: Share
    apologised_again: Share
    preventable: Share  # of those about which somebody said


def summary(cases: Sequence[Handled], now: int) -> Summary:
    reachable = [case for case in cases if case.reachable]
    resolved = [case for case in reachable if case.resolved is not None or case.reopened]  # what is open again was, too
    said = [case for case in cases if case.satisfied is not None]
    judged = [case for case in cases if case.preventable is not None]
    return Summary(
        cases=len(cases),
        first_answer=_timing([(one.opened, one.acknowledged, one.acknowledge_due) for one in reachable], now),
        solution=_timing([(one.opened, one.resolved, one.resolve_due) for one in cases], now),
        at_once=share(sum(1 for one in resolved if not one.wrote and not one.reopened), len(resolved)),
        held=share(sum(1 for one in said if one.satisfied), len(said)),
        handed_over=share(sum(1 for one in cases if one.handed), len(cases)),
        apologised_again=share(sum(1 for one in reachable if one.apologies > 1), len(reachable)),
        preventable=share(sum(1 for one in judged if one.preventable), len(judged)),
    )


def _timing(steps: Sequence[tuple[int, int | None, int]], now: int) -> Timing:
    """(opened, done, due) of each: what is done late, or not done and due, was not in time."""
    took = [done - opened for opened, done, _ in steps if done is not None]
    settled = [(done, due) for _, done, due in steps if done is not None or due < now]
    in_time = sum(1 for done, due in settled if done is not None and done <= due)
    return Timing(int(median(took)) if took else None, share(in_time, len(settled)))


def compared(now: Summary, before: Summary) -> list[Compared]:
    """What of them may be called better or worse."""
    pairs = (
        ("The share of first answers in time", before.first_answer.in_time, now.first_answer.in_time),
        ("The share of solutions in time", before.solution.in_time, now.solution.in_time),
        ("The share of cases solved at the first contact", before.at_once, now.at_once),
        ("The share of customers who say that it held", before.held, now.held),
        ("The share of cases that were handed over", before.handed_over, now.handed_over),
        ("The share of cases that looked preventable", before.preventable, now.preventable),
    )
    return [shares(what, then, here) for what, then, here in pairs]


@dataclass(frozen=True)
class Spot:
    """A place, an hour, a release: of the answers from there, those that became cases; beside all other answers."""

    label: str
    here: Share
    elsewhere: Share

    @property
    def short(self) -> str:
        """Its label with the middle left out where it is long: pages of one kind begin alike."""
        return self.label if len(self.label) <= LONGEST else f"{self.label[: LONGEST // 2]}…{self.label[-LONGEST // 2 :]}"


@dataclass(frozen=True)
class Dimension:
    """`said` begins a sentence about one of its spots: 'On {label}'."""

    name: str
    title: str
    said: str
    spots: Sequence[Spot]


Counted = Mapping[str, tuple[int, int]]


def dimension(name: str, title: str, said: str, counted: Counted, most: int | None = MOST) -> Dimension:
    """label → (answers, cases), the most cases first; `most` None: all, in the order given."""
    answers, cases = (sum(pair[at] for pair in counted.values()) for at in (0, 1))
    spots = [
        Spot(label, share(part, whole), share(cases - part, answers - whole)) for label, (whole, part) in counted.items()
    ]
    if most is not None:
        spots.sort(key=lambda spot: (-spot.here.part, -spot.here.whole, spot.label))
    return Dimension(name, title, said, spots[:most])


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """key → title; of several with one title, each with its key."""
    times = Counter(titles.values())
    return {key: title if times[title] == 1 else f"{title} ({key})" for key, title in titles.items()}


def standing_out(dimensions: Iterable[Dimension]) -> list[Compared]:
    """Where more go wrong than elsewhere, beyond chance over all that is shown; the surest first."""
    held = beyond_chance(
        shares(one.said.format(label=spot.short), spot.elsewhere, spot.here, f"by-{one.name}")
        for one in dimensions
        for spot in one.spots
    )
    return [one for one in held if one.rose]


FIVE = 5
"""Steps of the ratings that are compared: satisfied is one of the two best, as it is mostly called of five."""


def rated_by(questions: Iterable[tuple[str, Sequence[int]]]) -> tuple[str, int] | None:
    """Of a survey's questions, each by its key and the numbers of its scale, the first with five steps: its key, and from
    which number on somebody is satisfied."""
    return next(((key, sorted(scale)[-2]) for key, scale in questions if len(scale) == FIVE), None)


def topics(now: Iterable[Sequence[str]], before: Iterable[Sequence[str]]) -> list[tuple[str, Share, Share]]:
    """What the cases are about: (topic, its share of the cases, that of the period before); a case may be about several."""
    here, then = list(now), list(before)
    counts, earlier = (Counter(topic for one in side for topic in set(one)) for side in (here, then))
    return [
        (topic, share(count, len(here)), share(earlier[topic], len(then)))
        for topic, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ][:MOST]
