"""CPU a response costs the worker, by stage; and how far behind it is at 100, 300 and 500 responses a second.

The stages are timed in one process (CPU of its thread), the lags through HTTP on a served installation: from the
acknowledgement to the worker's own time of having it done, whose commit follows within a few milliseconds.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.bodies import requests, submission
from benchmarks.frame import Measured, Row, Size, command, say
from benchmarks.load import ID, SECRET, Attack, attack, quantile
from benchmarks.metering import cpu_seconds
from benchmarks.servers import ours
from tests.proofs.installation import ORIGIN, Installation, installation
from widget_server import pipeline, processing
from widget_server.database import db
from widget_server.intake.receive import receive
from widget_server.responses.models import Response, ResponseId
from widget_server.scoring.models import AssessmentRow

STAGES = {"score": "assess_some", "route": "route", "case": "link_flagged", "webhooks": "announce_response"}
KEEPS_UP_SECONDS = 2.0


def measure(size: Size) -> Measured:
    stages, notes = by_stage(size.of(600, 200, 10))
    rows = list(stages)
    for per_second in (100, 300, 500) if size.name != "tiny" else (20,):
        say(f"{per_second} a second")
        row, note = lag(per_second, size.of(10, 5, 1), size.cold)
        rows.append(row)
        notes.append(note)
    return Measured(rows, notes)


# ---- by stage


def by_stage(count: int) -> tuple[list[Row], list[str]]:
    made = Installation(Path(tempfile.mkdtemp(prefix="widget-bench-")))
    try:
        with made.app.app_context():
            processing.warm_up()
            fill(made, max(10, count // 10))
            process_all()
            fill(made, count)
            with timed() as spent:
                began, wall = time.thread_time(), time.perf_counter()
                process_all()
                total, wall = time.thread_time() - began, time.perf_counter() - wall
            flagged = db.session.scalar(select(func.count()).where(AssessmentRow.flagged.is_(True))) or 0
            share = flagged / (db.session.scalar(select(func.count()).select_from(AssessmentRow)) or 1)
            db.session.remove()
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)
    rest = total - sum(spent.values())
    parts = {**spent, "claim, commit and the rest": rest, "all but the score": total - spent["score"], "all": total}
    rows: list[Row] = [{"": name, "CPU ms a response": seconds / count * 1000} for name, seconds in parts.items()]
    return rows, [
        f"{share:.0%} of these responses were flagged, each of which opens or joins a case.",
        f"One worker alone: {count / wall:.0f} responses a second, disk included (aim 200); "
        f"{(total - spent['score']) / count * 1000:.1f} ms of CPU without the score (aim 4).",
    ]


def fill(at: Installation, count: int) -> None:
    for number in range(count):
        body = json.dumps(submission(number, at.versions["feedback"])).encode()
        body = body.replace(ID, str(uuid.uuid4()).encode()).replace(SECRET, uuid.uuid4().hex.encode())
        receive(at.app, "proof", body, origin=ORIGIN, address=None)
    db.session.rollback()


def process_all() -> None:
    while processing.process_due():
        pass


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """CPU seconds spent in each stage that the pipeline calls."""
    spent = dict.fromkeys(STAGES, 0.0)
    kept = {name: getattr(pipeline, name) for name in STAGES.values()}
    for stage, name in STAGES.items():
        setattr(pipeline, name, _watched(kept[name], spent, stage))
    try:
        yield spent
    finally:
        for name, act in kept.items():
            setattr(pipeline, name, act)


def _watched(act: Callable[..., Any], spent: dict[str, float], stage: str) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return act(*given, **named)
        finally:
            spent[stage] += time.thread_time() - began

    return watched


# ---- lag


def lag(per_second: int, seconds: int, cold: bool) -> tuple[Row, str]:
    with installation(cold) as at:
        with ours(at, worker=True):
            _await_worker(at)
            worker = at.children()["worker"]
            before = cpu_seconds([worker])
            sent = requests(at.versions["feedback"])
            outcome = attack(Attack(at.port, sent, per_second * seconds, 16, per_second, seconds * 3, keep=True))
            behind = _due(at)
            caught_up = _drained(at, seconds * 4 + 20)
            spent = cpu_seconds([worker]) - before
        done = _processed(at)
    lags = [max(0, done[id] - acknowledged) for id, acknowledged in outcome.acknowledged.items() if id in done]
    taken = outcome.done / outcome.seconds
    row: Row = {
        "": f"{per_second} a second",
        "taken a second": round(taken),
        "acknowledged p99 ms": quantile(outcome.took_ms, 0.99),
        "lag p50 ms": float(quantile(lags, 0.5)),
        "lag p99 ms": float(quantile(lags, 0.99)),
        "left at the end": behind,
        "seconds to catch up": round(caught_up, 1),
        "worker's CPU ms a response": spent / max(1, len(done)) * 1000,
    }
    return row, _kept_up(per_second, taken, behind)


def _kept_up(per_second: int, taken: float, behind: int) -> str:
    if taken < per_second * 0.95:
        return f"{per_second} a second: the server did not take them all in time, {taken:.0f} a second was the most."
    if behind > per_second * KEEPS_UP_SECONDS:
        return f"{per_second} a second: the worker can't keep up; {behind} waited at the end."
    return f"{per_second} a second: kept up."


def _await_worker(at: Installation) -> None:
    at.await_health("/readyz", seconds=60)


def _due(at: Installation) -> int:
    with at.app.app_context():
        left = db.session.scalar(select(func.count()).where(Response.due_at.is_not(None))) or 0
        db.session.remove()
    return left


def _drained(at: Installation, seconds: float) -> float:
    began = time.monotonic()
    while _due(at) and time.monotonic() - began < seconds:
        time.sleep(0.2)
    return time.monotonic() - began


def _processed(at: Installation) -> dict[str, int]:
    with at.app.app_context():
        rows = select(ResponseId.client_id, Response.processed_at).join(Response, Response.id == ResponseId.response_id)
        found = dict(db.session.execute(rows.where(Response.processed_at.is_not(None))).tuples().all())
        db.session.remove()
        db.engine.dispose()
    return {id: at_ms for id, at_ms in found.items() if at_ms is not None}


if __name__ == "__main__":
    command("processing", measure, __doc__)
