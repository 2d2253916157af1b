"""A8, A9, A16: every route has a rule; who is nobody sees no private word; no answer and no mail names a forged host."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, String, Text, literal_column, select, update
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from tests.accounts.conftest import sign_in
from tests.conftest import make_app, make_settings
from tests.console.desk_data import PASSWORD, fill
from tests.console.test_access import FORM, FORMS, build, make_ids
from tests.proofs.frame import Found, command
from tests.structure.test_routes import ANYBODY, address
from widget_server.api.frame import POLICY as API_POLICY
from widget_server.config import Smtp
from widget_server.console.frame import POLICY
from widget_server.console.frame import PUBLIC as OPEN
from widget_server.database import Base, db, writing
from widget_server.delivery.models import Delivery

CANARY, EVIL = "canarybird", "evil.invalid"
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
SHOWN = {"sites", "surveys", "survey_versions", "survey_states", "site_origins"}
"""What these say is for everybody who loads a page with the widget."""


def prove(seed: int = 1) -> Found:
    folder = Path(tempfile.mkdtemp(prefix="widget-surface-"))
    smtp = Smtp("127.0.0.1", 1, "care@widget.test", None, None, "none")  # nobody listens: mail stays in the outbox
    app = make_app(make_settings(folder, api_per_minute=1_000_000, smtp=smtp))
    try:
        fill(app)
        covered = coverage(app)
        app.config["WTF_CSRF_ENABLED"] = False
        ids = make_ids(app)
        hosts = forged_hosts(app, ids)
        app.config["WTF_CSRF_ENABLED"] = True
        planted = plant(app)
        seen = strangers_walk(app, ids)
        with app.app_context():
            db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ok = not covered["without_rule"] and not seen["canaries"] and not seen["let_in"] and not hosts["named"]
    return {"ok": ok and planted > 50 and hosts["mails"] > 0, **covered, "private_columns": planted, **seen, **hosts}


def coverage(app: Flask) -> Found:
    """Which table holds each route; one that stands in none is a fault."""
    held: Counter[str] = Counter()
    without = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ANYBODY:
            held["open"] += 1
        elif rule.endpoint in POLICY and POLICY[rule.endpoint] != OPEN:
            held["console"] += 1
        elif rule.endpoint in API_POLICY:
            held["api"] += 1
        else:
            without.append(rule.endpoint)
    routes = sum(held.values()) + len(without)
    percent = 100 * sum(held.values()) // routes
    return {"routes": routes, "held_by": dict(held), "without_rule": without, "coverage": f"{percent} %"}


def plant(app: Flask) -> int:
    """A canary in every text of every row that is not for everybody, where no rule forbids it. Returns how many columns."""
    planted = 0
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            if table.name in SHOWN:
                continue
            for column in table.columns:
                if not isinstance(column.type, String | Text | JSON) or column.foreign_keys or column.primary_key:
                    continue
                value: Any = {CANARY: CANARY} if isinstance(column.type, JSON) else CANARY
                if isinstance(column.type, String) and column.unique:
                    value = literal_column(f"'{CANARY}' || rowid")
                try:
                    with writing():
                        planted += db.session.execute(update(table).values({column: value})).rowcount > 0  # type: ignore[attr-defined]
                except DBAPIError:
                    continue  # a state with a closed list of words
        db.session.remove()
    return planted


def strangers_walk(app: Flask, ids: Any) -> Found:
    """Every route by every method, as nobody; with real ids and with made-up ones."""
    client, canaries, let_in, asked = app.test_client(), [], [], 0
    form = {**FORM, "email": "a@b.co", "password": "x"}
    for rule in app.url_map.iter_rules():
        for path in {address(rule), real_address(rule, ids)}:
            for method in sorted((rule.methods or set()) & METHODS | {"GET", "POST"}):
                answer = client.open(path, method=method, data=form if method != "GET" else None)
                asked += 1
                if CANARY in answer.text or CANARY in str(answer.headers):
                    canaries.append(f"{method} {path}")
                turned_away = answer.status_code >= 400 or "/console/login" in answer.headers.get("Location", "")
                if rule.endpoint not in ANYBODY and not turned_away:
                    let_in.append(f"{method} {path}: {answer.status_code}")
    return {"asked_as_nobody": asked, "canaries": canaries[:5], "let_in": let_in[:5]}


def real_address(rule: Rule, ids: Any) -> str:
    if not rule.rule.startswith("/console") or rule.endpoint in ANYBODY:
        return address(rule)
    return build(rule, ids, 0)


def forged_hosts(app: Flask, ids: Any) -> Found:
    """Every route as nobody and as an admin, in the name of another host; what was answered, and what was mailed."""
    named = []
    admin = app.test_client()
    assert sign_in(admin, "admin@ternair.example", PASSWORD).status_code == 302
    for client in (app.test_client(), admin):
        named += [told for rule in app.url_map.iter_rules() for told in _as_forged(client, rule, ids)]
    app.test_client().post("/console/reset", data={"email": "joost@ternair.example"}, headers=FORGED)
    with app.app_context():
        mails = [f"{one.subject} {one.body}" for one in db.session.scalars(select(Delivery))]
        named += [f"a mail: {mail[:60]}" for mail in mails if EVIL in mail]
        db.session.remove()
    return {"named": named[:5], "mails": len(mails)}


FORGED = {
    "Host": EVIL, "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}", "X-Host": EVIL, "X-Original-Host": EVIL,
    "X-Forwarded-Server": EVIL,
}  # fmt: skip
ENDS_THE_SESSION = {"security.logout", "console.end_others", "console.end_session"}


def _as_forged(client: FlaskClient, rule: Rule, ids: Any) -> list[str]:
    named = []
    if rule.endpoint in ENDS_THE_SESSION or "remove" in rule.endpoint or "sign_out" in rule.endpoint:
        return []
    for method in sorted((rule.methods or set()) & METHODS):
        form = {**FORM, **FORMS.get(rule.endpoint.removeprefix("console."), {})}
        answer = client.open(
            real_address(rule, ids), method=method, headers=FORGED, data=form if method != "GET" else None
        )
        if EVIL in answer.text or EVIL in str(answer.headers):
            named.append(f"{method} {rule.endpoint}")
    return named


if __name__ == "__main__":
    command(prove, __doc__, seed=1)
