"""Writes of pictures that belong to a response, for whoever holds its secret."""

from __future__ import annotations

import hmac
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select

from widget_server.database import public_id
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.responses.models import Attachment, Response, ResponseId

MOST_ATTACHMENTS = 5

_ids, _attachments = cast("Table", ResponseId.__table__), cast("Table", Attachment.__table__)
_responses = cast("Table", Response.__table__)
_owner = (
    select(_ids.c.response_id, _ids.c.secret_hash, _responses.c.context)
    .join(_responses, _responses.c.id == _ids.c.response_id)
    .where(_ids.c.site_id == bindparam("site"), _ids.c.client_id == bindparam("client"))
    .with_for_update()  # of the response too: it may be being erased
)
_count = select(func.count()).where(_attachments.c.response_id == bindparam("of"))
_same = select(_attachments.c.public_id).where(
    _attachments.c.response_id == bindparam("of"), _attachments.c.digest == bindparam("digest")
)
_add = insert(_attachments)


def owner_of(connection: Connection, site_id: int, client_id: str, secret_hash: str) -> int:
    """The response that this secret holds.

    Raises:
        NotFound: there is no such response, or it was deleted. Conflict: it has another secret, or none.
    """
    row = connection.execute(_owner, {"site": site_id, "client": client_id}).first()
    if row is None:
        raise NotFound("Send the response first, then what is attached to it.")
    if row.secret_hash is None or not hmac.compare_digest(row.secret_hash, secret_hash):
        raise Conflict("The secret is not the one that this response was sent with.")
    if "erased" in row.context:  # a picture that was still on its way
        raise NotFound("This response was deleted by whoever sent it.")
    response_id: int = row.response_id
    return response_id


def attach(
    connection: Connection, site_id: int, client_id: str, secret_hash: str, picture: dict[str, Any], now: int
) -> str:
    """Store a picture; the same one again gives the same id.

    Args:
        picture: the columns media_type, width, height, digest, content.

    Raises:
        NotFound, Conflict: as `owner_of`. Invalid: there are enough already.
    """
    response_id = owner_of(connection, site_id, client_id, secret_hash)
    same: str | None = connection.scalar(_same, {"of": response_id, "digest": picture["digest"]})
    if same is not None:
        return same
    if (connection.scalar(_count, {"of": response_id}) or 0) >= MOST_ATTACHMENTS:
        raise Invalid(f"A response may have {MOST_ATTACHMENTS} pictures at most.")
    name = public_id()
    row = {**picture, "public_id": name, "site_id": site_id, "response_id": response_id, "created_at": now}
    connection.execute(_add, row)
    return name
