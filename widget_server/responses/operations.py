"""Writes of responses at intake: prepared inserts and Core, statements built once, on whatever connection the writer holds.

A snapshot is the whole response as of `seq`. The first one makes the rows; a higher one replaces what they say; a
lower or equal one, or any after the finished one, changes nothing and is answered alike. Nothing here commits.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, delete, select, update

from widget_server.database import public_id, public_ids
from widget_server.errors import Conflict
from widget_server.responses.models import Answer, Response, ResponseId, TextAnswer
from widget_server.responses.prepared import Insert


@dataclass(frozen=True)
class Snapshot:
    """A response as it is to be stored: rows as plain mappings, redacted, checked."""

    site_id: int
    client_id: str
    secret_hash: str | None
    seq: int
    finished: bool
    state: str
    fixed: Mapping[str, Any]  # columns that the first snapshot settles: where and when it came in
    columns: Mapping[str, Any]  # columns that every snapshot replaces
    answers: tuple[Mapping[str, Any], ...] = ()
    texts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Stored:
    """What is on record now. `changed`: this snapshot put it there. `held`: by a secret, so there is a receipt."""

    response_id: int
    public_id: str
    seq: int
    changed: bool
    held: bool


_responses, _ids = cast("Table", Response.__table__), cast("Table", ResponseId.__table__)
_answers, _texts = cast("Table", Answer.__table__), cast("Table", TextAnswer.__table__)
_known = (
    select(_ids.c.response_id, _ids.c.secret_hash, _ids.c.seq)
    .add_columns(_responses.c.public_id, _responses.c.finished, _responses.c.state)
    .join(_responses, _responses.c.id == _ids.c.response_id)
    .where(_ids.c.site_id == bindparam("site"), _ids.c.client_id == bindparam("client"))
)
_known_locked = _known.with_for_update()  # SQLite has no such words, and needs none: writers are alone
_add_response = Insert(_responses, returning=[_responses.c.id, _responses.c.public_id])
_change_response = update(_responses).where(_responses.c.id == bindparam("of"))
_drop_response = delete(_responses).where(_responses.c.id == bindparam("of"))
_add_id = Insert(_ids, once=True)
_change_seq = (
    update(_ids)
    .where(_ids.c.site_id == bindparam("site"), _ids.c.client_id == bindparam("client"))
    .values(seq=bindparam("newest"))
)
_add_answers, _add_texts = Insert(_answers), Insert(_texts)
_drop_answers = delete(_answers).where(_answers.c.response_id == bindparam("of"))
_drop_texts = delete(_texts).where(_texts.c.response_id == bindparam("of"))


def store(connection: Connection, snapshot: Snapshot) -> Stored:
    """Put a snapshot on record, once.

    Raises:
        Conflict: the response is known and the secret does not fit, or it was sent without one and can't be continued.
    """
    known = _find(connection, snapshot) if snapshot.seq > 1 else None  # a first one is mostly new: look only if not
    if known is None:
        stored = _begin(connection, snapshot)
        if stored is not None:
            return stored
        known = _find(connection, snapshot)  # it was not: whoever was first has committed
        if known is None:
            raise Conflict("This response was removed while it was sent.")
    return _go_on(connection, snapshot, known)


def _find(connection: Connection, snapshot: Snapshot) -> Row[Any] | None:
    return connection.execute(_known_locked, {"site": snapshot.site_id, "client": snapshot.client_id}).first()


def _begin(connection: Connection, snapshot: Snapshot) -> Stored | None:
    name = public_id()
    response_id: int = _add_response.one(connection, _row(snapshot, name)).fetchone()[0]
    if _add_id.one(connection, _claim(snapshot, response_id)).rowcount != 1:
        connection.execute(_drop_response, {"of": response_id})
        return None
    _add_parts(connection, [(snapshot, response_id)])
    return _begun(snapshot, response_id, name)


def store_new(connection: Connection, snapshots: Sequence[Snapshot]) -> list[Stored]:
    """First snapshots that nobody has sent before, all at once.

    Raises:
        Conflict: one of them is known. Then undo this, and `store` each.
    """
    named = list(zip(snapshots, public_ids(len(snapshots)), strict=True))
    ids = {name: id for id, name in _add_response.returned(connection, [_row(*one) for one in named])}
    placed = [(snapshot, ids[name]) for snapshot, name in named]
    if _add_id.all(connection, [_claim(*one) for one in placed]) != len(placed):
        raise Conflict("One of these was sent before.")
    _add_parts(connection, placed)
    return [_begun(snapshot, ids[name], name) for snapshot, name in named]


def _row(snapshot: Snapshot, name: str) -> dict[str, Any]:
    row = {**snapshot.fixed, **snapshot.columns, "site_id": snapshot.site_id, "public_id": name}
    row |= {"seq": snapshot.seq, "finished": snapshot.finished, "state": snapshot.state, "lease_until": 0, "attempts": 0}
    return row


def _claim(snapshot: Snapshot, response_id: int) -> dict[str, Any]:
    return {
        "site_id": snapshot.site_id,
        "client_id": snapshot.client_id,
        "response_id": response_id,
        "secret_hash": snapshot.secret_hash,
        "seq": snapshot.seq,
    }


def _begun(snapshot: Snapshot, response_id: int, name: str) -> Stored:
    return Stored(response_id, name, snapshot.seq, changed=True, held=snapshot.secret_hash is not None)


def _go_on(connection: Connection, snapshot: Snapshot, known: Row[Any]) -> Stored:
    held = known.secret_hash is not None
    if not _fits(known.secret_hash, snapshot.secret_hash):
        raise Conflict("This response was sent before with another secret.")
    as_it_is = Stored(known.response_id, known.public_id, known.seq, changed=False, held=held)
    if known.finished or snapshot.seq <= known.seq:
        return as_it_is
    if not held:
        raise Conflict("This response was sent without a secret, so it can't be continued.")
    state = snapshot.state if known.state == "quarantined" else known.state
    change = {**snapshot.columns, "seq": snapshot.seq, "finished": snapshot.finished, "state": state, "processed_at": None}
    change |= {"attempts": 0, "failure": None} if state in ("kept", "archived") else {"due_at": None}
    connection.execute(_change_response.values(change), {"of": known.response_id})
    connection.execute(_change_seq, {"site": snapshot.site_id, "client": snapshot.client_id, "newest": snapshot.seq})
    connection.execute(_drop_answers, {"of": known.response_id})
    connection.execute(_drop_texts, {"of": known.response_id})
    _add_parts(connection, [(snapshot, known.response_id)])
    return Stored(known.response_id, known.public_id, snapshot.seq, changed=True, held=True)


def _fits(kept: str | None, given: str | None) -> bool:
    if kept is None or given is None:
        return kept is given
    return hmac.compare_digest(kept, given)


def _add_parts(connection: Connection, placed: Sequence[tuple[Snapshot, int]]) -> None:
    _add_answers.all(connection, [{**row, "response_id": id} for snapshot, id in placed for row in snapshot.answers])
    texts = [(snapshot.site_id, id, row) for snapshot, id in placed for row in snapshot.texts]
    _add_texts.all(connection, [{**row, "response_id": id, "site_id": site} for site, id, row in texts])
