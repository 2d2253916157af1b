"""What is written to the log: one event a line, as JSON, or readable on a terminal. Never personal data.

No address, no query string, no body; a capability in a path (a receipt, a link to set a password) is masked.
`RequestLog` is the outermost WSGI layer: it names each request, so that what happened inside one can be put together.
"""

from __future__ import annotations

import atexit
import json
import logging
import re
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from typing import Any, TextIO

import structlog

QUIET = frozenset({"/healthz", "/readyz"})
SECRETS = re.compile(r"(/r/|/console/(?:reset|invitation)/)[^/\s\"'?#]+")
"""What follows in these addresses is a key: a receipt, with which one acts for the customer, or a link to set a password."""
BEARER = re.compile(r"(?i)(?<=bearer )[\w.~+/=-]+")

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


def mask(text: str) -> str:
    """The same text without capabilities: receipts and links to set a password in addresses, bearer tokens."""
    if "/r/" in text or "/console/" in text:
        text = SECRETS.sub(r"\1…", text)
    return BEARER.sub("…", text) if "bearer " in text.lower() else text


def configure(readable: bool | None = None, least: int = logging.INFO) -> None:
    """Set up structlog, and pass the standard library's records through the same lines.

    Args:
        readable: for a person; by default when the log goes to a terminal.
        least: what is less than this (a level of `logging`) is not told.
    """
    global _readable
    readable = _readable = sys.stderr.isatty() if readable is None else readable
    shared: list[Any] = [
        _named,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _errors_without_values,
        _masked,
    ]
    last: list[Any] = [structlog.dev.ConsoleRenderer()] if readable else [_json]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=_Patient(sys.stderr)),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Patient(sys.stderr))
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[strip, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


class _Patient:
    """A log that can't be written (its disk is full) is a lost line, never a failed request or a dead server."""

    def __init__(self, inner: TextIO) -> None:
        self._inner = inner

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._inner.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._inner.flush()


class _Later:
    """Takes lines at once; a thread of its own writes them, all that came within a moment together.

    For what each request says: to write each alone is a turn of all other threads. The thread ends when nothing comes.
    """

    def __init__(self, inner: TextIO) -> None:
        self._inner = _Patient(inner)
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        atexit.register(self._write)
        Finalize(self, self._write, exitpriority=1)  # a process that was forked by multiprocessing ends without atexit

    def write(self, text: str) -> int:
        self._lines.append(text)
        if self._thread is None or not self._thread.is_alive():  # a thread does not survive a fork
            self._begin()
        return len(text)

    def flush(self) -> None:
        pass

    def _begin(self) -> None:
        with self._lock, suppress(RuntimeError):  # no more threads: they are written at the end
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="request-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        quiet = 0
        while quiet < QUIET_MOMENTS or not self._may_end():
            time.sleep(MOMENT_SECONDS)
            quiet = 0 if self._write() else quiet + 1

    def _may_end(self) -> bool:
        """First it is gone, then it looks: a line that comes in between is seen by one of the two."""
        self._thread = None
        return not self._lines

    def _write(self) -> int:
        with self._writing:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if lines:
                self._inner.write("".join(lines))
                self._inner.flush()
        return len(lines)


MOST_LINES = 20_000  # that wait where the log can't be written; then the oldest are lost
MOMENT_SECONDS = 0.1
QUIET_MOMENTS = 50


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def _json(_logger: object, _name: str, event: dict[str, Any]) -> str:
    return _encode(event)


_readable = False
_request: ContextVar[str | None] = ContextVar("request", default=None)


def _named(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """With the name of the request in which it happened."""
    request = _request.get()
    if request is not None:
        event.setdefault("request", request)
    return event


def _masked(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


def _errors_without_values(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Where it went wrong, not with what: the words of an error may quote a visitor's."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = trail(error)
    event.pop("exception", None)
    return event


def trail(error: BaseException) -> str:
    """The innermost places of a traceback, as 'file:line function', outermost first."""
    places = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return " > ".join(places[-6:])


class RequestLog:
    """Outermost: a request id for each, one line when it is answered."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._log = structlog.get_logger("http")
        self._later = _Later(sys.stderr)
        self._line = structlog.wrap_logger(structlog.WriteLogger(self._later))  # type: ignore[arg-type]

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        began = time.perf_counter()
        request_id = secrets.token_hex(8)
        environ["widget.request_id"] = request_id
        _request.set(request_id)
        seen = {"status": 0}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen["status"] = int(status[:3])
            headers.append(("X-Request-Id", request_id))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        try:
            answer = self._inner(environ, start)
        except Exception:
            self._log.exception("http.failed", method=_method(environ), path=_path(environ))
            raise
        took = round((time.perf_counter() - began) * 1000, 1)
        if environ.get("PATH_INFO") not in QUIET:
            self._say(seen["status"], {"method": _method(environ), "path": _path(environ), "ms": took}, request_id)
        return answer

    def _say(self, status: int, seen: dict[str, Any], request_id: str) -> None:
        if status >= 500:
            self._log.error("http.answered", status=status, **seen)
        elif _readable:
            self._line.info("http.answered", status=status, **seen)
        else:  # most of the log, and masked already: what the processors would make of it, at a tenth of their cost
            when = {"timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
            said = {"event": "http.answered", "status": status, **seen, "request": request_id, "level": "info", **when}
            self._later.write(f"{_encode(said)}\n")


def _method(environ: dict[str, Any]) -> str:
    return str(environ.get("REQUEST_METHOD", ""))[:10]


def _path(environ: dict[str, Any]) -> str:
    """Without the query string, which may carry anything."""
    return mask(str(environ.get("PATH_INFO", "")))[:200]
