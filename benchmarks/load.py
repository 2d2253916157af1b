"""Sends requests to a server on this machine, from a process of its own, so that its CPU is not counted as the server's.

    outcome = attack(Attack(port, requests, total=500, connections=16))

It is started as `python -m benchmarks.load`, reads what to do from its input and writes what came of it to its output.
Plain sockets that are kept alive, a thread each: little of it, since it shares the machine with what it measures.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
ID, SECRET = b"@" + b"i" * 34 + b"@", b"@" + b"s" * 30 + b"@"
"""What each sending replaces by an id and a secret of its own, of the same length."""
TIMEOUT = 30.0
HUNG_SECONDS = 60.0


@dataclass(frozen=True)
class Attack:
    """Requests as raw HTTP, sent in turn until there were `total`, or the time is up and there were `least`.

    They are evenly spread when `per_second` is told.
    """

    port: int
    requests: list[str]
    total: int
    connections: int = 1
    per_second: float | None = None
    most_seconds: float = 60.0
    wait: float = 0.0  # seconds that a sender rests after each refusal
    keep: bool = False  # tell when each id was acknowledged
    redirects: bool = False  # 302 is how this one says thank you
    least: int = 1


@dataclass(frozen=True)
class Outcome:
    seconds: float
    statuses: dict[str, int]
    took_ms: list[float]  # of those that were taken: 2xx and 304, or 302 where that is a thank-you
    refused_ms: list[float] = field(default_factory=list)
    acknowledged: dict[str, int] = field(default_factory=dict)  # id → ms since the epoch
    no_retry_after: int = 0  # refusals that don't say when to come again
    broken: int = 0

    @property
    def done(self) -> int:
        return len(self.took_ms)


def post(path: str, body: str, headers: dict[str, str]) -> str:
    """One request as it goes over the wire. The body is ASCII, as `json.dumps` makes it."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])


def get(path: str, headers: dict[str, str]) -> str:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""])


def attack(job: Attack) -> Outcome:
    """Have it done by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(job)), capture_output=True, text=True, cwd=ROOT, timeout=job.most_seconds + HUNG_SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The load generator failed: {done.stderr[-2000:]}")
    return Outcome(**json.loads(done.stdout))


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


# ---- in the process of its own


class _Senders:
    def __init__(self, job: Attack) -> None:
        self._job = job
        self._requests = [one.encode() for one in job.requests]
        self._next = 0
        self._lock = threading.Lock()
        self.statuses: Counter[str] = Counter()
        self.took: list[float] = []
        self.refused: list[float] = []
        self.acknowledged: dict[str, int] = {}
        self.no_retry_after = self.broken = 0

    def run(self) -> float:
        self._began = time.perf_counter()
        threads = [threading.Thread(target=self._send) for _ in range(self._job.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - self._began

    def _turn(self) -> int | None:
        with self._lock:
            number = self._next
            self._next += 1
        late = number >= self._job.least and time.perf_counter() - self._began > self._job.most_seconds
        return None if late or number >= self._job.total else number

    def _send(self) -> None:
        line: _Line | None = None
        while (number := self._turn()) is not None:
            if self._job.per_second:
                time.sleep(max(0.0, self._began + number / self._job.per_second - time.perf_counter()))
            id = str(uuid.uuid4())
            request = self._requests[number % len(self._requests)]
            request = request.replace(ID, id.encode()).replace(SECRET, uuid.uuid4().hex.encode())
            began = time.perf_counter()
            try:
                line = line or _Line(self._job.port)
                status, head, last = line.ask(request)
            except (OSError, ValueError):
                line = None
                self.broken += 1
                continue
            took = (time.perf_counter() - began) * 1000
            line = None if last else line
            self.statuses[str(status)] += 1
            if status < 300 or status == 304 or (status == 302 and self._job.redirects):
                self.took.append(took)
                if self._job.keep:
                    self.acknowledged[id] = time.time_ns() // 1_000_000
            else:
                self.refused.append(took)
                self.no_retry_after += b"\r\nretry-after:" not in head
                time.sleep(self._job.wait)


class _Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes, bool]:
        """The status, the head in small letters, and whether the server ends the connection."""
        self._socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        have, status = len(got) - end - 4, int(head[9:12])
        _, told, rest = head.partition(b"\r\ncontent-length:")
        if told:
            length = int(rest.partition(b"\r\n")[0]) if status != 304 else 0
            while have < length:
                have += len(self._more())
        elif b"\r\ntransfer-encoding: chunked" in head:
            while not got.endswith(b"0\r\n\r\n"):
                got += self._more()
        return status, head, b"\r\nconnection: close" in head

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionResetError("the server hung up")
        return more


def main() -> None:
    job = Attack(**json.load(sys.stdin))
    senders = _Senders(job)
    seconds = senders.run()
    found = Outcome(
        seconds, dict(senders.statuses), senders.took, senders.refused, senders.acknowledged,
        senders.no_retry_after, senders.broken,
    )  # fmt: skip
    json.dump(asdict(found), sys.stdout)


if __name__ == "__main__":
    main()
