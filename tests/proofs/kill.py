"""SIGKILL of web and worker during intake and processing: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from statistics import median
from typing import Any

from sqlalchemy import func, select

from tests.proofs.installation import Installation, installation
from tests.proofs.visitors import Visitors
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.people.models import PersonKey
from widget_server.recovery.models import Case, CaseEvent, CaseResponse
from widget_server.responses.models import Response, ResponseId
from widget_server.scoring.models import AssessmentRow

LONGEST_DRAIN_SECONDS = 90


def prove(cycles: int, *, seed: int = 1, module: str = "widget_server.cli") -> dict[str, Any]:
    """Serve, send, kill `cycles` times, let it come to rest, and count."""
    began = time.monotonic()
    with installation() as at:
        at.start(module)
        visitors = Visitors(at, seed=seed)
        visitors.start()
        try:
            kills, back = kill_often(at, cycles, random.Random(seed))
        finally:
            visitors.stop()
        drained = drain(at)
        at.stop()
        found = count(at, visitors.acknowledged)
    return found | {
        "proof": "kill", "ok": sound(found) and drained and not visitors.odd, "cycles": cycles, "drained": drained,
        "kills": dict(kills), "tries": visitors.tries, "odd": visitors.odd[:5],
        "back_ms_p50": round(median(back) * 1000) if back else None, "back_ms_max": round(max(back, default=0) * 1000),
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip


def kill_often(at: Installation, cycles: int, chance: random.Random) -> tuple[Counter[str], list[float]]:
    """Kill web, worker or both at random moments; wait until it serves again. Returns kills and seconds until back."""
    kills: Counter[str] = Counter()
    back = []
    for _ in range(cycles):
        time.sleep(chance.uniform(0.02, 0.5))
        victims = chance.choice((("web",), ("worker",), ("web", "worker")))
        gone = {name: at.kill(name) for name in victims}
        kills.update(name for name, pid in gone.items() if pid is not None)
        began = time.monotonic()
        killed_at = now_ms()
        while time.monotonic() - began < 20:
            children = at.children()
            restarted = all(children.get(name, pid) != pid for name, pid in gone.items())
            if restarted and at.answers() and ("worker" not in gone or at.beaten_since(killed_at)):
                break
            time.sleep(0.01)
        back.append(time.monotonic() - began)
    return kills, back


def drain(at: Installation) -> bool:
    """Wait until nothing is due any more."""
    until = time.monotonic() + LONGEST_DRAIN_SECONDS
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
            "unscored": db.session.scalar(select(func.count()).where(Response.id.not_in(scored))),
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cycles", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = prove(asked.cycles, seed=asked.seed)
    print(json.dumps(found) if asked.json else "\n".join(f"{name:24} {value}" for name, value in found.items()))
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
