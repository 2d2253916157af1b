"""Rows of a recovery case: its state and five steps, its append-only history, its erasable words, gestures and promises;
and the incidents that cases are part of."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model, Name, Object, PublicId, Words


class Case(Model):
    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("state IN ('open', 'waiting', 'resolved', 'closed')", name="state"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name="priority"),
        CheckConstraint("reach IN ('email', 'receipt', 'none')", name="reach"),
        CheckConstraint(
            "closed_as IS NULL OR closed_as IN ('documented', 'not_a_failure')", name="closed_as"
        ),
        Index("ix_cases_queue", "site_id", "state", "due"),
        Index("ix_cases_site_opened", "site_id", "opened_at"),
        Index("ix_cases_site_changed", "site_id", "changed_at", "id"),
        Index("ix_cases_held", "site_id", "language", "satisfied", "resolved_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    number: Mapped[int]  # from 1001 at each site: "TA 1042"
    state: Mapped[str] = mapped_column(String(10), default="open")
    severity: Mapped[int]
    severity_reason: Mapped[Name | None]  # when staff changed it
    preventable: Mapped[bool | None]
    priority: Mapped[str] = mapped_column(String(2))
    points: Mapped[int]
    parts: Mapped[Items]  # the sum behind the priority
    reasons: Mapped[Items] = mapped_column(default=list)  # plain words, why it was flagged
    reach: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10), default="en")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    first_response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))
    failures: Mapped[
        int | None
    ]  # 2: the second failure within 90 days; None: unknown, which is never 'first'
    opened_at: Mapped[Millis]
    opened_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )  # None: by rule
    acknowledge_due: Mapped[Millis]
    resolve_due: Mapped[Millis]
    due: Mapped[Millis | None]  # the next of them; None: nothing is owed
    # the five steps
    acknowledged_at: Mapped[Millis | None]
    understood_at: Mapped[Millis | None]
    resolved_at: Mapped[Millis | None]
    followed_up_at: Mapped[Millis | None]
    documented_at: Mapped[Millis | None]
    ask_at: Mapped[Millis | None]  # when the follow-up question goes out
    asked_at: Mapped[Millis | None]
    unread_since: Mapped[Millis | None]  # the customer's last word, where no reply is newer
    closed_at: Mapped[Millis | None]
    closed_as: Mapped[str | None] = mapped_column(String(20))
    reopened: Mapped[int] = mapped_column(default=0)
    cause: Mapped[Words | None]
    remedy: Mapped[Words | None]
    fair_solution: Mapped[Words | None]  # the customer's own answer
    satisfied: Mapped[bool | None]  # their answer to the follow-up
    version: Mapped[int] = mapped_column(default=1)  # optimistic lock
    changed_at: Mapped[Millis]


class CaseNumber(Model):
    __tablename__ = "case_numbers"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    next: Mapped[int] = mapped_column(default=1001)


class CaseResponse(Model):
    """Exactly one link for each flagged response: it opened the case, or joined it."""

    __tablename__ = "case_responses"
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[Millis]


class CasePerson(Model):
    """The open case of a person, by blind index: two workers can't open two."""

    __tablename__ = "case_persons"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    hmac: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)


class CaseEvent(Model):
    """What happened, never changed: facts without anybody's words."""

    __tablename__ = "case_events"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    data: Mapped[Object] = mapped_column(default=dict)
    at: Mapped[Millis]


class CaseMessage(Model):
    """Words of a case, erasable: to the customer, from them, or between staff."""

    __tablename__ = "case_messages"
    __table_args__ = (CheckConstraint("kind IN ('reply', 'note', 'customer')", name="kind"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    # From the customer: whose receipt it was written on. Two people may share a case by an address that one only claims.
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    body: Mapped[Words]
    apology: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(String(20), default="")  # the step it was sent in
    token: Mapped[str | None] = mapped_column(
        String(80), unique=True
    )  # the form's: a double click sends once
    at: Mapped[Millis]


class Gesture(Model):
    """Something extra, with its value in minor units."""

    __tablename__ = "gestures"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"), Index("ix_gestures_user_at", "user_id", "at"))

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    description: Mapped[Name]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    token: Mapped[str] = mapped_column(String(80), unique=True)  # idempotency
    at: Mapped[Millis]


class Approval(Model):
    """A gesture beyond somebody's budget: what they ask to give, and what was said to it. Approved, it is given once."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'declined', 'withdrawn')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    description: Mapped[Name]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[Name] = mapped_column(default="")
    token: Mapped[str] = mapped_column(String(80), unique=True)  # idempotency
    state: Mapped[str] = mapped_column(String(10), default="asked", index=True)
    asked_at: Mapped[Millis]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[Millis | None]
    answer: Mapped[Name] = mapped_column(default="")  # why it was declined
    gesture_id: Mapped[int | None] = mapped_column(ForeignKey("gestures.id", ondelete="SET NULL"), unique=True)


class PromiseRow(Model):
    """What was promised, by when. Staff say that it is kept, or moved: then a new row goes on, the old date in view."""

    __tablename__ = "promises"
    __table_args__ = (CheckConstraint("state IN ('open', 'kept', 'moved')", name="state"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[Name]
    due: Mapped[Millis]
    state: Mapped[str] = mapped_column(String(10), default="open")
    moved_from: Mapped[Millis | None]
    made_at: Mapped[Millis]
    ended_at: Mapped[Millis | None]


class Incident(Model):
    """One failure that hits many. Its title is ours and stays when a customer's words go: it quotes nobody."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        Index("ix_incidents_site_state", "site_id", "state", "opened_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    title: Mapped[Name]
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    opened_at: Mapped[Millis]
    closed_at: Mapped[Millis | None]


class IncidentCase(Model):
    """The incident that a case is part of: one at most. Written under the case's lock."""

    __tablename__ = "incident_cases"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    added_at: Mapped[Millis]
    answered_at: Mapped[Millis | None]  # the last message to all of it that went into this case
