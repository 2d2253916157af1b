"""Rows of a site: one website that listens, with its keys, exact origins and manners."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model, Name, Object, PublicId, Words


class Site(Model):
    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint("consent_mode IN ('open', 'ask')", name="consent_mode"),
        CheckConstraint("status IN ('open', 'closed')", name="status"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    key: Mapped[str] = mapped_column(String(40), unique=True)  # public: stands in the script tag
    name: Mapped[Name]
    reference_prefix: Mapped[str] = mapped_column(String(6), default="")  # "TA" in "TA 1042"
    zone: Mapped[Name] = mapped_column(default="UTC")  # IANA
    language: Mapped[str] = mapped_column(String(10), default="en")
    languages: Mapped[Items] = mapped_column(default=lambda: ["en"])
    region: Mapped[str | None] = mapped_column(String(2))  # for phone numbers without a country
    consent_mode: Mapped[str] = mapped_column(String(10), default="open")
    consent_version: Mapped[str] = mapped_column(String(40), default="1")
    status: Mapped[str] = mapped_column(String(10), default="open")
    test_mode: Mapped[bool] = mapped_column(default=False)  # all that comes in is marked test
    allow_null_origin: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[Name | None]  # "Rather talk?" on the receipt
    phone_hours: Mapped[Name | None]
    button_survey: Mapped[str | None] = mapped_column(String(60), default="feedback")
    button_position: Mapped[str] = mapped_column(String(20), default="bottom-right")
    button_opener: Mapped[str | None] = mapped_column(String(300))  # a selector of the page's elements that open it too
    theme: Mapped[Object] = mapped_column(default=dict)  # accent, ground, ink, radius, font, scheme
    help: Mapped[Items | None]  # the entries of `sites/help.py`
    gesture_budget: Mapped[int | None] = mapped_column(BigInteger)  # what each may give in a month, minor units; None: any
    gesture_currency: Mapped[str | None] = mapped_column(String(3))  # of all budgets here
    created_at: Mapped[Millis]


class SiteOrigin(Model):
    """An exact origin (scheme, host, port) whose pages may send."""

    __tablename__ = "site_origins"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)


class SiteKey(Model):
    """A secret of a site that must be usable, so encrypted, not hashed. Several at once while they rotate."""

    __tablename__ = "site_keys"
    __table_args__ = (CheckConstraint("kind IN ('identity', 'blind')", name="kind"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # identity: HMAC of signed claims; blind: index of persons
    cipher: Mapped[Words]
    created_at: Mapped[Millis]
    expires_at: Mapped[Millis | None]


class SiteSighting(Model):
    """Where the tag was last seen, for 'installed? last seen on …'. At most one write a minute and host."""

    __tablename__ = "site_sightings"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(String(300), primary_key=True)
    seen_at: Mapped[Millis]


class Team(Model):
    """Who a case is routed to."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("site_id", "key"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[Name]
