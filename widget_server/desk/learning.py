"""What the desk's own work teaches: labels from cases, weights fitted to them, and which weights a site uses.

Reads labels and responses, lets `scoring.fit` find weights, keeps them beside the earlier ones. Flushes; edges commit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from widget_server.clock import DAY, HOUR, now_ms
from widget_server.database import db
from widget_server.errors import Conflict, NotFound
from widget_server.followup.models import FollowUp
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Response
from widget_server.scoring.assessment import values_of
from widget_server.scoring.labelling import NEED, needs_of
from widget_server.scoring.labels import Count, counted, of_cases
from widget_server.scoring.models import AssessmentRow, Label, ScoringModel
from widget_server.scoring.operations import active_weights, readings_of, text_model
from widget_server.scoring.rescoring import newest
from widget_server.scoring.weights import to_json

if TYPE_CHECKING:
    from widget_server.scoring.fit import Example, Fitted

FROM_CASES = ("not_a_failure", "opened_by_hand", "outcome")


@dataclass(frozen=True)
class Lesson:
    """What a fit found, before anything was kept."""

    count: Count
    fitted: Fitted


def gather(site_id: int | None = None, changed_since: int = 0) -> int:
    """Bring the labels that stand for cases to what the cases say now. Returns how many changed.

    A case that staff dismissed needed no help; one that they opened by hand or worked to its end did. A case that was
    opened again says nothing until it ends.
    """
    scope = [Case.changed_at >= changed_since]
    if site_id is not None:
        scope.append(Case.site_id == site_id)
    said = {row.response_id: row for row in db.session.execute(_of_cases(scope))}
    known: dict[int, list[Label]] = {}
    in_scope = select(CaseResponse.response_id).join(Case, Case.id == CaseResponse.case_id).where(*scope)
    kept = select(Label).where(Label.aspect == NEED, Label.source.in_(FROM_CASES), Label.response_id.in_(in_scope))
    for label in db.session.scalars(kept):
        known.setdefault(label.response_id, []).append(label)
    changed = 0
    for response_id, row in said.items():
        facts = {"dismissed": row.dismissed, "by_hand": row.by_hand, "helped": row.helped}
        wanted = of_cases({name: bool(value) for name, value in facts.items()})
        before = {(one.source, one.value) for one in known.get(response_id, [])}
        if before == ({wanted} if wanted else set()):
            continue
        changed += 1
        _put(response_id, row.site_id, wanted, row.changed_at)
    db.session.flush()
    return changed


def gather_recent(now: int) -> int:
    """For the worker, each ten minutes: cases that changed within the last hours."""
    return gather(changed_since=now - 6 * HOUR)


def learn(site_id: int) -> Lesson:
    """Fit weights to a site's labels, beside those that it uses. Reads only; takes seconds.

    Raises:
        Conflict: there are too few labels; says what is missing.
    """
    from widget_server.scoring.fit import fit

    labels = needs_of(site_id)
    count = counted(labels)
    if not count.enough:
        raise Conflict(f"Too few labels for weights of its own: {', '.join(count.lacking)}.")
    used = active_weights(site_id)
    name = f"own-{1 + (db.session.scalar(_how_many(site_id)) or 0)}"
    examples = [example for label in labels if (example := _example(label.response_id, label.value, label.by_people))]
    db.session.rollback()  # nothing is held while it calculates
    return Lesson(count, fit(examples, used, name))


def keep_model(site_id: int, lesson: Lesson, *, by: str, use: bool) -> ScoringModel:
    """Keep what was found; where asked for, use it from the next response on."""
    row = ScoringModel(
        site_id=site_id,
        name=lesson.fitted.weights.id,
        weights=to_json(lesson.fitted.weights),
        figures=lesson.fitted.figures,
        reads=text_model()[:30],
        labels=lesson.count.total,
        made_by=by,
        made_at=now_ms(),
        active=False,
    )
    db.session.add(row)
    db.session.flush()
    if use:
        use_model(site_id, row.name)
    return row


def use_model(site_id: int, name: str) -> None:
    """Score by this model from the next response on; "shipped" goes back to the weights that came with the release."""
    db.session.execute(update(ScoringModel).where(ScoringModel.site_id == site_id).values(active=False))
    if name == "shipped":
        return
    known = (ScoringModel.site_id == site_id, ScoringModel.name == name)
    found = db.session.scalar(select(ScoringModel).where(*known))
    if found is None:
        raise NotFound(f"There is no model {name!r} here: 'widget-server scoring models' lists them.")
    found.active = True
    db.session.flush()


def models_of(site_id: int) -> list[ScoringModel]:
    return list(
        db.session.scalars(select(ScoringModel).where(ScoringModel.site_id == site_id).order_by(ScoringModel.id))
    )


def flagged_by_rescoring() -> ColumnElement[bool]:
    """Of a row of `responses`: the newest reading flags it, the model before it did not, and nobody has looked: no case,
    no correction. Begins with the few that are marked, however many responses there are."""
    later = aliased(AssessmentRow)
    overtaken = exists().where(later.response_id == AssessmentRow.response_id, later.id > AssessmentRow.id)
    marked = aliased(select(AssessmentRow.response_id).where(AssessmentRow.newly, ~overtaken).subquery())
    return and_(
        Response.id.in_(select(marked.c.response_id)),
        Response.state == "kept",
        ~exists().where(CaseResponse.response_id == Response.id).correlate(Response),
        ~exists().where(FollowUp.response_id == Response.id).correlate(Response),
        ~exists().where(Label.response_id == Response.id, Label.aspect == NEED, Label.value == "no").correlate(Response),
    )


def count_flagged_by_rescoring(site_id: int) -> int:
    wanted = select(func.count()).select_from(Response).where(Response.site_id == site_id, flagged_by_rescoring())
    return db.session.scalar(wanted) or 0


@dataclass(frozen=True)
class News:
    """What a rescoring has to tell staff."""

    left: int  # still to be read again
    flagged: int  # that would be flagged now


def news_of_rescoring(site_id: int) -> News | None:
    """Of the last one, while it runs and for a month after it; None where there is nothing to tell."""
    last = newest(site_id)
    if last is None or not last.total or (last.finished_at or now_ms()) < now_ms() - 30 * DAY:
        return None
    left = max(0, last.total - last.done) if last.finished_at is None else 0
    found = News(left, count_flagged_by_rescoring(site_id))
    return found if found.left or found.flagged else None


def _how_many(site_id: int) -> Select[tuple[int]]:
    return select(func.count()).select_from(ScoringModel).where(ScoringModel.site_id == site_id)


def _example(response_id: int, value: str, by_people: bool) -> Example | None:
    from widget_server.scoring.fit import Example

    response = db.session.get(Response, response_id)
    if response is None:
        return None
    readings = readings_of(response)
    if not by_people:
        readings = replace(readings, rating=None)  # it is the label: what is learned is what the rest says
    return Example(response_id, values_of(readings), value == "yes", by_people)


def _of_cases(scope: list[ColumnElement[bool]]) -> Select[tuple[int, int, bool, bool, bool, int]]:
    dismissed = and_(Case.state == "closed", Case.closed_as == "not_a_failure")
    by_hand = and_(Case.opened_by_id.is_not(None), CaseResponse.response_id == Case.first_response_id)
    helped = or_(and_(Case.state == "closed", Case.closed_as == "documented"), Case.satisfied.is_not(None))
    return (
        select(
            CaseResponse.response_id,
            Case.site_id,
            dismissed.label("dismissed"),
            by_hand.label("by_hand"),
            helped.label("helped"),
            Case.changed_at,
        )
        .join(Case, Case.id == CaseResponse.case_id)
        .where(*scope)
    )


def _put(response_id: int, site_id: int, wanted: tuple[str, str] | None, at: int) -> None:
    of_cases = (Label.response_id == response_id, Label.aspect == NEED, Label.source.in_(FROM_CASES))
    db.session.execute(delete(Label).where(*of_cases).execution_options(synchronize_session=False))
    if wanted:
        source, value = wanted
        row = Label(response_id=response_id, site_id=site_id, aspect=NEED, source=source, value=value, at=at)
        db.session.add(row)
