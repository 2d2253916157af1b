"""Takes a request's body in before the application is entered, so that slow senders hold no place inside.

There are many waiting threads, which cost little, and few places in the application, whose number is what the
database and the interpreter bear. Whoever sends a byte a minute keeps one of the former.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from widget_server.logs import Start, Wsgi


class BodyFirst:
    """WSGI middleware: reads up to `most_bytes` of a body whose length is told, then waits for one of `places`.

    A longer body is left unread: the application refuses it by its length. A body of untold length (chunked) reads as
    empty: no client of ours sends one, and it could go on for ever.
    """

    def __init__(self, inner: Wsgi, places: int, most_bytes: int) -> None:
        self._inner = inner
        self._places = BoundedSemaphore(places)
        self._most_bytes = most_bytes

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal():
            environ["wsgi.input"] = BytesIO()
        elif 0 < int(length) <= self._most_bytes:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with self._places:
            return self._inner(environ, start_response)
