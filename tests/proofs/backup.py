"""A25: a backup taken while visitors send is whole, comes back elsewhere row by row, and stays held to later erasures."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from tests import warm
from tests.proofs import erasure
from tests.proofs.frame import command
from tests.proofs.installation import Installation, installation
from tests.proofs.visitors import Visitors
from widget_server import checkup
from widget_server.app import create_app
from widget_server.backup.manifest import read_manifest
from widget_server.backup.restoring import restore
from widget_server.database import db
from widget_server.people.erasures import JOURNAL
from widget_server.responses.models import ResponseId

ABOUT_DATA = ("secrets", "durability", "tables", "disk")
"""What doctor looks at that holds for a place where nothing runs yet."""


def prove(rounds: int, seconds: int) -> dict[str, Any]:
    """Serve and send; take `rounds` backups `seconds` apart, each restored elsewhere and compared."""
    found = []
    with installation() as at:
        at.start()
        forgotten = erasure.send(at)
        with at.app.app_context():
            erasure.remember_pictures([forgotten])
            db.engine.dispose()
        visitors = Visitors(at, threads=4)
        visitors.start()
        try:
            for number in range(rounds):
                time.sleep(seconds)
                known = set(visitors.acknowledged)
                took = back_up(at, f"saved-{number}")
                found.append({"acknowledged": known, "seconds": took})
        finally:
            visitors.stop()
        erasure.delete(at, forgotten)
        at.stop()
        places = [put_back(at, f"saved-{number}", one["acknowledged"]) for number, one in enumerate(found)]
        left = erasure.left_in(at.folder / "restored-0", [forgotten])
        at_first = erasure.left_in(at.folder / "saved-0", [forgotten])
    ok = all(place["lost"] == 0 and place["erased_again"] == 1 and not place["wrong"] for place in places)
    return {
        "ok": ok and not left and bool(at_first) and not visitors.odd,
        "backups": rounds,
        "acknowledged": len(visitors.acknowledged),
        "rows": [place["rows"] for place in places],
        "seconds_each": [round(one["seconds"], 2) for one in found],
        "lost": sum(place["lost"] for place in places),
        "erased_again": sum(place["erased_again"] for place in places),
        "left_of_the_erased": left,
        "doctor": sorted({word for place in places for word in place["wrong"]}),
        "odd": visitors.odd[:3],
    }


def back_up(at: Installation, name: str) -> float:
    """By the command, in a process of its own. Returns how many seconds it took."""
    began = time.monotonic()
    warm.run("backup", str(at.folder / name), env=at.environment(), timeout=300).check_returncode()
    return time.monotonic() - began


def put_back(at: Installation, name: str, acknowledged: set[str]) -> dict[str, Any]:
    """Into a place of its own: `restore` compares each table's rows with the manifest, or raises."""
    folder = at.folder / name.replace("saved", "restored")
    folder.mkdir()
    app = create_app(replace(at.settings, instance=folder, database_url=f"sqlite:///{folder / 'widget.db'}"))
    with app.app_context():
        done = restore(at.folder / name, erasures=at.folder / JOURNAL)
        stored = set(db.session.scalars(select(ResponseId.client_id)))
        rows = db.session.scalar(select(func.count()).select_from(ResponseId))
        wrong = [one.about for one in checkup.findings() if not one.ok and one.about in ABOUT_DATA]
        db.session.remove()
        db.engine.dispose()
    saved = read_manifest(at.folder / name).tables["response_ids"].rows
    return {
        "rows": rows, "lost": len(acknowledged - stored) + abs(saved - (rows or 0)), "erased_again": done.erased_again,
        "wrong": wrong,
    }  # fmt: skip


if __name__ == "__main__":
    command(prove, __doc__, rounds=5, seconds=5)
