"""A shop's web server, and a server of ours that can be made to fail on the way: the two origins of a host page.

`Shop` gives whatever page a fault asks for. `Between` stands before a real server and passes everything on, except what
the present fault takes into its own hands.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answered = tuple[int, list[tuple[str, str]], bytes]
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
READABLE = [("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]


class Handler(BaseHTTPRequestHandler):
    """Answers are written by hand, because some of them are to be wrong."""

    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_given: object) -> None:
        """Be quiet."""

    def begin(self, status: int, headers: list[tuple[str, str]], length: int) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def answer(self, answered: Answered) -> None:
        status, headers, body = answered
        self.begin(status, headers, len(body))
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the browser went away: that is what it does


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_given: object) -> None:
        """A broken pipe is no news here."""


Does = Callable[["Passing"], None]


class Passing(Handler):
    def do_GET(self) -> None:
        does = self.server.owner.asked_of(self.path)
        if does is None:
            self.answer(self.real())
        else:
            does(self)

    do_POST = do_OPTIONS = do_GET

    def real(self) -> Answered:
        """What the real server says to this."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP | {"host"}}
        headers["Accept-Encoding"] = "identity"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.owner.port, timeout=20)
        try:
            connection.request(self.command, self.path, body or None, headers)
            said = connection.getresponse()
            kept = [(name, value) for name, value in said.getheaders() if name.lower() not in HOP]
            kept = [(name, "no-store" if name.lower() == "cache-control" else value) for name, value in kept]
            return said.status, kept, said.read()
        finally:
            connection.close()


class Between:
    """The real server as visitors reach it. `does` says, by a part of the address, what happens instead."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.does: Mapping[str, Does] = {}
        self.over = threading.Event()
        self._server = Quiet(("127.0.0.1", 0), Passing)
        self._server.owner = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def asked_of(self, path: str) -> Does | None:
        return next((does for part, does in self.does.items() if part in path), None)

    @contextmanager
    def failing(self, does: Mapping[str, Does]) -> Iterator[None]:
        self.does, self.over = does, threading.Event()
        try:
            yield
        finally:
            self.over.set()
            self.does = {}

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class Shop:
    """`page` is what it gives for `/shop`, with `headers`; `/elsewhere` is another page, `/frame` a part of one."""

    def __init__(self, port: int = 0) -> None:
        shop = self
        self.page, self.frame = "", ""
        self.files: dict[str, bytes] = {}  # scripts of its own by path, and data where that ends with a slash
        self.headers: list[tuple[str, str]] = []

        class Given(Handler):
            def do_GET(self) -> None:
                plain = [("Content-Type", "text/html; charset=utf-8")]
                headers = [*shop.headers, *([] if any(n == "Content-Type" for n, _ in shop.headers) else plain)]
                if self.path.startswith("/shop"):
                    self.answer((200, headers, shop.page.encode()))
                elif (path := self.path.partition("?")[0]) in shop.files:
                    kind = "application/json" if path.endswith("/") else "text/javascript"
                    self.answer((200, [("Content-Type", kind)], shop.files[path]))
                elif self.path.startswith("/frame"):
                    self.answer((200, plain, shop.frame.encode()))
                else:
                    self.answer((200, plain, b"<!doctype html><title>Elsewhere</title>Elsewhere"))

        self._server = Quiet(("127.0.0.1", port), Given)
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"
        self.other_origin = f"http://localhost:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


# ---- what may happen on the way


def hangs(asked: Passing) -> None:
    asked.server.owner.over.wait(60)
    asked.close_connection = True


def resets(asked: Passing) -> None:
    asked.connection.close()
    asked.close_connection = True


def says(status: int, body: str = "", kind: str = "application/json", *more: tuple[str, str]) -> Does:
    def answer(asked: Passing) -> None:
        asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        asked.answer((status, [("Content-Type", kind), *READABLE, *more], body.encode()))

    return answer


def as_html(asked: Passing) -> None:
    """A portal, or a shop's own 'not found', where the file should be."""
    page = b"<!doctype html><title>Log in to the network</title><p>Welcome"
    asked.answer((200, [("Content-Type", "text/html"), ("Access-Control-Allow-Origin", "*")], page))


def cut(asked: Passing) -> None:
    """The line breaks in the middle."""
    status, headers, body = asked.real()
    asked.begin(status, headers, len(body))
    asked.wfile.write(body[: len(body) // 2])
    asked.close_connection = True


def halved(asked: Passing) -> None:
    """A proxy stored half of it, and thinks that this is all."""
    status, headers, body = asked.real()
    asked.answer((status, headers, body[: len(body) // 2]))


def drips(asked: Passing) -> None:
    """One byte a second."""
    status, headers, body = asked.real()
    asked.begin(status, headers, len(body))
    for byte in body:
        asked.wfile.write(bytes([byte]))
        if asked.server.owner.over.wait(1):
            break
    asked.close_connection = True


def late(seconds: float) -> Does:
    def answer(asked: Passing) -> None:
        time.sleep(seconds)
        asked.answer(asked.real())

    return answer


def turned(change: Callable[[bytes], bytes]) -> Does:
    def answer(asked: Passing) -> None:
        status, headers, body = asked.real()
        asked.answer((status, headers, change(body)))

    return answer


def labelled(**headers: str) -> Does:
    """The right bytes under other headers; an empty one is taken away."""

    def answer(asked: Passing) -> None:
        status, given, body = asked.real()
        changed = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        kept = [(name, value) for name, value in given if name.lower() not in changed]
        asked.answer((status, [*kept, *[(name, value) for name, value in changed.items() if value]], body))

    return answer


def in_a_circle(asked: Passing) -> None:
    asked.answer((302, [("Location", asked.path), ("Access-Control-Allow-Origin", "*")], b""))
