"""Sessions of staff, as rows: what a browser's cookie names, so that ending one ends it everywhere at once. Flush only."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from widget_server.accounts.models import StaffSession, User
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.config import settings
from widget_server.database import db

IDLE = 12 * HOUR
"""A session that nobody used for so long is over: a working day."""
GRAIN = 5 * MINUTE
"""`last_seen_at` is written no more often."""


def longest() -> int:
    """How long a session may last however much it is used, in ms: a cookie that was copied is worth no more."""
    return settings().session_days * DAY


def begin_session(user_id: int, method: str, browser: str) -> str:
    """A new session. Returns what the cookie carries: 256 random bits, of which only the hash is kept."""
    plain, now = secrets.token_urlsafe(32), now_ms()
    db.session.add(
        StaffSession(
            user_id=user_id, hash=hash_of(plain), method=method, browser=browser[:200], created_at=now, last_seen_at=now
        )
    )
    db.session.flush()
    return plain


def holder(plain: str) -> tuple[StaffSession, User] | None:
    """Whose session this is; None when it has ended, was idle for too long, or never was."""
    row = db.session.execute(
        select(StaffSession, User)
        .join(User, User.id == StaffSession.user_id)
        .where(StaffSession.hash == hash_of(plain), *_alive(now_ms()))
    ).first()
    return (row[0], row[1]) if row else None


def is_stale(last_seen_at: int) -> bool:
    """Whether the session's last sign of life is to be written anew."""
    return now_ms() - last_seen_at >= GRAIN


def note_life(session_id: int) -> None:
    row = db.session.get(StaffSession, session_id)
    if row is not None:
        row.last_seen_at = now_ms()
        db.session.flush()


def sessions_of(user_id: int) -> list[StaffSession]:
    """A person’s living sessions, the newest first."""
    theirs = select(StaffSession).where(StaffSession.user_id == user_id, *_alive(now_ms()))
    return list(db.session.scalars(theirs.order_by(StaffSession.id.desc())))


def end_session(session_id: int) -> None:
    _delete(StaffSession.id == session_id)


def end_one(user_id: int, public_id: str) -> bool:
    """End one of a person's own sessions; False when they have none of this name."""
    return _delete(StaffSession.user_id == user_id, StaffSession.public_id == public_id) == 1


def end_sessions(user_id: int, keep: int | None = None) -> int:
    """End all sessions of a person, but the one to keep. Returns how many."""
    return _delete(StaffSession.user_id == user_id, *([StaffSession.id != keep] if keep is not None else []))


def purge_sessions(now: int) -> int:
    """Sessions that idled away, or have lasted as long as one may."""
    return _delete(or_(StaffSession.last_seen_at <= now - IDLE, StaffSession.created_at <= now - longest()))


def hash_of(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _alive(now: int) -> tuple[ColumnElement[bool], ...]:
    return (StaffSession.last_seen_at > now - IDLE, StaffSession.created_at > now - longest())


def _delete(*which: Any) -> int:
    gone = db.session.execute(delete(StaffSession).where(*which).execution_options(synchronize_session="fetch"))
    return int(gone.rowcount)  # type: ignore[attr-defined]
