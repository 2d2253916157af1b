"""A23: ten times what the server can do: who is let in is answered within a second, the rest is told when to come again."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from benchmarks.bodies import requests
from benchmarks.load import Attack, Outcome, attack, quantile
from benchmarks.metering import memory, tree
from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation

MOST_P99_MS = 1000.0
MOST_GROWTH = 1.3
TIMES = 10
AT_CAPACITY = 8  # connections that keep every place busy


def prove(seconds: int, connections: int = AT_CAPACITY * TIMES) -> Found:
    """Measure what it can do, ask for ten times that, from ten times as many connections that never wait."""
    with installation() as at:
        at.start()
        at.await_health("/readyz")
        sent = requests(at.versions["feedback"])
        capacity = attack(Attack(at.port, sent, 10**6, AT_CAPACITY, most_seconds=max(1.0, seconds / 4)))
        with Watched(at) as watched:
            outcome = attack(Attack(at.port, sent, 10**6, connections, most_seconds=seconds, wait=0.02, keep=True))
        after = attack(Attack(at.port, sent, 20, 1))
        at.stop()
    return judged(capacity, outcome, after, watched.growth())


def judged(capacity: Outcome, outcome: Outcome, after: Outcome, growth: float) -> Found:
    refused = sum(count for status, count in outcome.statuses.items() if status in ("429", "503"))
    other = sum(outcome.statuses.values()) - outcome.done - refused
    p99 = quantile(outcome.took_ms, 0.99)
    return {
        "ok": p99 < MOST_P99_MS and not other and not outcome.broken and not outcome.no_retry_after
        and outcome.done > 0 and after.done == 20 and growth < MOST_GROWTH,
        "capacity_per_second": round(capacity.done / capacity.seconds),
        "asked_per_second": round((outcome.done + refused) / outcome.seconds),
        "accepted": outcome.done,
        "accepted_per_second": round(outcome.done / outcome.seconds),
        "accepted_p50_ms": round(quantile(outcome.took_ms, 0.5)),
        "accepted_p99_ms": round(p99),
        "refused": refused,
        "refused_p99_ms": round(quantile(outcome.refused_ms, 0.99)),
        "refused_without_retry_after": outcome.no_retry_after,
        "other_answers": other,
        "broken": outcome.broken,
        "web_memory_growth": round(growth, 2),
    }  # fmt: skip


class Watched:
    """The memory of the web processes, looked at four times a second."""

    def __init__(self, at: Installation) -> None:
        self._pids = tree(at.children()["web"])
        self._stop = threading.Event()
        self._seen: list[float] = []
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError):
                self._seen.append(sum(memory(pid).rss for pid in self._pids))
            time.sleep(0.25)

    def growth(self) -> float:
        """The end beside what it was a third of the way in, when every thread had begun."""
        third = self._seen[len(self._seen) // 3]
        return max(self._seen[-3:]) / third


if __name__ == "__main__":
    command(prove, __doc__, seconds=30, connections=AT_CAPACITY * TIMES)
