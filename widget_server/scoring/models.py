"""What we made of a response, with every term that led there, and what people said of it.

A new model or snapshot adds an assessment, it replaces none. Corrections and labels hold no text: they go with their
response.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import BigId, Id, Items, Millis, Model, Name, Object


class AssessmentRow(Model):
    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("response_id", "model", "revision"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("label IN ('negative', 'neutral', 'positive', 'unsupported', 'no_text')", name="label"),
        Index("ix_assessments_newly", "site_id", sqlite_where=text("newly"), postgresql_where=text("newly")),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(60))  # the weights and what read the text: "weights-3/ensemble-1-…"
    revision: Mapped[int]  # the response's seq that was read
    language: Mapped[str | None] = mapped_column(String(10))
    language_confidence: Mapped[float | None] = mapped_column(Float)
    supported: Mapped[bool]
    polarity: Mapped[float | None] = mapped_column(Float)  # −1…1; None where no analyser spoke
    label: Mapped[str] = mapped_column(String(12))
    friction: Mapped[float] = mapped_column(Float)  # 0…1
    needs_recovery: Mapped[float] = mapped_column(Float)  # 0…1, the logistic of the terms' sum
    threshold: Mapped[float] = mapped_column(Float)
    likelihood: Mapped[float | None] = mapped_column(Float)  # how often such a score came true here; None: not known
    flagged: Mapped[bool]
    newly: Mapped[bool] = mapped_column(default=False, server_default=false())  # by rescoring: the model before did not
    severity: Mapped[int]
    severity_reasons: Mapped[Items] = mapped_column(default=list)  # why that severity, in plain words
    preventable: Mapped[bool] = mapped_column(default=False)  # told as something that need not have happened
    topics: Mapped[Items] = mapped_column(default=list)
    signs: Mapped[Items] = mapped_column(default=list)  # of bad service: "long_wait", "no_contact", …
    terms: Mapped[Items] = mapped_column(default=list)  # [{"name", "value", "weight", "contribution", "reason"}]
    reasons: Mapped[Items] = mapped_column(default=list)  # plain words, strongest first
    evidence: Mapped[Items] = mapped_column(default=list)  # [{"question", "start", "end", "text", "kind"}]
    created_at: Mapped[Millis]


ASPECTS = "aspect IN ('needs_recovery', 'sentiment', 'friction', 'topic')"


class Correction(Model):
    """Somebody's word against ours: never changed, but for being taken back. The newest that stands counts."""

    __tablename__ = "corrections"
    __table_args__ = (CheckConstraint(ASPECTS, name="aspect"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id", ondelete="SET NULL"))
    aspect: Mapped[str] = mapped_column(String(20))
    read_as: Mapped[str] = mapped_column(String(20))  # what we had made of it
    value: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[Millis]
    undone_at: Mapped[Millis | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Label(Model):
    """What a response was in truth, by one source; ratings are read where they stand. Where sources differ,
    `labels.agreed` says which counts."""

    __tablename__ = "labels"
    __table_args__ = (
        CheckConstraint(ASPECTS, name="aspect"),
        CheckConstraint(
            "source IN ('correction', 'not_a_failure', 'opened_by_hand', 'outcome')", name="source"
        ),
        Index("ix_labels_site_aspect", "site_id", "aspect"),
    )

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    aspect: Mapped[str] = mapped_column(String(20), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    value: Mapped[str] = mapped_column(String(20))
    at: Mapped[Millis]


class ScoringModel(Model):
    """Weights that a site fitted to its own labels. None is deleted, so that one can go back."""

    __tablename__ = "scoring_models"
    __table_args__ = (
        Index(
            "uq_scoring_models_active",
            "site_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        UniqueConstraint("site_id", "name"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(30))  # "own-3": unique at its site, and part of what it scores
    weights: Mapped[Object]  # weights.to_json
    figures: Mapped[Object]  # the table of before and after
    reads: Mapped[str] = mapped_column(String(30))  # what read the texts that it was fitted to
    labels: Mapped[int]
    made_by: Mapped[Name]
    made_at: Mapped[Millis]
    active: Mapped[bool] = mapped_column(default=False)


class Rescoring(Model):
    """Older responses being read again by another model, in the background; `position` is the last one that was."""

    __tablename__ = "rescorings"
    __table_args__ = (Index("ix_rescorings_site", "site_id", "id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(60))  # that it rescores for
    since: Mapped[Millis]
    position: Mapped[int] = mapped_column(BigId, default=0)
    last: Mapped[int] = mapped_column(BigId)  # the newest response when it began
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Millis]
    finished_at: Mapped[Millis | None]
