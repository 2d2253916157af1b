"""How work grows with what it is done on: for promises that something is linear, whatever the machine is busy with."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_time(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the processor that the quickest of some runs took."""
    took = []
    for _ in range(times):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)
