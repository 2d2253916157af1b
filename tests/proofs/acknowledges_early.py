"""The server with its guard taken out on purpose: submissions are acknowledged before the commit that holds them.

The proof by killing must notice. Runs as the command line does: `python -m tests.proofs.acknowledges_early serve`.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.proofs.breaking import take_out
from tests.proofs.restarts_at_once import serve
from widget_server.database import writing_on
from widget_server.intake.writer import GroupWriter


def _commit(self: Any, connection: Any, batch: list[Any]) -> None:
    with writing_on(connection):
        for job in batch:
            self._run_one(connection, job)
            told, job.done = job.done, threading.Lock()
            job.done.acquire()  # what follows the commit releases it as ever
            told.release()
        time.sleep(0.2)


if __name__ == "__main__":
    take_out(GroupWriter, "_commit", _commit)
    serve()
