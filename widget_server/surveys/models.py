"""Rows of surveys: a key for good, immutable versions by content hash, and which one is live."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Millis, Model, Name, Object, PublicId


class Survey(Model):
    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("site_id", "key"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[Millis]


class SurveyVersion(Model):
    """A definition as it was asked. Inserted once, never changed or deleted: answers are read by it."""

    __tablename__ = "survey_versions"
    __table_args__ = (UniqueConstraint("survey_id", "hash"),)

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(16))
    title: Mapped[Name]
    definition: Mapped[Object]
    created_at: Mapped[Millis]


class SurveyState(Model):
    __tablename__ = "survey_state"
    __table_args__ = (CheckConstraint("status IN ('draft', 'live', 'paused', 'archived')", name="status"),)

    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    live_version_id: Mapped[int | None] = mapped_column(ForeignKey("survey_versions.id"))
    wave: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(10), default="live")
