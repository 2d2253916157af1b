"""Reads behind the surveys screen: how often shown, how often answered, what was said. Kept answers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, select

from widget_server.console.figures import NetScore, Share, net_score, share
from widget_server.database import db
from widget_server.recovery.models import CaseResponse
from widget_server.responses.models import Answer, Display, Response, TextAnswer
from widget_server.surveys.questions.question import Question
from widget_server.surveys.recall import unsaid


@dataclass(frozen=True)
class Counts:
    """Of one survey. Displays may be lost on the way (they are never retried), so the rate is a floor's ceiling."""

    shown: int = 0
    answered: int = 0  # responses of those displays and of others
    finished: int = 0
    cases: int = 0
    last_at: int | None = None
    answered_shown: int = 0  # displays that were counted and led to a response

    @property
    def rate(self) -> Share:
        return share(self.answered_shown, self.shown)


def counts_by_survey(site_id: int) -> dict[str, Counts]:
    """survey key → its counts, in four grouped reads."""
    of_site = (Response.site_id == site_id, Response.state.in_(("kept", "archived")))
    answered = {
        key: (n, finished, last)
        for key, n, finished, last in db.session.execute(
            select(
                Response.survey_key,
                func.count(),
                func.sum(when((Response.finished.is_(True), 1), else_=0)),
                func.max(Response.received_at),
            )
            .where(*of_site)
            .group_by(Response.survey_key)
        )
    }
    shown = _grouped(
        select(Display.survey_key, func.count())
        .where(Display.site_id == site_id, Display.shown_at.is_not(None))
        .group_by(Display.survey_key)
    )
    led = _grouped(
        select(Display.survey_key, func.count(func.distinct(Display.display_id)))
        .join(Response, (Response.display_id == Display.display_id) & (Response.site_id == Display.site_id))
        .where(Display.site_id == site_id, Display.shown_at.is_not(None), *of_site)
        .group_by(Display.survey_key)
    )
    cases = _grouped(
        select(Response.survey_key, func.count(func.distinct(CaseResponse.case_id)))
        .join(CaseResponse, CaseResponse.response_id == Response.id)
        .where(*of_site)
        .group_by(Response.survey_key)
    )
    keys = {*answered, *shown}
    nothing = (0, 0, None)
    return {
        key: Counts(
            shown=shown.get(key, 0),
            answered=answered.get(key, nothing)[0],
            finished=int(answered.get(key, nothing)[1] or 0),
            last_at=answered.get(key, nothing)[2],
            cases=cases.get(key, 0),
            answered_shown=led.get(key, 0),
        )
        for key in keys
    }


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
    mean: float | None = None
    net: NetScore | None = None
    words: Sequence[tuple[Response, str]] = ()


def tally(site_id: int, survey_key: str, question: Question, language: str) -> Tally:
    """Count one question's answers over all versions: a key keeps its type for good."""
    wording, *variants = (unsaid(text) for text in question.wordings(language))
    if question.kind.is_written:
        total, newest = _words(site_id, survey_key, question.key)
        return Tally(question, wording, total, variants, words=newest)
    counted = _counted(site_id, survey_key, question.key)
    answered = _answered(site_id, survey_key, question.key)
    bars = [Bar(label, share(n, answered)) for label, n in question.kind.bars(question, counted, language)]
    net = net_score({int(number): n for number, _, n in counted if number is not None}) if question.type == "nps" else None
    return Tally(question, wording, answered, variants, bars=bars, mean=_mean(question, counted), net=net)


def _of_question(site_id: int, survey_key: str, question: str) -> tuple[Any, ...]:
    return (
        Response.site_id == site_id,
        Response.survey_key == survey_key,
        Response.state.in_(("kept", "archived")),
        Answer.question == question,
    )


def _counted(site_id: int, survey_key: str, question: str) -> list[tuple[float | None, str | None, int]]:
    rows = db.session.execute(
        select(Answer.number, Answer.key, func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(*_of_question(site_id, survey_key, question))
        .group_by(Answer.number, Answer.key)
    )
    return [(number, key, n) for number, key, n in rows]


def _answered(site_id: int, survey_key: str, question: str) -> int:
    wanted = select(func.count(func.distinct(Answer.response_id))).join(
        Response, Response.id == Answer.response_id
    )
    return db.session.scalar(wanted.where(*_of_question(site_id, survey_key, question))) or 0


def _mean(question: Question, counted: list[tuple[float | None, str | None, int]]) -> float | None:
    total = sum(n for number, _, n in counted if number is not None)
    if not question.scale or not total:
        return None
    return sum(number * n for number, _, n in counted if number is not None) / total


def _words(
    site_id: int, survey_key: str, question: str, most: int = 5
) -> tuple[int, list[tuple[Response, str]]]:
    of_question = (
        Response.site_id == site_id,
        Response.survey_key == survey_key,
        Response.state == "kept",
        TextAnswer.question == question,
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
