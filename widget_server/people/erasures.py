"""What was erased, so that a restored backup can be held to it: a mark in the database, and a line in a file beside it.

The row is written with the erasure itself. The line goes to `<instance>/erasures.jsonl` once that is committed: the file
outlives a database that is replaced by an older one. A line that a crash cut off is caught up by the worker.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.people.models import Erasure
from widget_server.responses.models import Response
from widget_server.sealing import blind_index

JOURNAL = "erasures.jsonl"


def erasure_mark(secret_key: str, response_public_id: str) -> str:
    """What stands for an erased response: whoever has no secret key learns nothing from it."""
    return blind_index(secret_key, "erasure", response_public_id)


def note_erasure(response: Response) -> None:
    """Write down that this response was erased; once."""
    mark = erasure_mark(settings().secret_key, response.public_id)
    if db.session.scalar(select(Erasure.id).where(Erasure.hmac == mark)) is None:
        db.session.add(Erasure(hmac=mark, at=now_ms()))
        db.session.flush()
        db.session.info.setdefault("erased", []).append((mark, now_ms()))


def read_journal(path: Path) -> dict[str, int]:
    """Marks of a journal with their times; a line that was cut off by a crash is passed over."""
    found: dict[str, int] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            found.setdefault(str(entry["hmac"]), int(entry["at"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def add_to_journal(path: Path, marks: Iterable[tuple[str, int]]) -> int:
    """Append, and return when it is on the disk."""
    lines = [json.dumps({"hmac": mark, "at": at}) for mark, at in marks]
    if not lines:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines) + "\n")  # the first newline ends a line that was cut off
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def catch_up(_now: int = 0) -> int:
    """Put into the journal what is in the database alone: a crash came between, or another machine's hands did it."""
    path = settings().instance / JOURNAL
    known = read_journal(path)
    rows = db.session.execute(select(Erasure.hmac, Erasure.at).order_by(Erasure.id)).tuples()
    return add_to_journal(path, [(mark, at) for mark, at in rows if mark not in known])


@event.listens_for(Session, "after_commit")
def _journal(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint: nothing is on the disk yet
        return
    marks = session.info.pop("erased", [])
    if marks:
        add_to_journal(settings().instance / JOURNAL, marks)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: object) -> None:
    if getattr(previous, "nested", False) is False:
        session.info.pop("erased", None)
