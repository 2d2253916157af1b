"""Rows of what visitors sent. Words that can be erased (`texts`) stand apart from facts that stay (`answers`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import BigId, Id, Items, Millis, Model, Object, PublicId, Words

CHANGED = "coalesce(processed_at, updated_at)"
"""`Response.changed_at` as an index has it: of two columns, so that no old row has to be written for it."""


class Display(Model):
    """A survey was shown to somebody: counted by its own id, so that rates can be had."""

    __tablename__ = "displays"
    __table_args__ = (Index("ix_displays_site_shown", "site_id", "shown_at", "survey_key"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    display_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    survey_key: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(16))
    shown_at: Mapped[Millis | None]
    started_at: Mapped[Millis | None]
    closed_at: Mapped[Millis | None]


class ResponseId(Model):
    """What the client calls its response. Apart, so that it stays unique whatever becomes of the big table."""

    __tablename__ = "response_ids"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    seq: Mapped[int]


class Response(Model):
    """One visitor's answers to one survey, as of the newest snapshot."""

    __tablename__ = "responses"
    __table_args__ = (
        CheckConstraint("state IN ('kept', 'archived', 'spam', 'test', 'quarantined')", name="state"),
        Index("ix_responses_due", "due_at", "lease_until"),
        Index("ix_responses_site_received", "site_id", "received_at"),
        Index("ix_responses_site_survey", "site_id", "survey_key", "state", "received_at"),
        Index("ix_responses_site_changed", "site_id", text(CHANGED), "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]  # the client's own id stands in response_ids; this one is ours
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    survey_key: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(16))  # the hash that the client named
    version_id: Mapped[int | None] = mapped_column(ForeignKey("survey_versions.id"))  # None: unknown, quarantined
    wave: Mapped[int] = mapped_column(default=1)
    display_id: Mapped[str | None] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(12), default="kept")
    finished: Mapped[bool]
    seq: Mapped[int]
    received_at: Mapped[Millis]  # of the first snapshot, by our clock
    updated_at: Mapped[Millis]  # of the newest one
    client_skew: Mapped[int | None] = mapped_column(BigId)  # their clock less ours, ms
    local_day: Mapped[str] = mapped_column(String(10))  # in the site's zone: 2026-11-21
    local_hour: Mapped[int]
    zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))  # the form's
    origin: Mapped[str | None] = mapped_column(String(300))  # None: unverified caller
    url: Mapped[Words] = mapped_column(default="")  # redacted
    release: Mapped[str | None] = mapped_column(String(100))
    visitor_verified: Mapped[bool] = mapped_column(default=False)  # signed by the site's own server
    facts_verified: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[Object] = mapped_column(default=dict)  # by question key; texts stand as true, contact as {"given": …}
    context: Mapped[Object] = mapped_column(default=dict)  # redacted: signals, trail, facts, device, viewport, …
    # The worker's: None in due_at means that nothing is to be done.
    due_at: Mapped[Millis | None]
    lease_until: Mapped[Millis] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    processed_at: Mapped[Millis | None]  # read and scored, moved by staff or erased; None: not since the newest snapshot
    failure: Mapped[str | None] = mapped_column(String(500))  # why processing gave up, for staff

    @hybrid_property
    def changed_at(self) -> int:
        """When it last became another: whoever follows responses goes by it."""
        return self.updated_at if self.processed_at is None else self.processed_at

    @changed_at.inplace.expression
    @classmethod
    def _changed_at(cls) -> ColumnElement[Any]:
        return func.coalesce(cls.processed_at, cls.updated_at)


class Answer(Model):
    """One closed answer, to be counted: a number or a key."""

    __tablename__ = "answers"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[float | None] = mapped_column(Float)
    key: Mapped[str | None] = mapped_column(String(400))


class TextAnswer(Model):
    """What somebody wrote, redacted. Erasable."""

    __tablename__ = "texts"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    text: Mapped[Words]
    redactions: Mapped[Items] = mapped_column(default=list)  # kinds that were taken out: ["card", "email"]


class Attachment(Model):
    """A picture, decoded and encoded again by us under a name of our own."""

    __tablename__ = "attachments"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Millis]

