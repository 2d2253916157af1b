"""A5: no body that anybody can think of makes the server fail: every answer is below 500, on both databases."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient

from tests.conftest import make_app, make_settings
from tests.console.test_access import DEFINITION
from tests.intake.conftest import ORIGIN, Sender, sender_at
from tests.intake.malformed import TEXT, Bad, malformed
from tests.intake.test_malformed import full_body
from tests.postgres import start_server
from tests.proofs.frame import Found, command
from widget_server.accounts.tokens import SCOPES, create_api_token
from widget_server.database import db, writing
from widget_server.sites.models import Site

FORM = "application/x-www-form-urlencoded"
SOUND_EVERY = 1000
"""So often a sound one goes between, which must be taken."""


def prove(bodies: int, seed: int = 2026) -> Found:
    """All of them on SQLite and all on PostgreSQL, side by side."""
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    server = start_server(home)
    name = server.create()
    try:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            found = pool.starmap(send_all, [("", bodies, seed), (server.url(name), bodies, seed)])
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    named = dict(zip(("sqlite", "postgresql"), found, strict=True))
    return {
        "ok": all(one["ok"] for one in found), "bodies_each": bodies,
        **{f"{where}: {what}": value for where, one in named.items() for what, value in one.items() if what != "ok"},
    }  # fmt: skip


def send_all(database_url: str, bodies: int, seed: int) -> Found:
    """In a process of its own: `bodies` to all doors in turn. No address: SQLite in a folder of its own."""
    structlog.configure(processors=[_say_nothing])
    folder = Path(tempfile.mkdtemp(prefix="widget-malformed-"))
    changes = {"database_url": database_url} if database_url else {}
    app = make_app(make_settings(folder, api_per_minute=1_000_000, **changes))
    statuses: Counter[int] = Counter()
    failures, sound_refused = [], 0
    with app.app_context():
        tern = sender_at(app)
        with writing():
            token = create_api_token(db.session.get_one(Site, tern.site_id), "proof", SCOPES)[1]
        app.testing = False  # what nobody foresaw is to be an answer, as in production
        client = app.test_client()
        for number, (door, bad) in enumerate(to_all_doors(tern, token, bodies, seed)):
            status = knock(client, door, bad)
            statuses[status] += 1
            if status >= 500:
                failures.append((number, door, status, bad.body[:80]))
            if number % SOUND_EVERY == 0:
                db.session.rollback()
                sound_refused += tern.send({"mood": 3}).status_code != 202
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
    return {
        "ok": not failures and not sound_refused, "statuses": dict(sorted(statuses.items())), "failures": failures[:5],
        "sound_ones_refused": sound_refused,
    }  # fmt: skip


def _say_nothing(*_event: Any) -> Any:
    raise structlog.DropEvent


Door = tuple[str, str, dict[str, str]]


def to_all_doors(tern: Sender, token: str, bodies: int, seed: int) -> Iterator[tuple[Door, Bad]]:
    """Most to where responses are taken in; the rest to whatever else reads a body without a session."""
    bearer = {"Authorization": f"Bearer {token}", "If-Match": "*"}
    at_site = {"Origin": ORIGIN}
    doors: tuple[tuple[Door, dict[str, Any]], ...] = (
        *[(("POST", f"/v1/sites/{tern.key}/responses", at_site), full_body(tern))] * 6,
        (("POST", f"/v1/sites/{tern.key}/events", at_site),
         {"events": [{"display": str(uuid.uuid4()), "survey": "feedback", "version": "a1", "kind": "shown"}]}),
        (("POST", f"/v1/sites/{tern.key}/attachments", at_site), {"id": str(uuid.uuid4()), "secret": "x" * 32}),
        (("POST", "/v1/receipts/state", at_site), {"receipt": "a.b"}),
        (("POST", "/r/a.b", {}), {"do": "write", "text": "x"}),
        (("POST", "/console/login", {}), {"email": "a@b.co", "password": "x"}),
        (("POST", "/api/v1/people/find", bearer), {"email": "a@b.co"}),
        (("PATCH", "/api/v1/site", bearer), {"name": "Tern Air", "phone": "1"}),
        (("PUT", "/api/v1/surveys/mine", bearer), {"definition": DEFINITION}),
    )  # fmt: skip
    made = [malformed(bodies, valid, seed + place) for place, (_, valid) in enumerate(doors)]
    for number in range(bodies):
        place = number % len(doors)
        yield doors[place][0], next(made[place])


def knock(client: FlaskClient, door: Door, bad: Bad) -> int:
    method, path, headers = door
    sent = {**headers, **bad.headers}
    plain = "application/json" if path.startswith("/api/") else FORM if path.startswith(("/r/", "/console/")) else TEXT
    kind = plain if bad.content_type == TEXT else bad.content_type
    return client.open(path, method=method, data=bad.body, content_type=kind, headers=sent).status_code


if __name__ == "__main__":
    command(prove, __doc__, bodies=100_000, seed=2026)
