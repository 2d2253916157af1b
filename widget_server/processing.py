"""The worker's step for responses: claim those that are due, take each through the pipeline, never lose one.

A response that fails alone is tried again later and, after five tries, set aside with the reason for staff to see. One
that was begun twice is claimed by itself, so that what kills a worker takes nothing else with it; what was begun once is
most often the innocent rest of a worker that died, and is taken together like what is new. Several share a commit; only
when one of them fails does each get a savepoint of its own.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

import structlog
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from widget_server import pipeline
from widget_server.clock import SECOND, now_ms
from widget_server.database import db, writing
from widget_server.logs import trail
from widget_server.responses.models import Response

BATCH = 50
TOGETHER = 8
"""How many are read at once, and at least share a commit: each commit waits for the disk."""
TRIES = 5
"""So often may a response fail by an error before it is set aside."""
DEATHS = 15
"""So often may a worker end while it is at it: a storm of kills hits the same one several times, and it is innocent."""
MANY = 2
"""Who was begun so often is under suspicion, and taken alone."""
LEASE = 15 * SECOND
"""Longer than a batch takes. Whoever works on after it loses nothing but the time: see `_process_one`."""
HOLD_SECONDS = 0.025
"""How long one transaction goes on taking responses: on SQLite visitors' submissions wait meanwhile."""

log = structlog.get_logger("worker")


@dataclass(frozen=True)
class Claimed:
    id: int
    lease: int  # ms since the epoch; whoever wrote it last owns the row


def warm_up() -> None:
    """Load what scoring needs now, rather than under the writers' lock at the first response."""
    pipeline.warm_up()


def process_due(stop: Event | None = None) -> int:
    """Take what is due through the pipeline. Returns how many were taken. The edge of its own transactions."""
    taken = 0
    for tries, limit in _due_now():
        with writing():
            claimed = _claim(limit, tries)
        taken += len(claimed)
        try:
            while claimed and not (stop is not None and stop.is_set()):
                claimed = _process_some(claimed)
        finally:
            if claimed:
                _let_go(claimed)
    return taken


def release_leases() -> None:
    """For a worker that knows it is alone: what its dead forerunner had claimed is due at once."""
    held = Response.due_at.is_not(None) & (Response.lease_until > 0)
    db.session.execute(
        update(Response)
        .where(held, Response.attempts <= 1)
        .values(lease_until=0)
        .execution_options(synchronize_session=False)
    )


def _due(now: int, tries: int) -> tuple[ColumnElement[bool], ...]:
    tried = Response.attempts >= MANY if tries == MANY else Response.attempts == tries
    return (Response.due_at <= now, Response.lease_until <= now, tried)


def _due_now() -> list[tuple[int, int]]:
    """Of which tries some are due, and how many of those to take: one look, without the writers' lock."""
    db.session.rollback()
    now, kinds = now_ms(), ((0, BATCH), (1, BATCH), (MANY, 1))
    found = db.session.execute(select(*(exists().where(*_due(now, tries)) for tries, _ in kinds))).one()
    db.session.rollback()
    return [kind for kind, any_due in zip(kinds, found, strict=True) if any_due]


def _claim(limit: int, tries: int) -> list[Claimed]:
    now = now_ms()
    wanted = select(Response.id).where(*_due(now, tries)).order_by(Response.due_at, Response.id).limit(limit)
    ids = list(db.session.scalars(wanted.with_for_update(skip_locked=True)))
    lease = now + LEASE
    db.session.execute(
        update(Response)
        .where(Response.id.in_(ids))
        .values(lease_until=lease, attempts=Response.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return [Claimed(id, lease) for id in ids]


def _let_go(claimed: list[Claimed]) -> None:
    """Give back what was claimed and not done, where the database lets us; else its lease runs out."""
    with suppress(SQLAlchemyError), writing():
        db.session.execute(
            update(Response)
            .where(Response.id.in_([one.id for one in claimed]), Response.lease_until == claimed[0].lease)
            .values(lease_until=0)
            .execution_options(synchronize_session=False)
        )


def _process_some(claimed: list[Claimed]) -> list[Claimed]:
    """Process from the front for one short transaction; return what is left."""
    try:
        with writing():
            return _together(claimed)
    except Exception as error:
        if _is_databases(error):
            raise
    with writing():  # one of them fails, and took the others' work with it: now each by itself
        return _one_by_one(claimed)


def _together(claimed: list[Claimed]) -> list[Claimed]:
    until = time.monotonic() + HOLD_SECONDS
    left = claimed
    while left and (left is claimed or time.monotonic() < until):
        some, left = left[:TOGETHER], left[TOGETHER:]
        now = now_ms()
        responses = [response for response in _held(some) if _is_to_do(response, now)]
        if responses:
            with db.session.no_autoflush:
                pipeline.process_some(responses)
            _write_done([response.id for response in responses], now)
    return left


def _held(claimed: list[Claimed]) -> list[Response]:
    """Those that are still ours, in their order."""
    ids = [one.id for one in claimed]
    ours = (Response.id.in_(ids), Response.lease_until == claimed[0].lease, Response.due_at.is_not(None))
    rows = {row.id: row for row in db.session.scalars(select(Response).where(*ours).order_by(Response.id).with_for_update())}
    return [rows[id] for id in ids if id in rows]


def _write_done(ids: list[int], now: int) -> None:
    db.session.execute(
        update(Response)
        .where(Response.id.in_(ids))
        .values(processed_at=now, failure=None, due_at=None, lease_until=0, attempts=0)
        .execution_options(synchronize_session=False)
    )


def _is_to_do(response: Response, now: int) -> bool:
    """False when a newer snapshot came, which has its own time, or when it was tried too often."""
    if (response.due_at or 0) > now:
        response.lease_until, response.attempts = 0, 0
        return False
    if response.attempts > DEATHS:
        _give_up(response, DEATHS, "the worker ended each time while it was at it")
        return False
    return True


def _one_by_one(claimed: list[Claimed]) -> list[Claimed]:
    until = time.monotonic() + HOLD_SECONDS
    left = list(claimed)
    while left and (len(left) == len(claimed) or time.monotonic() < until):
        for response in _held([left.pop(0)]):
            _process_one(response)
    return left


def _process_one(response: Response) -> None:
    now, id = now_ms(), response.id
    if not _is_to_do(response, now):
        return
    try:
        with db.session.begin_nested():
            pipeline.process(response)
            db.session.flush()
            _write_done([id], now)
    except Exception as error:
        if _is_databases(error):
            raise
        log.exception("response.failed", response=id, attempt=response.attempts)
        _try_again(response, error)


def _is_databases(error: Exception) -> bool:
    """The database's trouble, not a response's: all of the transaction is tried again."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, OperationalError | TimeoutError)


def _try_again(response: Response, error: Exception) -> None:
    if response.attempts >= TRIES:
        _give_up(response, response.attempts, f"{type(error).__name__} at {trail(error)}")
        return
    wait = 2 ** (response.attempts - 1) * SECOND
    response.lease_until = now_ms() + wait
    db.session.flush()


def _give_up(response: Response, tries: int, why: str) -> None:
    """Not lost: it stands in the console with the reason, and can be processed again by setting `due_at`."""
    response.failure = f"Not processed after {tries} tries: {why}"[:500]
    response.due_at, response.lease_until = None, 0
    db.session.flush()
    log.error("response.given_up", response=response.id)
