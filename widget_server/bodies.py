"""Takes a request's body in before the application is entered, so that slow senders hold no place inside.

There are many waiting threads, which cost little, and few places in the application, whose number is what the
database and the interpreter bear. Whoever sends a byte a minute keeps one of the former; whoever has nothing left to do
but wait for a commit gives its place to the next.

When more ask than can be answered, some are told at once to come again, before anything of theirs is looked at: so
whoever is let in is answered soon, however many wait outside. The widget keeps what it could not send.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from queue import Empty, SimpleQueue
from typing import Any

from widget_server.logs import QUIET, Start, Wsgi

MOST_WAITING = 32
"""How many may wait for a place; four for each of eight."""
MOST_RESTING = 16
"""How many may wait for a commit without a place: when the disk stands still, threads are left for who asks after us."""
PATIENCE = 0.25
"""Seconds until one who waits is told to come again."""
RETRY_SECONDS = "2"
LEAVE = "widget.leave_place"
"""In the environ of each request: call it when all that is left is to wait for what another thread does."""

Tokens = SimpleQueue[None]


class BodyFirst:
    """WSGI middleware: reads up to `most_bytes` of a body whose length is told, then waits for one of `places`.

    A longer body is left unread: the application refuses it by its length. A body of untold length (chunked) is left
    unread too, since it could go on for ever, and no client of ours sends one: the application refuses it by its header.

    `environ[LEAVE]` gives the place back early.
    """

    def __init__(self, inner: Wsgi, places: int, most_bytes: int) -> None:
        self._inner = inner
        self._places = _tokens(places)
        self._queue = _tokens(MOST_WAITING)
        self._benches = _tokens(MOST_RESTING)
        self._most_bytes = most_bytes

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal():
            environ["wsgi.input"] = BytesIO()
        elif 0 < int(length) <= self._most_bytes:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        if environ.get("PATH_INFO") in QUIET:  # whoever watches over us is not told that we are gone
            self._places.get()
        elif not self._came_in():
            return _busy(environ, start_response)
        place = _Place(self._places, self._benches)
        environ[LEAVE] = place.leave
        try:
            return self._inner(environ, start_response)
        finally:
            place.end()

    def _came_in(self) -> bool:
        with suppress(Empty):
            self._places.get_nowait()
            return True
        try:
            self._queue.get_nowait()
        except Empty:
            return False
        try:
            self._places.get(timeout=PATIENCE)
        except Empty:
            return False
        finally:
            self._queue.put(None)
        return True


class _Place:
    """A request's place among those who work, or on the bench of those who only wait; while that is full, it stays."""

    __slots__ = ("_benches", "_mine", "_places")

    def __init__(self, places: Tokens, benches: Tokens) -> None:
        self._places = self._mine = places
        self._benches = benches

    def leave(self) -> None:
        if self._mine is self._places:
            with suppress(Empty):
                self._benches.get_nowait()
                self._mine = self._benches
                self._places.put(None)

    def end(self) -> None:
        self._mine.put(None)


def _tokens(number: int) -> Tokens:
    """A semaphore without a line of Python in it: threading's are, and are passed by every request."""
    tokens: Tokens = SimpleQueue()
    for _ in range(number):
        tokens.put(None)
    return tokens


def _busy(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """An RFC 9457 problem; pages of other origins may read it where they may read our answers."""
    detail = "More is asked of this server than it can do just now. Nothing was read of this; send it again in a moment."
    problem = {"type": "about:blank", "title": "Not possible just now", "status": 503, "detail": detail}
    body = json.dumps(problem).encode()
    headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body)))]
    headers += [("Retry-After", RETRY_SECONDS), ("Cache-Control", "no-store")]
    if str(environ.get("PATH_INFO", "")).startswith(("/v1/", "/widget")):
        headers += [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Retry-After")]
        headers += [("Cross-Origin-Resource-Policy", "cross-origin")]
    start_response("503 Service Unavailable", headers)
    return [body]
