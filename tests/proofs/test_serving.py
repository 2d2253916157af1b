"""The supervisor, its two children, and what the web server makes of odd and slow callers."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.proofs.installation import Installation, children_of, installation
from tests.proofs.visitors import Visitors
from widget_server.serving import LONGEST_WAIT_SECONDS, wait_before_restart

POST = (
    b"POST /v1/sites/proof/responses HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\n"
    b"Content-Type: text/plain\r\nConnection: close\r\n"
)
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def at() -> Iterator[Installation]:
    with installation() as made:
        made.start()
        made.await_health("/readyz")
        yield made


@pytest.fixture
def own() -> Iterator[Installation]:
    with installation() as made:
        made.start()
        made.await_health("/readyz")
        yield made


def connect(at: Installation, words: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", at.port), timeout=10)
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(words)
    return connection


def status(at: Installation, words: bytes) -> int:
    """Of the last answer to these bytes; 0 when the connection was just closed."""
    said = b""
    with connect(at, words) as connection, suppress(TimeoutError, ConnectionResetError):
        while more := connection.recv(65536):
            said += more
    answers = [part for part in said.split(b"HTTP/1.")[1:] if part[2:5] != b"100"]
    return int(answers[-1][2:5]) if answers else 0


def a_submission(at: Installation, **answers: str) -> bytes:
    body = Visitors(at).submission(random.Random(5))
    body["answers"] |= answers
    return json.dumps(body).encode()


def refused(code: int) -> bool:
    return code == 0 or 400 <= code < 500


@pytest.mark.parametrize(
    "words",
    [
        POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        POST + b"\r\n",
        POST + b"Content-Length: abc\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        POST + b"Content-Length: 99999999\r\n\r\n" + b"x" * 10_000,
        POST + b"Content-Length: 2\r\nUser-Agent: \xff\xfe\r\n\r\n{}",
        b"\x16\x03\x01\x00garbage\r\n\r\n",
        GET + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        GET + b"".join(b"X%d: a\r\n" % number for number in range(2000)) + b"\r\n",
        b"GET /%ff%00/\xc3\xa9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=lambda words: words[-30:].decode("latin1").encode("unicode_escape").decode(),
)
def test_odd_requests_are_refused_and_never_a_5xx(at: Installation, words: bytes) -> None:
    assert refused(status(at, words))
    assert at.answers()


def test_old_and_careful_clients_are_answered(at: Installation) -> None:
    body = a_submission(at)
    length = b"Content-Length: %d\r\n" % len(body)
    assert status(at, b"GET /healthz HTTP/1.0\r\n\r\n") == 200
    assert status(at, GET.replace(b"GET", b"HEAD") + b"\r\n") == 200
    assert status(at, POST + length + b"Expect: 100-continue\r\n\r\n" + body) == 202


def test_a_connection_is_kept_alive(at: Installation) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        assert not answer.will_close
    connection.close()


def test_senders_who_dawdle_keep_nobody_else_out(at: Installation) -> None:
    slow = [connect(at, POST + b"Content-Length: 100\r\n\r\n{") for _ in range(40)]
    began = time.monotonic()
    assert at.answers()
    assert time.monotonic() - began < 2
    for connection in slow:
        connection.close()


def test_the_log_holds_no_address_no_token_and_no_words(at: Installation) -> None:
    body = a_submission(at, comment="canary-words, call +47 22 12 34 56 or canary@person.example")
    connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=10)
    headers = {"Content-Type": "text/plain", "X-Forwarded-For": "203.0.113.77", "User-Agent": "canary-agent"}
    connection.request("POST", "/v1/sites/proof/responses?canary=query", body, headers)
    receipt = json.loads(connection.getresponse().read())["receipt"]
    connection.request("GET", f"/r/{receipt}")
    connection.getresponse().read()
    connection.request("GET", f"/r/{receipt[:-1]}x", headers={"Authorization": f"Bearer {at.token}"})
    connection.getresponse().read()
    connection.close()
    time.sleep(1)
    log = at.log()
    assert "/r/…" in log
    for secret in ("canary", "203.0.113.77", "127.0.0.1:", receipt, receipt[:20], at.token, at.settings.secret_key):
        assert secret not in log.replace(f"Serving {at.url} on 127.0.0.1:{at.port}", "")


def test_a_request_in_flight_is_answered_when_told_to_stop(own: Installation) -> None:
    body = a_submission(own)
    connection = connect(own, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body[:-1])
    time.sleep(0.3)
    assert own.process is not None
    own.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    connection.sendall(body[-1:])
    assert b" 202 " in connection.recv(100)
    assert own.process.wait(10) == 0


def test_who_never_sends_the_last_byte_does_not_keep_it_from_stopping(own: Installation) -> None:
    connection = connect(own, POST + b"Content-Length: 100\r\n\r\n{")
    time.sleep(0.3)
    assert own.stop() < 13
    connection.close()


def test_a_killed_supervisor_leaves_nobody_behind(own: Installation) -> None:
    assert own.process is not None
    family = [*own.children().values()]
    family += [pid for child in family for pid in children_of(child)]
    assert len(family) >= 3
    os.kill(own.process.pid, signal.SIGKILL)
    own.process.wait()
    own.process = None
    until = time.monotonic() + 5
    while not (free := _port_is_free(own.port)) and time.monotonic() < until:
        time.sleep(0.05)
    assert free
    while (left := [pid for pid in family if _lives(pid)]) and time.monotonic() < until:  # it may be on its way out
        time.sleep(0.05)
    assert left == []


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.parametrize("failed", range(12))
def test_who_keeps_dying_is_started_ever_later(failed: int) -> None:
    assert wait_before_restart(failed) <= wait_before_restart(failed + 1) <= LONGEST_WAIT_SECONDS
    assert wait_before_restart(0) == 0
