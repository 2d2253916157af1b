"""How a visitor can be reached, encrypted, and by what a person is recognised again. Persons themselves are not stored."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Millis, Model, PublicId, Words


class Contact(Model):
    """An address or name, as a Fernet token under the key `key_id`."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("kind IN ('email', 'name', 'phone')", name="kind"),
        CheckConstraint("source IN ('form', 'visitor', 'text', 'staff')", name="source"),
        Index("ix_contacts_response", "response_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(10))  # text: found in a text, shown by an audited click, 30 days
    cipher: Mapped[Words]
    key_id: Mapped[str] = mapped_column(String(16))
    consent_version: Mapped[str | None] = mapped_column(String(40))
    delete_at: Mapped[Millis | None]


class PersonKey(Model):
    """A keyed blind index: the same person gives the same `hmac` at one site, and at no other."""

    __tablename__ = "person_keys"
    __table_args__ = (
        CheckConstraint("kind IN ('reference', 'email', 'visitor')", name="kind"),
        Index("ix_person_keys_site_hmac", "site_id", "hmac"),
    )

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    hmac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))


class Erasure(Model):
    """That something was erased: a keyed fingerprint of the response, nothing of whom it was from. A restored backup is
    held to these again."""

    __tablename__ = "erasures"

    id: Mapped[Id]
    hmac: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[Millis]
