"""Reads behind the surveys screen, of one period: how often shown, how often answered, what was said. Kept answers only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy import case as when

from widget_server.console.changes import Compared, Span, means, net_scores, shares
from widget_server.console.figures import Mean, NetScore, Share, mean, net_score, share
from widget_server.database import db
from widget_server.recovery.models import Case, CaseResponse
from widget_server.recovery.queries import a_failure
from widget_server.responses.models import Answer, Display, Response, TextAnswer
from widget_server.surveys.questions.question import Question
from widget_server.surveys.recall import unsaid

COUNTED = ("kept", "archived")


@dataclass(frozen=True)
class Counts:
    """Of one survey. Displays may be lost on the way (they are never retried), so the rate is a floor's ceiling."""

    shown: int = 0
    answered: int = 0  # responses of those displays and of others
    finished: int = 0
    cases: int = 0
    answered_shown: int = 0  # displays that were counted and led to a response

    @property
    def rate(self) -> Share:
        return share(self.answered_shown, self.shown)

    @property
    def case_rate(self) -> Share:
        return share(self.cases, self.answered)


def counts_by_survey(site_id: int, span: Span, survey_key: str | None = None) -> dict[str, Counts]:
    """survey key → its counts, in four grouped reads. A display counts when it was shown, and by what came of it since."""
    of_site = [Response.site_id == site_id, Response.state.in_(COUNTED)]
    of_displays = [Display.site_id == site_id, Display.shown_at.is_not(None), *within(Display.shown_at, span)]
    if survey_key is not None:
        of_site.append(Response.survey_key == survey_key)
        of_displays.append(Display.survey_key == survey_key)
    received = within(Response.received_at, span)
    answered = {
        key: (n, finished)
        for key, n, finished in db.session.execute(
            select(Response.survey_key, func.count(), func.sum(when((Response.finished.is_(True), 1), else_=0)))
            .where(*of_site, *received)
            .group_by(Response.survey_key)
        )
    }
    shown = _grouped(
        select(Display.survey_key, func.count()).where(*of_displays).group_by(Display.survey_key)
    )
    # from the answers to their displays, each by its key: the other way round every display would look for its answer
    known = exists().where(Display.display_id == Response.display_id, *of_displays).correlate(Response)
    not_before = within(Response.received_at, Span(span.since))
    led = _grouped(
        select(Response.survey_key, func.count(func.distinct(Response.display_id)))
        .where(*of_site, *not_before, Response.display_id.is_not(None), known)
        .group_by(Response.survey_key)
    )
    cases = _grouped(
        select(Response.survey_key, func.count(func.distinct(CaseResponse.case_id)))
        .join(CaseResponse, CaseResponse.response_id == Response.id)
        .join(Case, (Case.id == CaseResponse.case_id) & a_failure())
        .where(*of_site, *received)
        .group_by(Response.survey_key)
    )
    keys = {*answered, *shown}
    nothing = (0, 0)
    return {
        key: Counts(
            shown=shown.get(key, 0),
            answered=answered.get(key, nothing)[0],
            finished=int(answered.get(key, nothing)[1] or 0),
            cases=cases.get(key, 0),
            answered_shown=led.get(key, 0),
        )
        for key in keys
    }


def last_answers(site_id: int, survey_keys: Iterable[str]) -> dict[str, int]:
    """survey key → when it was last answered, ever. By an index, whatever the years hold."""
    found = {}
    for key in survey_keys:
        of_survey = select(Response.received_at).where(Response.site_id == site_id, Response.survey_key == key)
        newest = [
            db.session.scalar(of_survey.where(Response.state == state).order_by(Response.received_at.desc()).limit(1))
            for state in COUNTED
        ]
        if any(newest):
            found[key] = max(at for at in newest if at)
    return found


def within(moment: Any, span: Span) -> list[ColumnElement[bool]]:
    """A column of moments, held to a span."""
    asked = []
    if span.since is not None:
        asked.append(moment >= span.since)
    if span.until is not None:
        asked.append(moment < span.until)
    return asked


def _grouped(statement: Any) -> dict[str, int]:
    return {str(key): int(n) for key, n in db.session.execute(statement).all()}


@dataclass(frozen=True)
class Bar:
    label: str
    share: Share


@dataclass(frozen=True)
class Tally:
    """The answers to one question: bars for what can be counted, the newest words for what was written."""

    question: Question
    wording: str
    answered: int
    variants: Sequence[str] = ()  # how else it was put, after other answers
    bars: Sequence[Bar] = ()
    mean: Mean | None = None
    net: NetScore | None = None
    words: Sequence[tuple[Response, str]] = ()

    def share_of(self, label: str) -> Share:
        """Of those who answered, who said this: nobody, where nobody did."""
        return next((bar.share for bar in self.bars if bar.label == label), share(0, self.answered))


CHOSEN = ("choice", "choices", "yes_no", "thumbs")
"""Types whose answers are compared one by one; of those with two answers the first says it all."""


def compared(counts: Counts, before: Counts, tallies: Sequence[Tally], tallies_before: Sequence[Tally]) -> list[Compared]:
    """Every figure of a survey's page that stands for two periods."""
    found: list[Compared | None] = [
        shares("The share of those who answer when they are asked", before.rate, counts.rate),
        shares("The share of answers that become cases", before.case_rate, counts.case_rate),
    ]
    for now, then in zip(tallies, tallies_before, strict=True):
        wording, anchor = f"“{now.wording}”", f"q-{now.question.key}"
        if now.net or then.net:
            found.append(net_scores(f"The net score of {wording}", then.net, now.net, anchor))
        elif now.mean and then.mean:
            found.append(means(f"The mean of {wording}", then.mean, now.mean, anchor))
        elif now.question.type in CHOSEN:
            bars = now.bars if now.question.type in ("choice", "choices") else now.bars[:1]
            found += [shares(f"“{bar.label}” to {wording}", then.share_of(bar.label), bar.share, anchor) for bar in bars]
    return [one for one in found if one is not None]


def tally(site_id: int, survey_key: str, question: Question, language: str, span: Span) -> Tally:
    """Count one question's answers in a span, over all versions: a key keeps its type for good."""
    wording, *variants = (unsaid(text) for text in question.wordings(language))
    if question.kind.is_written:
        total, newest = _words(site_id, survey_key, question.key, span)
        return Tally(question, wording, total, variants, words=newest)
    of_question = _of_question(site_id, survey_key, question.key, span)
    counted, answered = _counted(of_question), _answered(of_question)
    bars = [Bar(label, share(n, answered)) for label, n in question.kind.bars(question, counted, language)]
    numbers = {number: n for number, _, n in counted if number is not None}
    net = net_score({int(number): n for number, n in numbers.items()}) if question.type == "nps" else None
    middle = mean(numbers) if question.scale else None
    return Tally(question, wording, answered, variants, bars=bars, mean=middle, net=net)


Asked = tuple[Any, ...]


def _of_question(site_id: int, survey_key: str, question: str, span: Span) -> Asked:
    return (
        Response.site_id == site_id,
        Response.survey_key == survey_key,
        Response.state.in_(COUNTED),
        Answer.question == question,
        *within(Response.received_at, span),
    )


def _counted(of_question: Asked) -> list[tuple[float | None, str | None, int]]:
    rows = db.session.execute(
        select(Answer.number, Answer.key, func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(*of_question)
        .group_by(Answer.number, Answer.key)
    )
    return [(number, key, n) for number, key, n in rows]


def _answered(of_question: Asked) -> int:
    wanted = select(func.count(func.distinct(Answer.response_id))).join(
        Response, Response.id == Answer.response_id
    )
    return db.session.scalar(wanted.where(*of_question)) or 0


def _words(
    site_id: int, survey_key: str, question: str, span: Span, most: int = 5
) -> tuple[int, list[tuple[Response, str]]]:
    of_question = (
        Response.site_id == site_id,
        Response.survey_key == survey_key,
        Response.state == "kept",
        TextAnswer.question == question,
        *within(Response.received_at, span),
    )
    joined = TextAnswer.response_id == Response.id
    total = db.session.scalar(
        select(func.count()).select_from(TextAnswer).join(Response, joined).where(*of_question)
    )
    newest = db.session.execute(
        select(Response, TextAnswer.text)
        .join(TextAnswer, joined)
        .where(*of_question)
        .order_by(Response.received_at.desc())
        .limit(most)
    )
    return total or 0, [(response, text) for response, text in newest]
