"""What `widget-server doctor` looks at: each finding says what it is about, whether all is well, and what to do.

It only reads. Reaching the mail server is tried by connecting, without a message.
"""

from __future__ import annotations

import smtplib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select, text

from widget_server.clock import now_ms
from widget_server.config import Settings, settings
from widget_server.database import PRAGMAS, db
from widget_server.delivery.models import Heartbeat
from widget_server.health import OK, WORKER, disk_state, worker_state
from widget_server.migrations import runner

POSTGRES_SYNCED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""What must hold so that an acknowledged answer survives a power cut; stricter values of the last are well, too."""


@dataclass(frozen=True)
class Finding:
    about: str
    ok: bool
    says: str


def findings() -> list[Finding]:
    """Every finding, in the order in which one would mend them. Needs an application context."""
    ours = settings()
    return [*_about_settings(ours), *_about_database(), _about_worker(), _about_disk(ours), _about_mail(ours)]


def _about_settings(ours: Settings) -> Iterator[Finding]:
    local = urlsplit(ours.base_url).hostname in ("127.0.0.1", "localhost", "::1")
    remedy = "" if ours.https or local else ": browsers on https pages refuse it; set WIDGET_BASE_URL to an https address"
    yield Finding("address", ours.https or local, f"{ours.base_url}{remedy}")
    keys = ours.instance / "keys.json"
    if keys.exists():
        mode = stat.S_IMODE(keys.stat().st_mode)
        remedy = "" if mode & 0o077 == 0 else f": mode {mode:o} lets others read it; chmod 600 {keys}"
        yield Finding("secrets", not remedy, f"in {keys}{remedy}")


def _about_database() -> Iterator[Finding]:
    kind, query = ("SQLite", "PRAGMA {}") if db.engine.dialect.name == "sqlite" else ("PostgreSQL", "SHOW {}")
    wanted = PRAGMAS if kind == "SQLite" else POSTGRES_SYNCED
    found = {name: db.session.scalar(text(query.format(name))) for name in wanted}
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if not _fits(found[name], value)]
    yield Finding("durability", not wrong, f"{kind}: " + ("; ".join(wrong) or "every commit reaches the disk"))
    db.session.rollback()
    at, newest = runner.current(db.engine), runner.newest()
    remedy = "" if at == newest else f", this release wants {newest}: run 'widget-server db upgrade'"
    yield Finding("tables", not remedy, f"revision {at or 'none'}{remedy}")


def _fits(found: object, wanted: object) -> bool:
    return found == wanted or (wanted == "on" and found in ("remote_apply", "remote_write"))


def _about_worker() -> Finding:
    beat = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
    state = worker_state(beat, now_ms())
    remedy = "" if state == OK else ": start 'widget-server serve' or 'widget-server worker'"
    return Finding("worker", not remedy, f"{'alive' if state == OK else state}{remedy}")


def _about_disk(ours: Settings) -> Finding:
    state = disk_state(ours.instance)
    return Finding("disk", state == OK, "room enough" if state == OK else f"{state}: make room")


def _about_mail(ours: Settings) -> Finding:
    if ours.smtp is None:
        return Finding("mail", True, "none is set up: messages stand in the console as 'would have been sent'")
    place = f"{ours.smtp.host}:{ours.smtp.port}"
    connect = smtplib.SMTP_SSL if ours.smtp.security == "tls" else smtplib.SMTP
    try:
        with connect(ours.smtp.host, ours.smtp.port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"{place} does not answer: {error}")
    return Finding("mail", True, f"{place} answers")
