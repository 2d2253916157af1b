"""What we made of a response, with every term that led there. A new model or snapshot adds a row, it replaces none."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model


class AssessmentRow(Model):
    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("response_id", "model", "revision"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("label IN ('negative', 'neutral', 'positive', 'unsupported', 'no_text')", name="label"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(60))
    revision: Mapped[int]  # the response's seq that was read
    language: Mapped[str | None] = mapped_column(String(10))
    language_confidence: Mapped[float | None] = mapped_column(Float)
    supported: Mapped[bool]
    polarity: Mapped[float | None] = mapped_column(Float)  # −1…1; None where no analyser spoke
    label: Mapped[str] = mapped_column(String(12))
    friction: Mapped[float] = mapped_column(Float)  # 0…1
    needs_recovery: Mapped[float] = mapped_column(Float)  # 0…1, the logistic of the terms' sum
    threshold: Mapped[float] = mapped_column(Float)
    flagged: Mapped[bool]
    severity: Mapped[int]
    severity_reasons: Mapped[Items] = mapped_column(default=list)  # why that severity, in plain words
    preventable: Mapped[bool] = mapped_column(default=False)  # told as something that need not have happened
    topics: Mapped[Items] = mapped_column(default=list)
    signs: Mapped[Items] = mapped_column(default=list)  # of bad service: "long_wait", "no_contact", …
    terms: Mapped[Items] = mapped_column(default=list)  # [{"name", "value", "weight", "contribution", "reason"}]
    reasons: Mapped[Items] = mapped_column(default=list)  # plain words, strongest first
    evidence: Mapped[Items] = mapped_column(default=list)  # [{"question", "start", "end", "text", "kind"}]
    created_at: Mapped[Millis]
