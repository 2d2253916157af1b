"""Reads behind the recovery screen: a period's cases with what was done, and the answers that some of them came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from widget_server.console.case_thread import page_of
from widget_server.console.changes import Span
from widget_server.console.queue_reading import newest_assessment
from widget_server.console.recovery_figures import Dimension, Handled, dimension
from widget_server.console.survey_reading import COUNTED, within
from widget_server.console.times import DAYS
from widget_server.console.words import language_name
from widget_server.database import db
from widget_server.recovery.models import Case, CaseEvent, CaseMessage, CaseResponse, Gesture, PromiseRow
from widget_server.recovery.queries import a_failure
from widget_server.responses.models import Answer, Response
from widget_server.scoring.models import AssessmentRow

Pair = tuple[int, int]
AT_ONCE = 20_000
"""Rows in memory, however long the period: PostgreSQL's driver had them all unless it is told how many to ask for."""


def _cases(site_id: int, span: Span) -> list[ColumnElement[bool]]:
    """Opened in the span, and a failure as far as anybody knows."""
    return [Case.site_id == site_id, a_failure(), *within(Case.opened_at, span)]


def handled(site_id: int, span: Span) -> list[Handled]:
    """Each case of the span with what was done about it."""
    of_span = _cases(site_id, span)
    from_them = func.count().filter(CaseMessage.kind == "customer")
    said = {
        id: (wrote, apologies)
        for id, wrote, apologies in db.session.execute(
            select(Case.id, from_them, func.count().filter(CaseMessage.apology.is_(True)))
            .join(CaseMessage, CaseMessage.case_id == Case.id)
            .where(*of_span, CaseMessage.at <= func.coalesce(Case.resolved_at, CaseMessage.at))
            .group_by(Case.id)
        )
    }
    came_again = db.session.execute(  # with another response, which joined
        select(Case.id, func.count())
        .join(CaseResponse, CaseResponse.case_id == Case.id)
        .where(*of_span, CaseResponse.response_id != Case.first_response_id)
        .where(CaseResponse.linked_at <= func.coalesce(Case.resolved_at, CaseResponse.linked_at))
        .group_by(Case.id)
    )
    for id, times in came_again:
        wrote, apologies = said.get(id, (0, 0))
        said[id] = (wrote + times, apologies)
    happened = {id: (handed, yes, no) for id, handed, yes, no in db.session.execute(_events_of(of_span)).tuples()}
    columns: tuple[Any, ...] = (
        Case.id, Case.opened_at, Case.acknowledged_at, Case.acknowledge_due, Case.resolved_at, Case.resolve_due, Case.reach,
        Case.reopened, Case.satisfied, Case.preventable,
    )  # fmt: skip
    found = []
    for id, opened, acknowledged, ack_due, resolved, due, reach, reopened, satisfied, preventable in db.session.execute(
        select(*columns).where(*of_span)
    ):
        handed, yes, no = happened.get(id, (0, 0, 0))
        held = False if no or satisfied is False else True if yes or satisfied else None
        found.append(
            Handled(
                opened, acknowledged, ack_due, resolved, due, reach != "none", reopened, held, preventable,
                *said.get(id, (0, 0)), handed,
            )
        )  # fmt: skip
    return found


def _events_of(of_span: list[ColumnElement[bool]]) -> Select[tuple[int, int, int, int]]:
    """case → how often it was handed over, and how often its customer said that it held, and that it did not.

    The case itself forgets what they said once it is open again: its history does not.
    """
    held = CaseEvent.data["satisfied"].as_boolean()
    handed, said = CaseEvent.kind == "handed_over", CaseEvent.kind == "answered"
    return (
        select(
            Case.id,
            func.count().filter(handed),
            func.count().filter(said, held.is_(True)),
            func.count().filter(said, held.is_(False)),
        )
        .join(CaseEvent, (CaseEvent.case_id == Case.id) & or_(handed, said))
        .where(*of_span)
        .group_by(Case.id)
    )


def promises(site_id: int, span: Span, now: int) -> Pair:
    """Of the promises in these cases that were kept, or whose time is over: (kept in time, all). One that was moved before
    its time was up is told by the one in its place."""
    in_time = (PromiseRow.state == "kept") & (PromiseRow.ended_at <= PromiseRow.due)
    missed = (func.coalesce(PromiseRow.ended_at, now) > PromiseRow.due) & (PromiseRow.state != "kept")
    settled = or_(PromiseRow.state == "kept", missed)
    found = db.session.execute(
        select(func.count().filter(in_time), func.count())
        .join(Case, Case.id == PromiseRow.case_id)
        .where(*_cases(site_id, span), settled)
    ).one()
    return found[0], found[1]


def given(site_id: int, span: Span) -> list[tuple[str, int, int]]:
    """(currency, how many gestures, what they were worth in minor units), the most first."""
    worth = func.sum(Gesture.amount)
    found = db.session.execute(
        select(Gesture.currency, func.count(), worth)
        .join(Case, Case.id == Gesture.case_id)
        .where(*_cases(site_id, span))
        .group_by(Gesture.currency)
        .order_by(worth.desc(), Gesture.currency)
    )
    return [(currency, count, int(amount)) for currency, count, amount in found]


def satisfied(site_id: int, span: Span, asked: Mapping[str, tuple[str, int]], *, after: bool) -> Pair:
    """(those who are satisfied, all who said how much): after a recovery, or else where no case came of it.

    Args:
        asked: survey key → the question's key, and from which number on it is called satisfied.
    """
    found = [0, 0]
    for survey, (question, least) in asked.items():
        of_survey = [Response.site_id == site_id, Response.survey_key == survey, Response.state.in_(COUNTED)]
        said = (
            select(func.count().filter(Answer.number >= least), func.count(Answer.number))
            .select_from(Response)
            .join(Answer, (Answer.response_id == Response.id) & (Answer.question == question))
            .where(*of_survey, *within(Response.received_at, span))
        )
        if not after:
            said = said.outerjoin(CaseResponse, CaseResponse.response_id == Response.id)
            said = said.where(CaseResponse.case_id.is_(None))
        part, whole = db.session.execute(said).one()
        found = [found[0] + part, found[1] + whole]
    return found[0], found[1]


def topics_of(site_id: int, span: Span) -> list[list[str]]:
    """What each case of the span is about, as it was read last."""
    as_read = select(AssessmentRow.topics).join(Case, AssessmentRow.id == newest_assessment())
    return list(db.session.scalars(as_read.where(*_cases(site_id, span))))


def where_it_happens(
    site_id: int, span: Span, left_out: Collection[str], titles: Mapping[str, str]
) -> list[Dimension]:
    """Answers of the span by page, hour, weekday, release, device, language and survey, with those that became cases.

    Args:
        left_out: keys of surveys that ask about a recovery, or whose answers nobody may tell apart.
        titles: what surveys are called, by their keys.
    """
    columns: dict[str, Any] = {
        "page": Response.url,
        "hour": Response.local_hour,
        "day": Response.local_day,
        "release": Response.release,
        "device": Response.context["device"].as_string(),
        "language": Response.language,
        "survey": Response.survey_key,
    }
    of_span = [Response.site_id == site_id, Response.state.in_(COUNTED), *within(Response.received_at, span)]
    if left_out:
        of_span.append(Response.survey_key.not_in(left_out))
    answers = (
        select(*columns.values(), Case.id.is_not(None))
        .select_from(Response)
        .outerjoin(CaseResponse, CaseResponse.response_id == Response.id)
        .outerjoin(Case, (Case.id == CaseResponse.case_id) & a_failure())
        .where(*of_span)
    )
    rows = db.session.execute(answers, execution_options={"yield_per": AT_ONCE})
    # one walk over the rows, counted here: for each of seven columns the database would walk them anew
    found: dict[str, Counter[tuple[Any, bool]]] = {name: Counter() for name in columns}
    for some in rows.partitions():
        *values, became = zip(*some, strict=True)
        for name, column in zip(columns, values, strict=True):
            found[name].update(zip(column, became, strict=True))
    labels = {**LABELS, "survey": lambda key: titles.get(key, key)}
    places = {name: _by_label(labels[name], counted) for name, counted in found.items()}
    return [_dimension(name, counted) for name, counted in places.items() if len(counted) > 1]


def _by_label(called: Callable[[Any], str], counted: Counter[tuple[Any, bool]]) -> dict[str, list[int]]:
    """label → [answers, cases]; what has no label there is left out."""
    places: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (value, became), count in counted.items():
        label = called(value)
        if label:
            places[label][0] += count
            places[label][1] += count if became else 0
    return places


def _weekday(day: str | None) -> str:
    return DAYS[date.fromisoformat(day).weekday()] if day else ""


LABELS: dict[str, Callable[[Any], str]] = {
    "page": lambda url: page_of(url or ""),
    "hour": lambda hour: "" if hour is None else f"{hour:02d}:00",
    "day": _weekday,
    "release": lambda release: release or "",
    "device": lambda device: device or "",
    "language": lambda language: language_name(language) if language else "",
}
TOLD = {
    "page": ("By page", "On {label}"),
    "hour": ("By hour", "From {label} on, for an hour,"),
    "day": ("By weekday", "On {label}s"),
    "release": ("By release", "In release {label}"),
    "device": ("By device", "On a {label}"),
    "language": ("By language", "In {label}"),
    "survey": ("By survey", "In the survey “{label}”"),
}
IN_ORDER: dict[str, Callable[[str], int]] = {"hour": lambda label: int(label[:2]), "day": DAYS.index}


def _dimension(name: str, counted: Mapping[str, list[int]]) -> Dimension:
    title, said = TOLD[name]
    order = IN_ORDER.get(name)
    labels = sorted(counted, key=order) if order else list(counted)
    pairs = {label: (counted[label][0], counted[label][1]) for label in labels}
    return dimension(name, title, said, pairs, *((None,) if order else ()))
