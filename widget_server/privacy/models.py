"""How long a site keeps what. No row: the default of `privacy.periods`."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Model


class Retention(Model):
    __tablename__ = "retention"
    __table_args__ = (CheckConstraint("days >= 0", name="days"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    days: Mapped[int]  # 0: for good
