"""The outbox: what leaves the process is a row in the transaction that caused it. It knows messages, never cases."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Millis, Model, Name, PublicId, Words


class Delivery(Model):
    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'held')", name="state"),
        CheckConstraint("(contact_id IS NULL) <> (user_id IS NULL)", name="one_recipient"),
        Index("ix_deliveries_due", "state", "next_at"),
        Index("ix_deliveries_site_created", "site_id", "created_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    unique_key: Mapped[str] = mapped_column(String(120), unique=True)  # an effect happens once
    transport: Mapped[str] = mapped_column(String(20), default="smtp")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)  # a customer
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))  # or a member of staff
    purpose: Mapped[str] = mapped_column(String(40))  # reply, urgent_case, follow_up
    subject: Mapped[Name]
    body: Mapped[Words]  # plain text
    language: Mapped[str] = mapped_column(String(10), default="en")
    state: Mapped[str] = mapped_column(String(10), default="queued")  # held: no SMTP, "would have been sent"
    attempt: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Millis]
    lease_until: Mapped[Millis] = mapped_column(default=0)
    error: Mapped[Words | None]
    created_at: Mapped[Millis]
    sent_at: Mapped[Millis | None]


class JobTick(Model):
    """A timed job runs once a tick, whichever worker is first."""

    __tablename__ = "jobs_due"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    tick: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Millis]


class Heartbeat(Model):
    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[Millis]
    detail: Mapped[Name] = mapped_column(default="")
