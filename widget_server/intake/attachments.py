"""A picture that comes after its response: who may send it, then the picture itself, then the row."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict
from functools import partial

from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import BadShape, Unavailable
from widget_server.intake.arrival import secret_hash
from widget_server.intake.pictures import picture_from
from widget_server.intake.receive import Intake, end_reading
from widget_server.responses.attaching import attach, owner_of

_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")
_decoding = threading.Semaphore(1)  # one at a time, so that pictures take a bounded part of the memory
PATIENCE = 10.0


def receive_picture(intake: Intake, site_id: int, client_id: str, secret: str, upload: bytes) -> str:
    """Store a picture with the response that `secret` holds; returns the picture's id.

    Raises:
        BadShape, NotFound, Conflict, TooLarge, WrongMediaType, Invalid, Unavailable
    """
    if not _UUID.fullmatch(client_id) or not _SECRET.fullmatch(secret):
        raise BadShape("Send the response's id and secret with the picture.")
    client_id, held = client_id.lower(), secret_hash(secret) or ""
    end_reading()
    with db.engine.connect() as connection, connection.begin():  # who may not send is not decoded for
        owner_of(connection, site_id, client_id, held)
    if not _decoding.acquire(timeout=PATIENCE):
        raise Unavailable("Too many pictures at once; send it again in a moment.")
    try:
        picture = picture_from(upload)
    finally:
        _decoding.release()
    work = partial(
        attach, site_id=site_id, client_id=client_id, secret_hash=held, picture=asdict(picture), now=now_ms()
    )
    return intake.writer.write(work)
