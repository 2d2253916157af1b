"""Rows of webhooks: where events go, the secrets that sign them, each message with its tries. Never a visitor's words."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model, Name, Object, PublicId, Words


class WebhookEndpoint(Model):
    """An address of somebody else's that is told what happens at a site."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    url: Mapped[Words]
    description: Mapped[Name] = mapped_column(default="")
    events: Mapped[Items] = mapped_column(default=list)
    with_texts: Mapped[bool] = mapped_column(default=False)  # what visitors wrote goes along, redacted as it is stored
    enabled: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    disabled_at: Mapped[Millis | None]
    disabled_reason: Mapped[Name | None]  # when we switched it off ourselves
    failing_since: Mapped[Millis | None]  # the first failed try after the last success
    created_at: Mapped[Millis]


class WebhookSecret(Model):
    """A signing secret, sealed. Several at once while they rotate: then each signs."""

    __tablename__ = "webhook_secrets"

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), index=True)
    cipher: Mapped[Words]
    created_at: Mapped[Millis]
    expires_at: Mapped[Millis | None]


class WebhookDelivery(Model):
    """One event for one endpoint, put here by what caused it. `public_id` is its `webhook-id` on each try."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed')", name="state"),
        Index("ix_webhook_deliveries_due", "state", "next_at"),
        Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    unique_key: Mapped[str] = mapped_column(String(160), unique=True)  # an effect happens once
    event: Mapped[str] = mapped_column(String(40))
    data: Mapped[Object]  # facts and public ids
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempt: Mapped[int] = mapped_column(default=0)  # of this round; a replay begins a new one
    next_at: Mapped[Millis]
    lease_until: Mapped[Millis] = mapped_column(default=0)
    error: Mapped[Words | None]
    created_at: Mapped[Millis]  # when it happened
    sent_at: Mapped[Millis | None]


class WebhookTry(Model):
    """What one try met."""

    __tablename__ = "webhook_tries"

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), index=True)
    at: Mapped[Millis]
    took: Mapped[int]  # ms
    status: Mapped[int | None]
    error: Mapped[Words | None]
    answer: Mapped[Words] = mapped_column(default="")  # the first 500 characters of what the receiver said
