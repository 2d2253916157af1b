"""The edge of scoring: reads a response with its texts and its survey's version, writes what was made of it.

One row for each response, model and snapshot; asking again returns the row that is there. Flushes, never commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import has_app_context
from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError

from widget_server import clock
from widget_server.config import settings
from widget_server.database import db
from widget_server.responses.models import Response, TextAnswer
from widget_server.responses.prepared import Insert
from widget_server.scoring.analysers import ENSEMBLE
from widget_server.scoring.analysis import Hints, analyze
from widget_server.scoring.assessment import Choice, Readings, assess
from widget_server.scoring.combination import model_id
from widget_server.scoring.friction import TOPICS, WEIGHTS
from widget_server.scoring.models import AssessmentRow, ScoringModel
from widget_server.scoring.ratings import rating_of, worst
from widget_server.scoring.signals import signals_of
from widget_server.scoring.weights import SHIPPED, Weights, of_json
from widget_server.surveys.queries import content_of

TOPIC_QUESTION = "topic"
"""The key of the question whose chosen options are topics as they stand; elsewhere those that bear a topic's name."""


@dataclass(frozen=True)
class Placed:
    """One written answer and where it starts in the text that is scored as a whole."""

    question: str
    start: int
    text: str


def warm_up() -> None:
    """Load the models before the first response is due: a second or two, once, in the worker."""
    analyze("warm up the models that read a text", "en", analysers=_analysers())


def assess_response(response: Response) -> AssessmentRow:
    """Score the newest snapshot of a response, once for each model: the row of an earlier call is returned as it is."""
    return assess_with(response, active_weights(response.site_id))


def assess_with(response: Response, weights: Weights) -> AssessmentRow:
    """The same with these weights. Readers take the newest row: one that another model came after is made anew."""
    known = _known(response, weights)
    if known is not None and not _overtaken(known):
        return known
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    row = AssessmentRow(**_columns(response, weights, _texts(response.id)))
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # another worker was first
        if (known := _known(response, weights)) is None:
            raise
        return known
    return row


def assess_some(responses: Sequence[Response]) -> list[AssessmentRow]:
    """Several at once, in their order: what they have in common is asked for once, and the rows go in together.

    The new rows stand in the database, not in the session. What was read before goes the way of `assess_response`.

    Raises:
        IntegrityError: another worker was first with one of them; then none is written.
    """
    ids = [response.id for response in responses]
    before = set(db.session.scalars(_any_before, {"ids": ids}))
    texts: dict[int, list[tuple[str, str]]] = {}
    for id, question, text in db.session.execute(_texts_of, {"ids": ids}):
        texts.setdefault(id, []).append((question, text))
    weights = {site_id: active_weights(site_id) for site_id in {response.site_id for response in responses}}
    made, fresh = [], []
    for response in responses:
        if response.id in before:
            made.append(assess_with(response, weights[response.site_id]))
            continue
        columns = _columns(response, weights[response.site_id], texts.get(response.id, []))
        fresh.append(columns)
        made.append(AssessmentRow(**columns))
    _add_rows.all(db.session.connection(), fresh)
    return made


_any_before = select(AssessmentRow.response_id).where(AssessmentRow.response_id.in_(bindparam("ids", expanding=True)))
_texts_of = (
    select(TextAnswer.response_id, TextAnswer.question, TextAnswer.text)
    .where(TextAnswer.response_id.in_(bindparam("ids", expanding=True)))
    .order_by(TextAnswer.response_id, TextAnswer.question)
)
_add_rows = Insert(cast("Table", AssessmentRow.__table__))


def readings_of(response: Response) -> Readings:
    """A response as it is read now."""
    return read(response.answers, _place(_texts(response.id)), _content(response), response.language, response.context)


def active_weights(site_id: int) -> Weights:
    """Those that the site fitted to its labels and uses, else the shipped ones. Asked for at each response: a change
    counts from the next one on."""
    stored = db.session.scalar(_active, {"site": site_id})
    return of_json(stored) if stored else SHIPPED


_active = select(ScoringModel.weights).where(ScoringModel.site_id == bindparam("site"), ScoringModel.active)


def scores_as(weights: Weights) -> str:
    """What an assessment names as its model: the weights, and what read the text."""
    return _named(weights.id)


def text_model() -> str:
    """What reads texts in this installation: the learned model's own name, and those of other analysers chosen."""
    return "+".join(model_id() if name == ENSEMBLE else name for name in _analysers())


def read(
    answers: Mapping[str, Any], placed: list[Placed], content: Mapping[str, Any], form: str, context: Mapping[str, Any]
) -> Readings:
    """All readings of one response, not yet weighed."""
    questions = content.get("questions") or []
    text = "\n".join(one.text for one in placed)
    analysis = analyze(text, None, Hints(form, (_text(context.get("locale")),)), _analysers())
    return Readings(
        rating=worst(rating_of(question["type"], answers.get(question["key"])) for question in questions),
        has_text=bool(text.strip()),
        language=analysis.language,
        analysis=analysis,
        friction=analysis.friction,
        signals=signals_of(context.get("signals")),
        choices=tuple(_choices(questions, answers, form)),
    )


def _content(response: Response) -> Mapping[str, Any]:
    return content_of(response.version_id) if response.version_id is not None else {}


def _analysers() -> tuple[str, ...]:
    """Those that the installation chose; outside an application, as in tests of the scoring alone, the usual one."""
    return settings().analysers if has_app_context() else (ENSEMBLE,)


def _known(response: Response, weights: Weights) -> AssessmentRow | None:
    return db.session.scalar(
        select(AssessmentRow).where(
            AssessmentRow.response_id == response.id,
            AssessmentRow.model == scores_as(weights),
            AssessmentRow.revision == response.seq,
        )
    )


def _overtaken(known: AssessmentRow) -> bool:
    later = (AssessmentRow.response_id == known.response_id, AssessmentRow.id > known.id)
    return db.session.scalar(select(AssessmentRow.id).where(*later).limit(1)) is not None


def _texts(response_id: int) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(TextAnswer.question, TextAnswer.text)
        .where(TextAnswer.response_id == response_id)
        .order_by(TextAnswer.question)
    )
    return [(question, text) for question, text in rows]


def _place(texts: list[tuple[str, str]]) -> list[Placed]:
    placed, start = [], 0
    for question, text in texts:
        placed.append(Placed(question, start, text))
        start += len(text) + 1
    return placed


def _choices(questions: list[Mapping[str, Any]], answers: Mapping[str, Any], form: str) -> list[Choice]:
    """Chosen options to which the author gave a `friction` of mild, friction or strong; others are neutral."""
    found = []
    for question in questions:
        chosen = answers.get(question["key"])
        for option in question.get("options") or []:
            kind = option.get("friction")
            if kind in WEIGHTS and (option["key"] == chosen or (isinstance(chosen, list) and option["key"] in chosen)):
                label = option["label"].get(form) or next(iter(option["label"].values()), option["key"])
                found.append(Choice(question["key"], label, kind, WEIGHTS[kind]))
    return found


def _topics(readings: Readings, content: Mapping[str, Any], response: Response) -> list[str]:
    """What the visitor chose comes first, then what the words are about."""
    chosen = []
    for question in content.get("questions") or []:
        answer = response.answers.get(question["key"])
        keys = answer if isinstance(answer, list) else [answer]
        for option in question.get("options") or []:
            if option["key"] in keys and (question["key"] == TOPIC_QUESTION or option["key"] in TOPICS):
                chosen.append(option["key"])
    return list(dict.fromkeys([*chosen, *readings.friction.topics]))


def _evidence(readings: Readings, placed: list[Placed]) -> list[dict[str, Any]]:
    """Spans of each written answer, in code points of that answer, in the order of the text."""
    friction = readings.friction
    spans = [
        *((cue.start, cue.end, cue.kind) for cue in (*friction.standing, *friction.resolved, *friction.stakes)),
        *((cue.start, cue.end, "resolved") for cue in friction.righted),
        *((span.start, span.end, span.kind) for span in readings.analysis.evidence),
    ]
    found = []
    for start, end, kind in sorted(spans):
        home = next((one for one in reversed(placed) if one.start <= start), None)
        if home is not None:
            low, high = start - home.start, end - home.start
            found.append({"question": home.question, "start": low, "end": high, "text": home.text[low:high], "kind": kind})
    return found


def _columns(response: Response, weights: Weights, texts: list[tuple[str, str]]) -> dict[str, Any]:
    """Read it, weigh it, and say so in a row's columns."""
    content, placed = _content(response), _place(texts)
    readings = read(response.answers, placed, content, response.language, response.context)
    made = assess(readings, weights)
    return {
        "site_id": response.site_id,
        "response_id": response.id,
        "model": _named(made.weights),
        "revision": response.seq,
        "language": readings.language.code if readings.has_text else None,
        "language_confidence": readings.language.confidence if readings.has_text else None,
        "supported": readings.analysis.supported,
        "polarity": readings.analysis.polarity,
        "label": readings.analysis.label,
        "friction": made.friction,
        "needs_recovery": made.needs_recovery,
        "threshold": made.threshold,
        "likelihood": made.likelihood,
        "flagged": made.flagged,
        "newly": False,
        "severity": made.severity.level,
        "severity_reasons": list(made.severity.reasons),
        "preventable": readings.friction.preventable,
        "topics": _topics(readings, content, response),
        "signs": list(readings.friction.signs),
        "terms": [{**vars(term)} for term in made.terms],
        "reasons": list(made.reasons),
        "evidence": _evidence(readings, placed),
        "created_at": clock.now_ms(),
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _named(weights_id: str) -> str:
    return f"{weights_id}/{text_model()}"[:60]
