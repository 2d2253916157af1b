"""Who these tests are about: a site, its staff, visitors with a complaint. Rows as intake would leave them."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.people.models import Contact, PersonKey
from widget_server.recovery import operations, queries
from widget_server.recovery.models import Case
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Response, ResponseId, TextAnswer
from widget_server.sealing import key_id, seal
from widget_server.sites.models import Site, Team

WORDS = "Paid twice for the same seat, and the chat sent me round in circles."


def make_site(**changes: Any) -> Site:
    values = {
        "key": uuid.uuid4().hex[:12],
        "name": "Tern Air",
        "reference_prefix": "TA",
        "zone": "Europe/Oslo",
    }
    site = Site(**{**values, "phone": "+47 22 00 00 00", "created_at": now_ms(), **changes})
    db.session.add(site)
    db.session.flush()
    db.session.add(Team(site_id=site.id, key="support", name="Support"))
    db.session.flush()
    return site


def make_user(name: str) -> User:
    user = User(email=f"{uuid.uuid4().hex[:8]}@tern.example", name=name, fs_uniquifier=uuid.uuid4().hex)
    db.session.add(user)
    db.session.flush()
    return user


def make_response(
    site: Site, *, words: str = WORDS, email: str | None = None, hmacs: dict[str, str] | None = None,
    secret: bool = True, **changes: Any,
) -> Response:  # fmt: skip
    now = now_ms()
    values: dict[str, Any] = {
        "site_id": site.id, "survey_key": "feedback", "version": "v1", "finished": True, "seq": 1,
        "received_at": now, "updated_at": now, "local_day": "2026-11-21", "local_hour": 9, "zone": site.zone,
        "language": "en", "answers": {"mood": 1, "comment": True}, "state": "kept",
    }  # fmt: skip
    response = Response(**{**values, **changes})
    db.session.add(response)
    db.session.flush()
    db.session.add(
        ResponseId(
            site_id=site.id, client_id=str(uuid.uuid4()), response_id=response.id,
            secret_hash="0" * 64 if secret else None, seq=1,
        )
    )  # fmt: skip
    if words:
        db.session.add(TextAnswer(response_id=response.id, question="comment", site_id=site.id, text=words))
    for kind, hmac in (hmacs or {}).items():
        db.session.add(
            PersonKey(
                response_id=response.id, kind=kind, site_id=site.id, hmac=hmac.ljust(64, "0"), key_id="k"
            )
        )
    if email:
        keys = settings().encryption_keys
        db.session.add(
            Contact(
                site_id=site.id, response_id=response.id, kind="email", source="form", cipher=seal(email, keys),
                key_id=key_id(keys[0]), consent_version="1",
            )
        )  # fmt: skip
    db.session.flush()
    return response


def assessed(severity: int = 3) -> Any:
    return SimpleNamespace(severity=severity, reasons=["low smiley"])


def decided(priority: str = "P2", points: int = 60) -> Any:
    return SimpleNamespace(
        team_key="support", points=points, parts=[{"name": "severity high", "points": points}], priority=priority,
        acknowledge_minutes=30, resolve_minutes=180,
    )  # fmt: skip


def flag(response: Response, severity: int = 3, priority: str = "P2") -> operations.Linked:
    """What the pipeline does with a flagged response."""
    rows = db.session.query(PersonKey).filter_by(response_id=response.id)
    hmacs = [row.hmac for row in rows]
    failures = queries.failures_of(response.site_id, hmacs, now_ms())
    return operations.link_flagged(
        response,
        assessed(severity),
        decided(priority),
        failures=failures,
        hmacs=hmacs,
        reach=reach_of(response.id),
    )


def complaint(site: Site, **changes: Any) -> Case:
    return flag(make_response(site, **changes)).case


def fresh(row: Any) -> Any:
    """The row as it stands in the database."""
    db.session.rollback()
    return db.session.get_one(type(row), row.id)
