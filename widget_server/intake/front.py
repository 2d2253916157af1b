"""In front of Flask: the POST that takes a response in. It carries the load of all visitors, and needs neither
sessions nor whoever is signed in, so it never enters Flask; the address's other methods do.

Reads the request, makes one call, answers: with the receipt, or with the refusal as a problem that pages may read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask

from widget_server.bodies import LEAVE
from widget_server.errors import Refusal, TooLarge, WrongMediaType
from widget_server.intake.origins import CORS
from widget_server.intake.receive import MOST_BYTES, Answer, receive
from widget_server.intake.writer import UNREACHABLE, unavailable

ROUTE = re.compile(r"/v1/sites/([^/]+)/responses")
HEADERS = (*CORS.items(), ("Cache-Control", "no-store"))
FAILED = {"type": "about:blank", "title": "The server failed", "status": 500, "detail": "It has noted how. Try again."}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_lines = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

log = structlog.get_logger()


class Front:
    """WSGI middleware, to stand where REMOTE_ADDR is the caller's own."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], app: Flask) -> None:
        self._inner = inner
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = ROUTE.fullmatch(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "POST" else None
        if found is None:
            return self._inner(environ, start_response)
        try:
            with self._app.app_context():
                answer = _taken_in(self._app, found[1], environ)
        except Refusal as refusal:
            return _refuse(refusal, start_response)
        except UNREACHABLE as error:
            return _refuse(unavailable(error), start_response)
        except Exception:
            log.exception("intake.failed")
            return _send(500, FAILED, "application/problem+json", (), start_response)
        return _send(answer.status, answer.body, "application/json", (), start_response)


def _taken_in(app: Flask, site_key: str, environ: Environ) -> Answer:
    return receive(
        app,
        site_key,
        body_of(environ, MOST_BYTES),
        origin=environ.get("HTTP_ORIGIN"),
        address=environ.get("REMOTE_ADDR") or "unknown",
        content_type=environ.get("CONTENT_TYPE") or "",
        privacy=environ.get("HTTP_SEC_GPC") == "1" or environ.get("HTTP_DNT") == "1",
        handed_over=environ.get(LEAVE),
    )


def body_of(environ: Environ, most: int) -> bytes:
    """The body, if its length is told and allowed; without a length there is none.

    Raises:
        WrongMediaType, TooLarge
    """
    refuse_encoding(environ)
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return b""
    if len(length) > 10 or int(length) > most:
        raise TooLarge(f"The body may have {most} bytes at most.")
    return bytes(environ["wsgi.input"].read(int(length)))


def refuse_encoding(environ: Environ) -> None:
    """A compressed or chunked body can be any size once it is read; nothing here is large enough to need either."""
    if environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        raise WrongMediaType("Send the body as it is, without Content-Encoding.")
    if environ.get("HTTP_TRANSFER_ENCODING", "identity").strip().lower() not in ("", "identity"):
        raise WrongMediaType("Send the body with a Content-Length, not chunked.")


def _refuse(refusal: Refusal, start_response: StartResponse) -> Iterable[bytes]:
    later = () if refusal.retry_after is None else (("Retry-After", str(refusal.retry_after)),)
    return _send(refusal.status, refusal.problem(), "application/problem+json", later, start_response)


def _send(
    status: int,
    said: Mapping[str, Any],
    content_type: str,
    more: Iterable[tuple[str, str]],
    start_response: StartResponse,
) -> Iterable[bytes]:
    body = _encode(said).encode()
    headers = [*HEADERS, *more, ("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start_response(_lines[status], headers)
    return [body]
