"""A moving window in this process's memory: exact counts of the last minute, by name.

The library's own starts a thread for nearly every hit to let old ones go; here a name's old hits go when it hits again,
and forgotten names once a minute.
"""

from __future__ import annotations

import threading
import time
from collections import deque

SECONDS = 60.0


class Window:
    def __init__(self) -> None:
        self._hits: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._sweep_at = 0.0

    def hit(self, name: str, most: int) -> float | None:
        """Count one more, unless there were `most` within the window: then seconds until the next is free."""
        now = time.monotonic()
        with self._lock:
            if now >= self._sweep_at:
                self._sweep(now)
            hits = self._hits.get(name)
            if hits is None:
                hits = self._hits[name] = deque()
            while hits and hits[0] <= now - SECONDS:
                hits.popleft()
            if len(hits) >= most:
                return hits[0] + SECONDS - now if hits else SECONDS
            hits.append(now)
            return None

    def _sweep(self, now: float) -> None:
        self._sweep_at = now + SECONDS
        self._hits = {name: hits for name, hits in self._hits.items() if hits and hits[-1] > now - SECONDS}
