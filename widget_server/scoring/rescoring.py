"""Older responses read again by a new model, in the background, as new assessments beside the old ones.

It begins by itself when what reads texts or the weights in use change, or when it is asked for. It opens, closes and
announces nothing: what would be flagged now is listed for staff. Work that is due goes first, and each step is short.
Its edges are `rescore_some` and `begin_due`: they commit.
"""

from __future__ import annotations

import time
from threading import Event

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from widget_server.clock import DAY, now_ms
from widget_server.database import db, writing
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow, Rescoring
from widget_server.scoring.operations import active_weights, assess_with, scores_as
from widget_server.sites.models import Site

WINDOW = 200
HOLD_SECONDS = 0.02
"""How long one step holds the writers' lock."""
REST_SECONDS = 0.02
"""How long a step is followed by nothing, so that it takes half of a core at most."""
HISTORY = 400 * DAY
"""What it goes back by itself; further is asked for by command."""

log = structlog.get_logger("worker")


def begin(site_id: int, since: int) -> Rescoring:
    """Put all since then in line for the model in use. Flushes."""
    model = scores_as(active_weights(site_id))
    running, now = under_way(site_id), now_ms()
    if running is not None:
        running.finished_at = now
    left = select(func.count(), func.max(Response.id)).select_from(Response).where(*_unread(site_id, since, model))
    total, last = db.session.execute(left).one()
    row = Rescoring(site_id=site_id, model=model, since=since, position=0, last=last or 0, total=total, started_at=now)
    row.finished_at = None if total else now
    db.session.add(row)
    db.session.flush()
    return row


def begin_due() -> int:
    """For each site whose older readings are of another model than the one in use. Returns how many began."""
    db.session.rollback()
    wanted = [site_id for site_id in db.session.scalars(select(Site.id)) if _outdated(site_id)]
    db.session.rollback()
    for site_id in wanted:
        with writing():
            begin(site_id, now_ms() - HISTORY)
    return len(wanted)


def rescore_some(stop: Event | None = None) -> int:
    """One short step, unless something fresh is due; with `stop`, then a rest. Returns how much was done."""
    db.session.rollback()
    waiting = db.session.scalar(select(Rescoring.id).where(Rescoring.finished_at.is_(None)).limit(1))
    busy = waiting is None or _fresh_due()
    db.session.rollback()
    if busy:
        return 0
    with writing():
        under_way = select(Rescoring).where(Rescoring.finished_at.is_(None)).order_by(Rescoring.id).limit(1)
        row = db.session.scalar(under_way.with_for_update(skip_locked=True))
        done = _step(row) if row is not None else 0
    if done and stop is not None:
        stop.wait(REST_SECONDS)
    return done


def under_way(site_id: int) -> Rescoring | None:
    return db.session.scalar(
        select(Rescoring).where(Rescoring.site_id == site_id, Rescoring.finished_at.is_(None)).limit(1)
    )


def newest(site_id: int) -> Rescoring | None:
    return db.session.scalar(
        select(Rescoring).where(Rescoring.site_id == site_id).order_by(Rescoring.id.desc()).limit(1)
    )


def _step(row: Rescoring) -> int:
    weights = active_weights(row.site_id)
    if scores_as(weights) != row.model:  # another one is in use by now: it gets a row of its own
        row.finished_at = now_ms()
        return 1
    window = _window(row)
    wanted = select(Response.id).where(Response.id.in_(window), *_unread(row.site_id, row.since, row.model))
    ids = list(db.session.scalars(wanted.order_by(Response.id)))
    until, looked = time.monotonic() + HOLD_SECONDS, 0
    for id in ids:
        if looked and time.monotonic() >= until:
            break
        _rescore(row, id)
        row.position, row.done, looked = id, row.done + 1, looked + 1
    if looked == len(ids):
        row.position = window[-1] if window else row.last
        if row.position >= row.last:
            row.finished_at = now_ms()
            log.info("rescoring.done", site=row.site_id, model=row.model, count=row.done, failed=row.failed)
    db.session.flush()
    return looked + 1


def _window(row: Rescoring) -> list[int]:
    """The next ids of all sites, so that a step looks at a few rows however long the history is."""
    ahead = select(Response.id).where(Response.id > row.position, Response.id <= row.last)
    return list(db.session.scalars(ahead.order_by(Response.id).limit(WINDOW)))


def _rescore(row: Rescoring, id: int) -> None:
    """One that can't be read keeps the score that it has, and holds up no other."""
    response = db.session.scalar(select(Response).where(Response.id == id).with_for_update())
    if response is None:
        return
    try:
        with db.session.begin_nested():
            before = _read_before(response)
            made = assess_with(response, active_weights(row.site_id))
            made.newly = made.flagged and before is not None and (before.newly or not before.flagged)
            response.processed_at = now_ms()
    except (OperationalError, TimeoutError):
        raise  # the database's trouble: all of this step is tried again
    except Exception:
        log.exception("rescoring.failed", response=id)
        row.failed += 1


def _read_before(response: Response) -> AssessmentRow | None:
    same = (AssessmentRow.response_id == response.id, AssessmentRow.revision == response.seq)
    return db.session.scalar(select(AssessmentRow).where(*same).order_by(AssessmentRow.id.desc()).limit(1))


def _unread(site_id: int, since: int, model: str) -> tuple[ColumnElement[bool], ...]:
    """Processed responses whose newest reading isn't this model's of the newest snapshot."""
    later = aliased(AssessmentRow)
    of_model = and_(
        AssessmentRow.response_id == Response.id,
        AssessmentRow.model == model,
        AssessmentRow.revision == Response.seq,
        ~exists().where(later.response_id == Response.id, later.id > AssessmentRow.id),
    )
    return (
        Response.site_id == site_id,
        Response.received_at >= since,
        Response.state.in_(("kept", "archived")),
        Response.processed_at.is_not(None),
        Response.due_at.is_(None),
        Response.context["erased"].as_string().is_(None),
        ~exists().where(of_model),
    )


def _outdated(site_id: int) -> bool:
    """Whether the last rescoring, or where there was none the oldest reading, is of another model."""
    last = newest(site_id)
    if last is not None:
        return last.model != scores_as(active_weights(site_id))
    of_site = select(AssessmentRow.model).where(AssessmentRow.site_id == site_id)
    oldest = db.session.scalar(of_site.order_by(AssessmentRow.id).limit(1))
    return oldest is not None and oldest != scores_as(active_weights(site_id))


def _fresh_due() -> bool:
    now = now_ms()
    due = select(Response.id).where(Response.due_at <= now, Response.lease_until <= now).limit(1)
    return db.session.scalar(due) is not None
