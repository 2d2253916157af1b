"""A worker of its own logs as the server does: lines of JSON, and nothing that a customer wrote."""

from __future__ import annotations

import json
import time

from tests.privacy.conftest import CANARY, ELEANOR, said_by
from tests.proofs.installation import Installation, installation
from widget_server.database import db, writing
from widget_server.sites.queries import site_by_key


def fails_with_words(at: Installation) -> None:
    """A response whose assessment the database refuses, with the text in the statement's parameters."""
    with at.app.app_context():
        with writing():
            site = site_by_key("proof")
            assert site is not None
            said_by(site, ELEANOR, due_at=1)
            db.session.execute(db.text("DROP TABLE heartbeats"))
            refuse = "CREATE TRIGGER refuse BEFORE INSERT ON assessments BEGIN SELECT RAISE(ABORT, 'refused'); END"
            db.session.execute(db.text(refuse))
        db.session.remove()
        db.engine.dispose()


def test_a_worker_of_its_own_logs_lines_of_json_without_a_customers_words() -> None:
    with installation() as at:
        fails_with_words(at)
        at.start_beside("worker")
        until = time.monotonic() + 30
        while "response.failed" not in at.log() or "worker.step_failed" not in at.log():
            assert time.monotonic() < until, at.log()
            time.sleep(0.1)
        said = at.log()
    lines = [json.loads(line) for line in said.splitlines()]
    assert all(line["event"] and line["timestamp"] for line in lines)
    assert any(line.get("where") for line in lines)
    assert CANARY not in said
    assert ELEANOR not in said
