"""How long from the acknowledgement of a comment to its assessment, and to its case: p50 and p99, through HTTP.

Give a file of JSON lines with a `text` each: python -m benchmarks.lag FILE [--per-second 40] [--rows 3000] [--json].
It serves an installation of its own, with the settings of production.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.proofs.installation import ORIGIN, Installation, installation
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.recovery.models import CaseResponse
from widget_server.responses.models import Response, ResponseId
from widget_server.scoring.models import AssessmentRow

SENDERS = 4


@dataclass
class Sent:
    """When each id was acknowledged, ms since the epoch, and how long that took."""

    at: dict[str, int] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def send_all(at: Installation, texts: list[str], per_second: float) -> Sent:
    """Post every text as a comment, evenly spread, from a few connections that are kept alive."""
    sent, queue, lock = Sent(), iter(enumerate(texts)), threading.Lock()
    began = time.monotonic()

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=30)
        while True:
            with lock:
                number, text = next(queue, (None, ""))
            if number is None:
                return
            time.sleep(max(0.0, began + number / per_second - time.monotonic()))
            _send(connection, at, text, sent, lock)

    threads = [threading.Thread(target=run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def _send(connection: http.client.HTTPConnection, at: Installation, text: str, sent: Sent, lock: threading.Lock) -> None:
    body = {
        "p": 1, "id": str(uuid.uuid4()), "secret": uuid.uuid4().hex, "survey": "feedback",
        "version": at.versions["feedback"], "answers": {"mood": 3, "comment": text},
    }  # fmt: skip
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": ORIGIN}
    began = time.perf_counter()
    connection.request("POST", "/v1/sites/proof/responses", json.dumps(body).encode(), headers)
    answer = connection.getresponse()
    said = answer.read()
    with lock:
        if answer.status == 202:
            sent.at[str(body["id"])] = now_ms()
            sent.took.append((time.perf_counter() - began) * 1000)
        else:
            sent.refused.append(f"{answer.status} {said[:100]!r}")


def await_all(at: Installation, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with at.app.app_context():
            left = db.session.scalar(select(func.count()).where(Response.due_at.is_not(None)))
            db.session.remove()
        if not left:
            return True
        time.sleep(0.25)
    return False


def read_back(at: Installation, sent: Sent) -> dict[str, Any]:
    """What stands in the database for what was sent. A lag ends where the row is written; its commit follows within
    the worker's hold of 25 ms and one sync of the disk."""
    with at.app.app_context():
        scored = _moments(AssessmentRow.created_at, AssessmentRow.response_id)
        linked = _moments(CaseResponse.linked_at, CaseResponse.response_id)
        rows = db.session.scalar(select(func.count()).select_from(Response))
        db.session.remove()
        db.engine.dispose()
    return {
        "stored": rows,
        "scored": len(scored),
        "cases": len(linked),
        "acknowledgement_ms": percentiles(sent.took),
        "lag_to_assessment_ms": percentiles([made - sent.at[id] for id, made in scored.items() if id in sent.at]),
        "lag_to_case_ms": percentiles([made - sent.at[id] for id, made in linked.items() if id in sent.at]),
    }


def _moments(at: Any, response_id: Any) -> dict[str, int]:
    rows = select(ResponseId.client_id, at).join_from(ResponseId, at.class_, response_id == ResponseId.response_id)
    return dict(db.session.execute(rows).tuples().all())


def percentiles(values: list[float] | list[int]) -> dict[str, float] | None:
    """p50, p99 and the worst. A row may be written before its sender has read the 202: that counts as 0."""
    if not values:
        return None
    ordered = sorted(max(0.0, value) for value in values)
    pick = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
    return {"p50": pick(0.5), "p99": pick(0.99), "max": pick(1.0)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--per-second", type=float, default=40)
    parser.add_argument("--rows", type=int, default=None)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    texts = [json.loads(line)["text"] for line in asked.file.read_text().splitlines() if line.strip()][: asked.rows]
    with installation() as at:
        at.start()
        at.await_health("/readyz")
        began = time.monotonic()
        sent = send_all(at, texts, asked.per_second)
        seconds = time.monotonic() - began
        done = await_all(at, 120)
        at.stop()
        found = read_back(at, sent)
    found = {
        "bench": "lag", "rows": len(texts), "accepted": len(sent.at), "refused": sent.refused[:5], "all_processed": done,
        "per_second": round(len(texts) / seconds, 1), **found,
    }  # fmt: skip
    print(json.dumps(found) if asked.json else "\n".join(f"{name:22} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
