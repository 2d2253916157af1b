"""SIGTERM under load, again and again, with a body byte outstanding: nothing is lost once the sender tries again."""

from __future__ import annotations

import time
from contextlib import suppress

from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from tests.proofs.kill import count, drain, sound
from tests.proofs.test_serving import POST, connect
from tests.proofs.visitors import Visitors


def prove(restarts: int) -> Found:
    """Serve, send, and stop and start `restarts` times as an init system would."""
    took: list[float] = []
    late = 0
    with installation() as at:
        at.start()
        visitors = Visitors(at)
        visitors.start()
        try:
            for _ in range(restarts):
                time.sleep(0.3)
                late += restart(at, took)
        finally:
            visitors.stop()
        drained = drain(at)
        at.stop()
        found = count(at, visitors.acknowledged)
    return found | {
        "ok": sound(found) and drained and not visitors.odd, "restarts": restarts, "drained": drained,
        "answered_after_the_signal": late, "stop_seconds_max": round(max(took), 1), "odd": visitors.odd[:5],
    }  # fmt: skip


def restart(at: Installation, took: list[float]) -> bool:
    """One restart. True when a request that was in flight got its answer."""
    began, answered = time.monotonic(), False
    with suppress(OSError):
        outstanding = connect(at, POST + b"Content-Length: 2\r\n\r\n{")
        time.sleep(0.05)
        process, at.process = at.process, None
        assert process is not None
        process.terminate()
        time.sleep(0.1)
        with suppress(OSError):
            outstanding.sendall(b"}")
            answered = b" 400 " in outstanding.recv(100)  # '{}' is no submission; but it is answered
        outstanding.close()
        process.wait(20)
    took.append(time.monotonic() - began)
    at.start()
    return answered


if __name__ == "__main__":
    command(prove, __doc__, restarts=50)
