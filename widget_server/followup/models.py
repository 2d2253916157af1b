"""The dated question to the customer after a resolution: did it hold?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Millis, Model, Words


class FollowUp(Model):
    __tablename__ = "followups"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "n"),
        CheckConstraint("kind IN ('held')", name="kind"),
        CheckConstraint("state IN ('planned', 'asked', 'answered', 'dropped')", name="state"),
        Index("ix_followups_due", "state", "due_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10), default="held")
    n: Mapped[int]  # 1 after the first resolution, 2 after the second, …
    state: Mapped[str] = mapped_column(String(10), default="planned")
    due_at: Mapped[Millis]
    asked_at: Mapped[Millis | None]
    answered_at: Mapped[Millis | None]
    satisfied: Mapped[bool | None]
    comment: Mapped[Words | None]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="SET NULL"), index=True)
