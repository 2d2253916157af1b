"""The worker with its guard taken out on purpose: a response counts as processed before its case is linked.

The proof by killing must notice. Runs as the command line does: `python -m tests.proofs.forgets_the_case serve`.
"""

from __future__ import annotations

import time
from typing import Any

from tests.proofs.breaking import take_out
from tests.proofs.restarts_at_once import serve
from widget_server import pipeline, processing
from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.responses.models import Response


def _process_some(claimed: list[Any]) -> list[Any]:
    with writing():
        response = db.session.get_one(Response, claimed[0].id)
        response.processed_at, response.due_at, response.lease_until = now_ms(), None, 0
    time.sleep(0.3)
    with writing():
        pipeline.process(db.session.get_one(Response, claimed[0].id))
    return claimed[1:]


if __name__ == "__main__":
    take_out(processing, "_process_some", _process_some)
    serve()
