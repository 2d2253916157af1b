"""One of the processes of the proof of ticks: goes through each tick in turn, as a worker's timed work meets it.

Runs as the command line does: `python -m tests.proofs.goes_through TICKS`.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import structlog
from sqlalchemy import text

from widget_server import jobs
from widget_server.app import create_app
from widget_server.clock import MINUTE, travel
from widget_server.database import db

EFFECTS = "proof_effects"


def go_through(ticks: int) -> None:
    app = create_app()
    structlog.configure(processors=[_say_nothing])
    with app.app_context():
        jobs.JOBS = (jobs.Job("proof", MINUTE, _note),)
        for tick in range(ticks):
            with travel(tick * MINUTE):
                jobs.run_due()
        db.session.remove()


def _say_nothing(*_event: Any) -> Any:
    raise structlog.DropEvent


def _note(now: int) -> int:
    """The effect: a row. It takes a moment, so that a kill often comes between claim and commit."""
    values = {"tick": now // MINUTE, "pid": os.getpid()}
    db.session.execute(text(f"INSERT INTO {EFFECTS} (tick, pid) VALUES (:tick, :pid)"), values)
    time.sleep(0.002)
    return 1


if __name__ == "__main__":
    go_through(int(sys.argv[1]))
