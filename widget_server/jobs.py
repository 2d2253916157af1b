"""The worker's timed work: a heartbeat, follow-ups whose day has come, and daily jobs that run once, whoever is first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from widget_server.accounts.links import purge_links
from widget_server.accounts.sessions import purge_sessions
from widget_server.accounts.tokens import purge_answers
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.database import db, writing
from widget_server.delivery.models import Heartbeat, JobTick
from widget_server.desk.learning import gather_recent
from widget_server.followup.operations import ask_due
from widget_server.followup.queries import any_due as any_followup_due
from widget_server.people.erasures import catch_up
from widget_server.privacy import retention
from widget_server.privacy.sweeping import sweep
from widget_server.webhooks.operations import purge as purge_webhooks

log = structlog.get_logger("worker")


@dataclass(frozen=True)
class Job:
    """Something to do once in each `every` ms, counted from 1970 in UTC."""

    name: str
    every: int
    act: Callable[..., int]
    own: bool = False  # it commits by itself, in steps, and ends between two of them when it is told to stop


def let_go(now: int, stop: Event | None) -> int:
    """What is older than its site keeps it, in batches of their own transactions."""
    return sum(retention.run(now, stop=stop).values())


def cut_log(_now: int, _stop: Event | None) -> int:
    """Whatever was deleted since: its bytes stand in SQLite's log until then. Where readers keep it from that, the next
    turn tries again."""
    sweep()
    return 1


def purge_ticks(now: int) -> int:
    gone = db.session.execute(delete(JobTick).where(JobTick.at < now - 90 * DAY))
    return int(gone.rowcount)  # type: ignore[attr-defined]


JOBS = (
    Job("purge_ticks", DAY, purge_ticks),
    Job("purge_answers", HOUR, purge_answers),
    Job("purge_sessions", HOUR, purge_sessions),
    Job("purge_links", DAY, purge_links),
    Job("purge_webhooks", DAY, purge_webhooks),
    Job("purge_contacts", HOUR, retention.purge_found, own=True),
    Job("let_go", HOUR, let_go, own=True),
    Job("erasures", HOUR, catch_up),
    Job("sweep", 10 * MINUTE, cut_log, own=True),
    Job("labels", 10 * MINUTE, gather_recent),
)


def ask_followups() -> int:
    """Ask the customers whose day has come. The edge of its own transaction."""
    db.session.rollback()
    due = any_followup_due(now_ms())
    db.session.rollback()
    if not due:
        return 0
    with writing():
        return ask_due(now_ms())


def run_due(stop: Event | None = None) -> int:
    """Jobs whose time has come. Returns how many were done. The edge of its own transactions."""
    done = 0
    reached = _reached()
    for job in JOBS:
        if stop is not None and stop.is_set():
            break
        try:
            done += _run(job, reached[job.name], stop)
        except Exception:  # one that fails again and again must not keep the others from their turn
            log.exception("job.failed", job=job.name)
            db.session.rollback()
    return done


def _run(job: Job, reached: int, stop: Event | None) -> int:
    now = now_ms()
    tick = now // job.every
    if reached >= tick:
        return 0
    with writing():
        mine = claim_tick(job.name, tick)
        count = job.act(now) if mine and not job.own else 0
    if not mine:
        return 0
    count += job.act(now, stop) if job.own else 0
    log.info("job.done", job=job.name, count=count)
    return 1


def claim_tick(name: str, tick: int) -> bool:
    """True for exactly one caller of each (name, tick). In the transaction of what is done for it: a holder that dies
    gives it back."""
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    row = dialect.insert(JobTick).values(name=name, tick=tick, at=now_ms()).on_conflict_do_nothing()
    return bool(db.session.execute(row).rowcount == 1)  # type: ignore[attr-defined]


def _reached() -> dict[str, int]:
    """The last tick that was claimed of each job, by one look."""
    db.session.rollback()
    last = [select(func.max(JobTick.tick)).where(JobTick.name == job.name).scalar_subquery() for job in JOBS]
    found = db.session.execute(select(*last)).one()
    db.session.rollback()
    return {job.name: -1 if tick is None else tick for job, tick in zip(JOBS, found, strict=True)}


def beat() -> None:
    """Say that a worker lives."""
    now = now_ms()
    beaten = db.session.execute(update(Heartbeat).where(Heartbeat.name == "worker").values(at=now))
    if beaten.rowcount == 0:  # type: ignore[attr-defined]
        dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
        row = dialect.insert(Heartbeat).values(name="worker", at=now, detail="").on_conflict_do_nothing()
        db.session.execute(row)
