"""One request to a receiver, and its answer: bounded in time and size, to the address that was looked at, nowhere else.

The name is resolved once. Redirects are answers like any other, proxies of the environment are not asked, and TLS checks
the name although the connection goes to the address.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from widget_server.webhooks.guard import Policy, Target, Unusable, cleared, literal, target_of

WHOLE_SECONDS = 15.0
MOST_BYTES = 64 * 1024
MOST_TEXT = 500

Resolve = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True)
class Answer:
    """What a receiver said. `status` is None where no answer came; then `error` says what did."""

    status: int | None = None
    error: str | None = None
    text: str = ""
    retry_after: str | None = None
    took: int = 0  # ms


def resolved(host: str, port: int) -> list[str]:
    """Every address of a name, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def dialled(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    policy: Policy,
    *,
    resolve: Resolve = resolved,
    dial: Dial = dialled,
    seconds: float | None = None,
) -> Answer:
    """Send it. Never raises for what the URL, the network or the receiver does."""
    began = time.monotonic()
    until = began + (WHOLE_SECONDS if seconds is None else seconds)
    answer = _attempt(url, headers, body, policy, resolve, dial, until)
    took = round((time.monotonic() - began) * 1000)
    return Answer(answer.status, answer.error, answer.text, answer.retry_after, took)


def _attempt(
    url: str, headers: Mapping[str, str], body: bytes, policy: Policy, resolve: Resolve, dial: Dial, until: float
) -> Answer:
    try:
        target = target_of(url)
        known = literal(target.host)
        addresses = cleared([known] if known else resolve(target.host, target.port), target.port, policy)
        with _connected(target, addresses, dial, until) as connection:
            return _asked(connection, target, headers, body, until)
    except Unusable as why:
        return Answer(error=f"Refused by us: {why}")
    except (TimeoutError, _TooLate):
        return Answer(error="No answer in time")
    except ssl.SSLError as error:
        return Answer(error=f"TLS: {getattr(error, 'reason', None) or 'it failed'}"[:200])
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if time.monotonic() >= until:
            return Answer(error="No answer in time")
        return Answer(error=_told(error))


class _TooLate(Exception):
    """The time for all of it is over."""


class _Pinned(http.client.HTTPConnection):
    """A connection that was made already; it never makes another one."""

    def __init__(self, target: Target, made: socket.socket) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.scheme == "https" else 80  # left out of Host
        self.sock = made
        self.auto_open = 0

    def __enter__(self) -> _Pinned:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connected(target: Target, addresses: Sequence[str], dial: Dial, until: float) -> _Pinned:
    failed: OSError | None = None
    for address in addresses:
        try:
            made = dial(address, target.port, _left(until))
        except OSError as error:
            failed = error
            continue
        if target.scheme == "http":
            return _Pinned(target, made)
        return _Pinned(target, _secured(made, target.host, until))
    raise failed or OSError("no address")


def _secured(made: socket.socket, host: str, until: float) -> ssl.SSLSocket:
    wrapped = _trust().wrap_socket(made, server_hostname=host, do_handshake_on_connect=False)
    late = _cut_off(wrapped, until)
    try:
        wrapped.do_handshake()
    except BaseException:
        wrapped.close()
        raise
    finally:
        late.cancel()
    return wrapped


def _asked(connection: _Pinned, target: Target, headers: Mapping[str, str], body: bytes, until: float) -> Answer:
    assert connection.sock is not None
    late = _cut_off(connection.sock, until)
    try:
        connection.sock.settimeout(_left(until))
        connection.request("POST", target.path, body, {**headers, "Accept-Encoding": "identity", "Connection": "close"})
        said = connection.getresponse()
        _left(until)  # a line that was cut looks like the end of the headers
        return Answer(said.status, None, _read(said), said.getheader("Retry-After"))
    finally:
        late.cancel()


def _read(said: http.client.HTTPResponse) -> str:
    """The beginning of a body. The status has been said: one that drips or breaks off takes nothing back."""
    body = b""
    with suppress(OSError, http.client.HTTPException, ValueError):
        while len(body) < MOST_BYTES and (part := said.read1(min(8192, MOST_BYTES - len(body)))):
            body += part
    text = body[: MOST_TEXT * 4].decode("utf-8", "replace")[:MOST_TEXT]
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _cut_off(made: socket.socket, until: float) -> Timer:
    """A timeout on each read bounds no drip: at the end of the time the line is cut."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(made, socket.SHUT_RDWR)  # of the plain socket: another thread reads through TLS

    late = Timer(_left(until), cut)
    late.daemon = True
    late.start()
    return late


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise _TooLate
    return left


def _trust() -> ssl.SSLContext:
    global _context
    if _context is None:
        _context = ssl.create_default_context()
    return _context


_context: ssl.SSLContext | None = None


def _told(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "The name does not resolve"
    if isinstance(error, ConnectionRefusedError):
        return "The connection was refused"
    if isinstance(error, http.client.HTTPException):
        return f"Not an answer in HTTP: {type(error).__name__}"
    return f"The connection failed: {getattr(error, 'strerror', None) or type(error).__name__}"
