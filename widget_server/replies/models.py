"""Rows of replies that are kept to be used again: a site's own words, no customer's."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Millis, Model, Name, PublicId, Words


class SavedReply(Model):
    """`folded` is the title as it is compared: a language has each title once, however it is written."""

    __tablename__ = "saved_replies"
    __table_args__ = (UniqueConstraint("site_id", "language", "folded"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[Name]
    folded: Mapped[str] = mapped_column(String(400))
    body: Mapped[Words]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[Millis]
    changed_at: Mapped[Millis]
