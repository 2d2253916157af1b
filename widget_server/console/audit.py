"""The audit log: who saw what is private, and who changed what. For admins; read, filtered, taken along as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response as Answered
from flask import make_response, render_template, request
from sqlalchemy import Select, and_, not_, or_, select

from widget_server.accounts.models import AuditEntry, Membership, User
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import colleagues
from widget_server.console.audit_words import SEEING, said
from widget_server.console.frame import actor, here, screen
from widget_server.database import db, writing

PAGE = 50
MOST_EXPORTED = 50_000
KINDS = {"saw": "Who saw", "did": "Who did"}


@dataclass(frozen=True)
class Asked:
    kind: str = ""
    user_id: int | None = None
    before: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Asked:
        kind = query.get("kind", "")
        return cls(kind if kind in KINDS else "", _number(query.get("who", "")), _number(query.get("before", "")))


@screen("/audit", "settings.audit")
def audit_log() -> Answered:
    """Newest first."""
    asked = Asked.from_query(request.args)
    rows = db.session.execute(_wanted(here().site.id, asked).limit(PAGE + 1)).all()
    page = render_template(
        "console/audit.html",
        lines=[(entry, name or email, said(entry.action, entry.subject)) for entry, name, email in rows[:PAGE]],
        more=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        asked=asked,
        kinds=KINDS,
        people=colleagues(here().site.id),
    )
    return make_response(page)


@screen("/audit.jsonl", "settings.audit")
def audit_lines() -> Answered:
    """What the filter shows, one line of JSON each; that it was taken is the newest line of it."""
    asked = Asked.from_query(request.args)
    with writing():
        audit("audit.exported", user=actor(), site_id=here().site.id)
    rows = db.session.execute(_wanted(here().site.id, asked).limit(MOST_EXPORTED)).all()  # without the writers' lock
    lines = [json.dumps(_line(entry, email), ensure_ascii=False) for entry, _, email in rows]
    answer = make_response("\n".join(lines) + "\n" if lines else "")
    answer.headers["Content-Type"] = "application/jsonl; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{here().site.key}.jsonl"'
    return answer


def _wanted(site_id: int, asked: Asked) -> Select[tuple[AuditEntry, str, str]]:
    """Lines of the site, and what its people did to their own accounts."""
    members = select(Membership.user_id).where(Membership.site_id == site_id)
    own = and_(AuditEntry.site_id.is_(None), AuditEntry.user_id.in_(members))
    wanted = select(AuditEntry, User.name, User.email).outerjoin(User, User.id == AuditEntry.user_id)
    wanted = wanted.where(or_(AuditEntry.site_id == site_id, own))
    if asked.kind:
        seeing = or_(*(AuditEntry.action == action for action in sorted(SEEING)))
        wanted = wanted.where(seeing if asked.kind == "saw" else not_(seeing))
    if asked.user_id is not None:
        wanted = wanted.where(AuditEntry.user_id == asked.user_id)
    if asked.before is not None:
        wanted = wanted.where(AuditEntry.id < asked.before)
    return wanted.order_by(AuditEntry.id.desc())


def _line(entry: AuditEntry, email: str | None) -> dict[str, Any]:
    return {
        "id": entry.id, "at": entry.at, "who": email, "action": entry.action, "subject": entry.subject,
        "detail": entry.detail, "note": entry.note,
    }  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
