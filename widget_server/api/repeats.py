"""The same write again acts once: what a request with an `Idempotency-Key` answered is kept with its effect.

The row stands in the transaction of the write, so there is never an effect without its answer, nor an answer without
its effect. A second request at the same moment waits for the first and gets what that one got. Refusals are not kept:
nothing was done, so the next try is looked at afresh.
"""

from __future__ import annotations

import hashlib
import json
import re

from flask import Request, Response, make_response
from sqlalchemy.dialects import postgresql, sqlite

from widget_server.accounts.models import ApiAnswer
from widget_server.accounts.tokens import ANSWERS_KEPT
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import BadShape, Conflict, Invalid
from widget_server.sealing import seal, unseal

KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_of(request: Request) -> str | None:
    """The caller's key as it is kept: its SHA-256. None where there is none.

    Raises:
        BadShape: it is not 1 to 200 visible ASCII characters.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not _KEY.fullmatch(given):
        raise BadShape("Idempotency-Key is 1 to 200 visible ASCII characters without spaces: a UUID is usual.")
    return hashlib.sha256(given.encode()).hexdigest()


def earlier_answer(token_id: int, key: str, request: Request) -> Response | None:
    """What this request answered before; None if it is new, and then its row stands. Inside `writing()`.

    Raises:
        Invalid: the key was used for something else.
        Conflict: it was done, and what it answered is gone.
    """
    told, now = _digest(request), now_ms()
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    row = dialect.insert(ApiAnswer).values(token_id=token_id, key=key, request=told, answer="", at=now)
    made = db.session.execute(row.on_conflict_do_nothing())
    if made.rowcount == 1:  # type: ignore[attr-defined]
        return None
    kept = db.session.get_one(ApiAnswer, (token_id, key), with_for_update=True)
    if kept.at <= now - ANSWERS_KEPT:
        kept.request, kept.answer, kept.at = told, "", now
        db.session.flush()
        return None
    if kept.request != told:
        raise Invalid("This Idempotency-Key was used for another request: a new request needs a new key.")
    return _opened(kept.answer)


def known_answer(token_id: int, key: str, request: Request) -> Response | None:
    """The same by a look alone, ahead of the writers' lock. None says nothing: `earlier_answer` settles it."""
    db.session.rollback()  # a look at what is there now
    kept = db.session.get(ApiAnswer, (token_id, key))
    fresh = kept is not None and kept.answer and kept.at > now_ms() - ANSWERS_KEPT and kept.request == _digest(request)
    answer = _opened(kept.answer) if kept is not None and fresh else None
    db.session.rollback()
    return answer


def keep(token_id: int, key: str, answer: Response) -> None:
    """Write the answer into the row that `earlier_answer` made; flush only."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    said = json.dumps({"status": answer.status_code, "headers": headers, "body": answer.get_data(as_text=True)})
    db.session.get_one(ApiAnswer, (token_id, key)).answer = seal(said, settings().encryption_keys)
    db.session.flush()


def _opened(kept: str) -> Response:
    if not kept:
        raise Conflict("This was done before; what it answered is not kept any more. Read what you need afresh.")
    plain = unseal(kept, settings().encryption_keys)
    if plain is None:
        raise Invalid("What this Idempotency-Key answered was sealed with a key that is gone: use a new one.")
    said = json.loads(plain)
    answer = make_response(said["body"], said["status"])
    for name, value in said["headers"].items():
        answer.headers[name] = value
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _digest(request: Request) -> str:
    told = f"{request.method}\n{request.full_path}\n".encode() + request.get_data()
    return hashlib.sha256(told).hexdigest()
