"""Which rule sent a response where, and how urgent it became."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model, Name


class DecisionRow(Model):
    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("response_id", "revision"),
        CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name="priority"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    revision: Mapped[int]
    rule: Mapped[Name]
    reason: Mapped[Name]
    team_key: Mapped[str] = mapped_column(String(60))
    points: Mapped[int]
    parts: Mapped[Items]  # [{"name", "points"}], summing to points
    priority: Mapped[str] = mapped_column(String(2))
    acknowledge_minutes: Mapped[int]
    resolve_minutes: Mapped[int]
    created_at: Mapped[Millis]
