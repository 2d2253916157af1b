"""How long from the acknowledgement of a comment to its assessment, and to its case: p50 and p99, through HTTP.

Give `--file` with JSON lines that have a `text` each, else our own words are sent. It serves an installation of its own,
with the settings of production.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.bodies import TEXTS
from benchmarks.frame import Measured, Option, Row, Size, command
from benchmarks.load import quantile
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


def read_back(at: Installation, sent: Sent) -> tuple[list[Row], str]:
    """What stands in the database for what was sent. A lag ends where the row is written; its commit follows within
    the worker's hold of 25 ms and one sync of the disk."""
    with at.app.app_context():
        scored = _moments(AssessmentRow.created_at, AssessmentRow.response_id)
        linked = _moments(CaseResponse.linked_at, CaseResponse.response_id)
        rows = db.session.scalar(select(func.count()).select_from(Response))
        db.session.remove()
        db.engine.dispose()
    return [
        _row("acknowledged", sent.took),
        _row("assessed", [made - sent.at[id] for id, made in scored.items() if id in sent.at]),
        _row("in a case", [made - sent.at[id] for id, made in linked.items() if id in sent.at]),
    ], f"{rows} stored, {len(scored)} assessed, {len(linked)} in cases"


def _moments(at: Any, response_id: Any) -> dict[str, int]:
    rows = select(ResponseId.client_id, at).join_from(ResponseId, at.class_, response_id == ResponseId.response_id)
    return dict(db.session.execute(rows).tuples().all())


def _row(name: str, took: list[float] | list[int]) -> Row:
    """A row may be written before its sender has read the 202: that counts as 0."""
    fair = [max(0.0, float(one)) for one in took]
    return {"": name, "count": len(fair), **{f"p{share} ms": quantile(fair, share / 100) for share in (50, 99, 100)}}


def measure(size: Size, file: Path | None = None, per_second: float = 40, rows: int | None = None) -> Measured:
    texts = [json.loads(line)["text"] for line in file.read_text().splitlines() if line.strip()] if file else list(TEXTS)
    wanted = rows or (len(texts) if file else size.of(1200, 200, 10))
    texts = [texts[number % len(texts)] for number in range(wanted)]
    with installation(size.cold) as at:
        at.start()
        at.await_health("/readyz")
        began = time.monotonic()
        sent = send_all(at, texts, per_second)
        seconds = time.monotonic() - began
        done = await_all(at, 120)
        at.stop()
        table, said = read_back(at, sent)
    refused = f"; refused: {sent.refused[:3]}" if sent.refused else ""
    return Measured(table, [
        f"{len(texts)} sent, {len(texts) / seconds:.1f} a second; {said}{refused}.",
        "All were processed." if done else "NOT ALL were processed within two minutes.",
    ])  # fmt: skip


if __name__ == "__main__":
    command(
        "lag", measure, __doc__,
        file=Option("JSON lines with a text each", Path),
        per_second=Option("how many are sent a second", float, 40.0),
        rows=Option("how many are sent", int),
    )  # fmt: skip
