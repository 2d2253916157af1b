"""A receiver of webhooks on a free loopback port: keeps what it gets, answers as it is told."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Reply = Callable[["Got", socket.socket], None]


@dataclass(frozen=True)
class Got:
    """One request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`reply` writes the answer to the socket, by hand, so that it may be as rude as it likes."""

    url: str
    got: list[Got] = field(default_factory=list)
    reply: Reply = field(default_factory=lambda: status(200))


def status(code: int, *headers: str, body: str = "") -> Reply:
    lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(body.encode())}", *headers, "", body]

    def answer(_got: Got, to: socket.socket) -> None:
        to.sendall("\r\n".join(lines).encode())

    return answer


def silence(_got: Got, to: socket.socket) -> None:
    """Says nothing until the other side leaves."""
    with contextlib.suppress(OSError):
        to.settimeout(20)
        to.recv(1)


def drip(words: bytes, pause: float = 0.05) -> Reply:
    """A byte at a time, for ever."""

    def answer(_got: Got, to: socket.socket) -> None:
        for byte in words:
            to.sendall(bytes([byte]))
        while True:
            to.sendall(b"x")
            time.sleep(pause)

    return answer


def flood(_got: Got, to: socket.socket) -> None:
    """A body without end."""
    to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        to.sendall(b"x" * 65536)


@contextmanager
def receiver() -> Iterator[Receiver]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    made = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                accepted, _ = listener.accept()
                threading.Thread(target=talk, args=(accepted,), daemon=True).start()

    def talk(accepted: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError, IndexError), accepted:
            accepted.settimeout(20)
            got = _read(accepted)
            made.got.append(got)
            made.reply(got, accepted)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        over.set()
        thread.join()
        listener.close()


def _read(accepted: socket.socket) -> Got:
    """A request that its sender's death cut short is none: ValueError, as a server would let it go."""
    file = accepted.makefile("rb")
    line = file.readline().decode().strip()
    headers = {}
    while (header := file.readline().decode()).strip():
        name, _, value = header.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    body = file.read(length)
    if not header or len(body) < length:
        raise ValueError("cut short")
    return Got(line, headers, body)
