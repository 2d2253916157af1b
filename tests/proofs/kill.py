"""SIGKILL of web and worker during intake and processing: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import func, select

from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from tests.proofs.visitors import Visitors
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.people.models import PersonKey
from widget_server.recovery.models import Case, CaseEvent, CaseResponse
from widget_server.responses.models import Response, ResponseId
from widget_server.scoring.models import AssessmentRow

LONGEST_DRAIN_SECONDS = 600.0
LONGEST_BACK_SECONDS = 20.0
ALL = (("web",), ("worker",), ("web", "worker"))


def prove(
    cycles: int,
    seed: int = 1,
    *,
    module: str = "tests.proofs.restarts_at_once",
    victims: Sequence[Sequence[str]] = ALL,
    drain_seconds: float = LONGEST_DRAIN_SECONDS,
) -> Found:
    """Serve, send, kill `cycles` times, let it come to rest, and count."""
    with installation() as at:
        with_worker = any("worker" in names for names in victims)
        at.start(module, *([] if with_worker else ["--no-worker"]))
        if with_worker:
            at.await_health("/readyz")  # it loads its models once: a kill before that hits nothing
        visitors = Visitors(at, seed=seed, pause=0.1)
        visitors.start()
        try:
            kills, back = kill_often(at, visitors, cycles, random.Random(seed), victims)
        finally:
            visitors.stop()
        resting = time.monotonic()
        drained = drain(at, drain_seconds)
        rest = time.monotonic() - resting
        at.stop()
        found = count(at, visitors.acknowledged)
        errors = at.errors() if visitors.odd else []
    return found | {
        "ok": sound(found) and drained and not visitors.odd and max(back) < LONGEST_BACK_SECONDS, "cycles": cycles,
        "drained": drained, "drain_seconds": round(rest, 1), "kills": dict(kills), "tries": visitors.tries,
        "odd": visitors.odd[:5], "errors": errors[:5],
        "back_ms_p50": round(median(back) * 1000), "back_ms_max": round(max(back) * 1000),
    }  # fmt: skip


def kill_often(
    at: Installation, visitors: Visitors, cycles: int, chance: random.Random, victims: Sequence[Sequence[str]] = ALL
) -> tuple[Counter[str], list[float]]:
    """Kill web, worker or both at random moments of their work; wait until they are at it again.

    Returns kills, and the seconds until back.
    """
    kills: Counter[str] = Counter()
    back = []
    for _ in range(cycles):
        names, began = chance.choice(victims), now_ms()
        before, until = len(visitors.acknowledged), time.monotonic() + 2
        while "worker" in names and not at.processed_since(began) and time.monotonic() < until:
            time.sleep(0.01)  # it beats before it works, and is to be killed at work
        time.sleep(chance.uniform(0.01, 0.2))
        while len(visitors.acknowledged) == before and time.monotonic() < until:
            time.sleep(0.002)  # on a busy machine it has not even begun
        gone = {name: at.kill(name) for name in names}
        kills.update(name for name, pid in gone.items() if pid is not None)
        back.append(await_back(at, gone))
    return kills, back


def await_back(at: Installation, gone: dict[str, int | None]) -> float:
    """Wait until whoever was killed does its work again; returns the seconds it took."""
    began, killed_at, waiting = time.monotonic(), now_ms(), set(gone)
    while waiting and time.monotonic() - began < LONGEST_BACK_SECONDS:
        children = at.children()
        for name in sorted(waiting):
            works = at.answers if name == "web" else partial(at.beaten_since, killed_at)
            if children.get(name, gone[name]) != gone[name] and works():
                waiting.remove(name)
        if waiting:
            time.sleep(0.02)
    return time.monotonic() - began


def drain(at: Installation, seconds: float = LONGEST_DRAIN_SECONDS) -> bool:
    """Wait until nothing is due any more."""
    until = time.monotonic() + seconds
    with at.app.app_context():
        while time.monotonic() < until:
            left = db.session.scalar(select(func.count()).where(Response.due_at.is_not(None)))
            db.session.rollback()
            if not left:
                return True
            time.sleep(0.1)
    return False


def count(at: Installation, acknowledged: set[str]) -> dict[str, Any]:
    """What stands in the database, beside what was promised."""
    with at.app.app_context():
        stored = list(db.session.scalars(select(ResponseId.client_id)))
        rows = db.session.scalar(select(func.count()).select_from(Response))
        flagged = set(db.session.scalars(select(AssessmentRow.response_id).where(AssessmentRow.flagged.is_(True))))
        scored = select(AssessmentRow.response_id)
        linked = list(db.session.scalars(select(CaseResponse.response_id)))
        twice_scored = db.session.scalar(
            select(func.count()).select_from(
                select(AssessmentRow.response_id).group_by(AssessmentRow.response_id).having(func.count() > 1).subquery()
            )
        )
        open_of_person = (
            select(func.count(func.distinct(Case.id)).label("cases"))
            .select_from(PersonKey)
            .join(CaseResponse, CaseResponse.response_id == PersonKey.response_id)
            .join(Case, (Case.id == CaseResponse.case_id) & (Case.state == "open"))
            .group_by(PersonKey.hmac)
            .subquery()
        )
        found = {
            "acknowledged": len(acknowledged),
            "rows": rows,
            "lost": len(acknowledged - set(stored)),
            "twice": len(stored) - len(set(stored)) + abs((rows or 0) - len(stored)) + (twice_scored or 0),
            "failed": db.session.scalar(select(func.count()).where(Response.failure.is_not(None))),
            "unscored": db.session.scalar(select(func.count()).where(Response.due_at.is_(None), Response.id.not_in(scored))),
            "flagged": len(flagged),
            "links": len(linked),
            "unlinked": len(flagged - set(linked)),
            "cases": db.session.scalar(select(func.count()).select_from(Case)),
            "opened": db.session.scalar(select(func.count()).where(CaseEvent.kind == "opened")),
            "open_cases_of_a_person": db.session.scalar(select(func.max(open_of_person.c.cases))),
        }
        db.session.remove()
        db.engine.dispose()
    return found


def sound(found: dict[str, Any]) -> bool:
    """Whether every promise was kept."""
    none = ("lost", "twice", "failed", "unscored", "unlinked")
    return (
        all(found[name] == 0 for name in none)
        and found["acknowledged"] > 0
        and found["links"] == found["flagged"]
        and found["cases"] == found["opened"]
        and (found["open_cases_of_a_person"] or 0) <= 1
    )


if __name__ == "__main__":
    command(prove, __doc__, cycles=1000, seed=1)
