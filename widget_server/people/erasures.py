"""What was erased, so that a restored backup can be held to it: a mark in the database, and a line in a file beside it.

A mark can be matched under the secret key alone that it was made with, so each line names that key. The row is written
with the erasure itself. The line goes to `<instance>/erasures.jsonl` once that is committed: the file
outlives a database that is replaced by an older one. A line that a crash cut off is caught up by the worker.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.people.models import Erasure
from widget_server.responses.models import Response
from widget_server.sealing import blind_index, secret_id

JOURNAL = "erasures.jsonl"
MARK = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Mark:
    """What a journal says of one erasure besides its fingerprint."""

    at: int  # ms since 1970, UTC
    secret_id: str | None  # of the key that it was made with; None: from a release that did not say


def erasure_mark(secret_key: str, response_public_id: str) -> str:
    """What stands for an erased response: whoever has no secret key learns nothing from it."""
    return blind_index(secret_key, "erasure", response_public_id)


def note_erasure(response: Response) -> None:
    """Write down that this response was erased; once."""
    mark = erasure_mark(settings().secret_key, response.public_id)
    if db.session.scalar(select(Erasure.id).where(Erasure.hmac == mark)) is None:
        db.session.add(Erasure(hmac=mark, at=now_ms()))
        db.session.flush()
        db.session.info.setdefault("erased", {})[mark] = Mark(now_ms(), secret_id(settings().secret_key))


def read_journal(path: Path) -> dict[str, Mark]:
    """The marks of a journal; a line that was cut off by a crash, or is none of ours, is passed over."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return joined(dict([entry]) for line in lines if (entry := _read(line)) is not None)


def _read(line: str) -> tuple[str, Mark] | None:
    try:
        entry = json.loads(line)
        named = entry.get("key")
        mark = Mark(int(entry["at"]), named if isinstance(named, str) else None)
        return (entry["hmac"], mark) if MARK.fullmatch(entry["hmac"]) else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def joined(several: Iterable[Mapping[str, Mark]]) -> dict[str, Mark]:
    """All marks, the first of each; but one that names its key goes before one that does not."""
    found: dict[str, Mark] = {}
    for marks in several:
        for hmac, mark in marks.items():
            if hmac not in found or (found[hmac].secret_id is None and mark.secret_id is not None):
                found[hmac] = mark
    return found


def add_to_journal(path: Path, marks: Mapping[str, Mark]) -> int:
    """Append, and return when it is on the disk."""
    lines = [json.dumps(_line(hmac, mark)) for hmac, mark in marks.items()]
    if not lines:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines) + "\n")  # the first newline ends a line that was cut off
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def _line(hmac: str, mark: Mark) -> dict[str, object]:
    return {"hmac": hmac, "at": mark.at} | ({"key": mark.secret_id} if mark.secret_id is not None else {})


def catch_up(_now: int = 0) -> int:
    """Put into the journal what is in the database alone: a crash came between, or another machine's hands did it."""
    path = settings().instance / JOURNAL
    known = read_journal(path)
    rows = db.session.execute(select(Erasure.hmac, Erasure.at).order_by(Erasure.id)).tuples()
    ours = secret_id(settings().secret_key)
    return add_to_journal(path, {hmac: Mark(at, ours) for hmac, at in rows if hmac not in known})


@event.listens_for(Session, "after_commit")
def _journal(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint: nothing is on the disk yet
        return
    marks = session.info.pop("erased", {})
    if marks:
        add_to_journal(settings().instance / JOURNAL, marks)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: object) -> None:
    if getattr(previous, "nested", False) is False:
        session.info.pop("erased", None)
