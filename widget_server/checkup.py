"""What `widget-server doctor` looks at: each finding says what it is about, whether all is well, and what to do.

It writes nothing but a file that it takes away at once. It asks the base URL as a visitor would, and the mail server
without a message. What is looked at stands in `checks/`, a file for each subject.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from widget_server import schema
from widget_server.checks.address import about_address
from widget_server.checks.finding import Finding, wrong
from widget_server.checks.machine import about_clock, about_disk
from widget_server.checks.mail import about_mail
from widget_server.checks.processes import about_limits, about_worker
from widget_server.checks.secrets import about_keys_file, about_sealed
from widget_server.checks.shipped import about_shipped
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import PRAGMAS, db
from widget_server.delivery.models import Heartbeat
from widget_server.health import WORKER

POSTGRES_SYNCED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""What must hold so that an acknowledged answer survives a power cut; stricter values of the last are well, too."""


def findings() -> list[Finding]:
    """Every finding, in the order in which one would mend them. Needs an application context."""
    return list(_all())


def _all() -> Iterator[Finding]:
    ours = settings()
    yield from about_keys_file(ours)
    yield from about_disk(ours.instance, ours.is_sqlite)
    beat = None
    try:
        yield from about_clock(ours.instance, _database_now())
        yield _about_durability()
        yield (tables := _about_tables())
        if tables.ok:  # else what is read may not be there
            yield from about_sealed(ours)
            beat = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
    except (SQLAlchemyError, RuntimeError) as error:
        yield wrong("database", f"it can't be used ({_first_line(error)}): look at WIDGET_DATABASE_URL, and whether it runs")
    finally:
        db.session.remove()
    yield (worker := about_worker(beat, now_ms()))
    yield from about_address(ours, served=worker.ok)
    yield from about_limits(ours)
    yield about_mail(ours.smtp)
    yield from about_shipped(ours)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def _database_now() -> int | None:
    if db.engine.dialect.name == "sqlite":
        return None
    seconds = db.session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    db.session.rollback()
    return int(float(seconds) * 1000) if seconds is not None else None


def _about_durability() -> Finding:
    kind, query = ("SQLite", "PRAGMA {}") if db.engine.dialect.name == "sqlite" else ("PostgreSQL", "SHOW {}")
    wanted = PRAGMAS if kind == "SQLite" else POSTGRES_SYNCED
    found = {name: db.session.scalar(text(query.format(name))) for name in wanted}
    odd = [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if not _fits(found[name], value)]
    db.session.rollback()
    return Finding("durability", not odd, f"{kind}: " + ("; ".join(odd) or "every commit reaches the disk"))


def _about_tables() -> Finding:
    with db.engine.connect() as connection:
        at = schema.revision_of(connection)
    remedy = schema.remedy(at)
    return Finding("tables", remedy is None, remedy or f"revision {at}, as this release wants")


def _fits(found: object, wanted: object) -> bool:
    return found == wanted or (wanted == "on" and found in ("remote_apply", "remote_write"))
