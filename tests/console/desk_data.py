"""Rows for the console's tests: sites with people in every role, and cases opened the way the pipeline opens them."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from widget_server import database
from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user, grant
from widget_server.clock import HOUR, MINUTE, now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.people.models import Contact, PersonKey
from widget_server.recovery.models import Case
from widget_server.recovery.operations import link_flagged
from widget_server.responses.models import Response, ResponseId, TextAnswer
from widget_server.routing.models import DecisionRow
from widget_server.scoring.models import AssessmentRow
from widget_server.sealing import key_id, seal
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site

PASSWORD = "a good long password"
ROLES = ("admin", "product", "support", "viewer")
_numbers = itertools.count(1)


def make_site(key: str, name: str) -> Site:
    return create_site(
        name, key=key, zone="Europe/Oslo", region="NO", reference_prefix="TA", origins=[f"https://{key}.example"]
    )


def make_people(site: Site) -> dict[str, User]:
    """One in each role, and Joost, who works the queue too."""
    people = {role: _person(f"{role}@{site.key}.example", f"{role.title()} Solli") for role in ROLES}
    people["joost"] = _person(f"joost@{site.key}.example", "Joost de Wit")
    for name, user in people.items():
        grant(user, site, name if name in ROLES else "support")
    return people


def _person(email: str, name: str) -> User:
    """As `create_user`, but the same password is hashed once for the whole run: argon2 is slow on purpose."""
    if not _hashes:
        user = create_user(email, PASSWORD, name)
        _hashes.append(str(user.password))
        return user
    user = User(email=email, name=name, password=_hashes[0], fs_uniquifier=secrets.token_hex(32))
    db.session.add(user)
    db.session.flush()
    return user


_hashes: list[str] = []


@dataclass(frozen=True)
class Complaint:
    words: str = "Paid twice for the same seat, and the chat sent me round in circles."
    language: str = "en"
    scored: bool = True
    severity: int = 3
    points: int = 40
    priority: str = "P2"
    reasons: tuple[str, ...] = ("Low smiley", "“round in circles”", "left without paying")
    acknowledge: int = 60  # minutes
    resolve: int = 240
    ago: int = 30 * MINUTE
    hmac: str | None = None
    failures: int | None = 1
    email: str | None = "eleanor@customer.example"
    name: str | None = "Eleanor Whitcombe"
    context: dict[str, Any] = field(default_factory=dict)


CONTEXT = {
    "device": "phone",
    "viewport": {"width": 390, "height": 844},
    "locale": "en-GB",
    "facts": {"order": "TA-7Q4K2", "tier": "gold"},
    "signals": {"trigger": "exit_intent", "rage_clicks": 5, "errors": 2},
    "trail": [
        {"at": 420_000, "kind": "click", "what": "Chose seat 12A"},
        {"at": 300_000, "kind": "error", "what": "Pay: error “try again”"},
        {"at": 60_000, "kind": "page", "what": "Help chat, 4 times back"},
    ],
}


def complain(site: Site, told: Complaint = Complaint()) -> Case:
    """A flagged response, scored and routed, and the case that it opened. Inside `writing()`."""
    n, at = next(_numbers), now_ms() - told.ago
    response = Response(
        site_id=site.id, survey_key="feedback", version="v1", finished=True, seq=1, received_at=at, updated_at=at,
        local_day="2026-11-21", local_hour=9, zone=site.zone, language=told.language, due_at=None, processed_at=at,
        url="https://www.ternair.example/book/pay?step=4", release="3.14.0", context={**CONTEXT, **told.context},
        answers={"mood": 1, "comment": True},
    )  # fmt: skip
    db.session.add(response)
    db.session.flush()
    db.session.add(ResponseId(site_id=site.id, client_id=f"{n:036d}", response_id=response.id, secret_hash="x", seq=1))
    if told.words:
        db.session.add(TextAnswer(response_id=response.id, question="comment", site_id=site.id, text=told.words))
    for kind, plain in (("email", told.email), ("name", told.name)):
        if plain:
            _contact(site, response, kind, plain)
    if told.hmac:
        key = PersonKey(response_id=response.id, kind="reference", site_id=site.id, hmac=told.hmac, key_id="k")
        db.session.add(key)
    assessment = _assess(site, response, told, at)
    decision = _decide(site, response, told, at)
    db.session.flush()
    case = link_flagged(
        response,
        assessment,
        decision,
        failures=told.failures,
        hmacs=[told.hmac] if told.hmac else [],
        reach="email" if told.email else "receipt",
    ).case
    case.opened_at = at
    case.acknowledge_due, case.resolve_due = at + told.acknowledge * MINUTE, at + told.resolve * MINUTE
    case.due = case.acknowledge_due
    db.session.flush()
    return case


def _contact(site: Site, response: Response, kind: str, plain: str) -> None:
    keys = settings().encryption_keys
    db.session.add(
        Contact(
            site_id=site.id, response_id=response.id, kind=kind, source="form", cipher=seal(plain, keys),
            key_id=key_id(keys[0]), consent_version="1" if kind == "email" else None,
        )
    )  # fmt: skip


def _assess(site: Site, response: Response, told: Complaint, at: int) -> AssessmentRow:
    terms = [
        {"name": "bias", "value": 1, "weight": -1.2, "contribution": -1.2, "reason": "where everybody starts"},
        {"name": "rating", "value": 1, "weight": 2.0, "contribution": 2.0, "reason": "low smiley"},
        {"name": "friction", "value": 0.8, "weight": 1.5, "contribution": 1.2, "reason": "“round in circles”"},
    ]
    row = AssessmentRow(
        site_id=site.id, response_id=response.id, model="m1", revision=1, language=told.language,
        language_confidence=0.99, supported=told.scored, polarity=-0.71 if told.scored else None,
        label="negative" if told.scored else "unsupported", friction=0.8, needs_recovery=0.88, threshold=0.5,
        flagged=True, severity=told.severity, topics=["payment"], terms=terms, reasons=list(told.reasons),
        evidence=[], created_at=at,
    )  # fmt: skip
    db.session.add(row)
    return row


def _decide(site: Site, response: Response, told: Complaint, at: int) -> DecisionRow:
    row = DecisionRow(
        site_id=site.id, response_id=response.id, revision=1, rule="paid and no ticket", reason="money was taken",
        team_key="support", points=told.points,
        parts=[{"name": "severity high", "points": told.points - 20}, {"name": "second failure", "points": 20}],
        priority=told.priority, acknowledge_minutes=told.acknowledge, resolve_minutes=told.resolve, created_at=at,
    )  # fmt: skip
    db.session.add(row)
    return row


THAI = "ชำระเงินไปสองครั้งแล้ว แต่ยังไม่ได้รับตั๋ว พรุ่งนี้เช้าต้องบินแล้ว ติดต่อใครไม่ได้เลย"
DUTCH = "Derde keer dat ik mijn stoel niet kan kiezen. De knop is gewoon weg."
NORWEGIAN = "Fikk ikke lagt til barnevogn på bagasjesiden, og ingen svarer på telefonen."
ARABIC = "دفعت مرتين ولم أحصل على التذكرة، ولا أحد يجيب على الهاتف."


PAYMENT = "The payment page failed after I entered the code, and now there are two charges on my card."
WEDDING = (
    "Paid twice for the same seat, and the chat sent me round in circles. "
    "My sister’s wedding is on Saturday and I still don’t have a ticket."
)
MENU = "Your menu kept sending me back to the same help article. I just wanted to change a name."
SILENT = Complaint("", severity=1, ago=3 * MINUTE, acknowledge=20 * 60, reasons=("Low smiley, nothing written",), name=None)


def a_busy_desk(site: Site) -> list[Case]:
    """Cases like those of the mock pages: overdue, within the hour, later; in several languages."""
    told = (
        Complaint(THAI, "th", scored=False, severity=4, ago=72 * MINUTE, points=60, email=None, name=None),
        Complaint(DUTCH, "nl", severity=3, ago=64 * MINUTE, failures=2, hmac="d" * 64),
        Complaint(PAYMENT, ago=42 * MINUTE),
        Complaint(WEDDING, severity=4, ago=24 * MINUTE, points=70, failures=2, hmac="e" * 64),
        Complaint(NORWEGIAN, "no", severity=2, ago=8 * MINUTE),
        Complaint(ARABIC, "ar", scored=False, severity=2, ago=5 * MINUTE, acknowledge=120),
        SILENT,
        Complaint(MENU, severity=1, ago=2 * HOUR, acknowledge=48 * 60),
    )
    return [complain(site, one) for one in told]


def fill(app: Any) -> None:
    """Two sites with their people, and one case at each."""
    with app.app_context(), database.writing():
        for key, name in (("ternair", "Tern Air"), ("other", "Other Line")):
            site = make_site(key, name)
            make_people(site)
            complain(site, Complaint(words=f"A complaint at {key}"))
