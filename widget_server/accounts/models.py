"""Rows of staff: who they are (authentication by Flask-Security), and what they may do at which site."""

from __future__ import annotations

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from flask_security.utils import verify_password
from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget_server.database import Id, Items, Millis, Model, Name, Object, PublicId, Words

ROLES = ("admin", "product", "support", "viewer")


class User(Model, UserMixin):
    __tablename__ = "users"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[Name] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime)
    single_keys: Mapped[bool] = mapped_column(default=True)  # WCAG 2.1.4: single-key shortcuts can be off

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """None, ever: Flask-Security's roles are global, ours are memberships, one a site."""
        return []

    def verify_and_update_password(self, password: str) -> bool:
        """Whether it is their password. Verifies only: signing in happens in a reading transaction."""
        return self.password is not None and bool(verify_password(password, self.password))


class Membership(Model):
    """A person's role at a site. No row: the site does not exist for them."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("role IN ('admin', 'product', 'support', 'viewer')", name="role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"))
    gesture_budget: Mapped[int | None] = mapped_column(BigInteger)  # their own, in place of the site's


class StaffSession(Model):
    """One browser of a person who is signed in. A cookie without its row is nothing; no address is kept."""

    __tablename__ = "staff_sessions"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of what stands in the cookie
    method: Mapped[str] = mapped_column(String(20))  # password, two_factor, sign_on
    browser: Mapped[Name]  # its family and system, "Firefox on Linux"
    created_at: Mapped[Millis]
    last_seen_at: Mapped[Millis] = mapped_column(index=True)  # to five minutes


class AccountLink(Model):
    """A link by which a person sets their password, once. What stands in it is signed, and is kept nowhere."""

    __tablename__ = "account_links"
    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Millis]
    expires_at: Mapped[Millis]
    used_at: Mapped[Millis | None]  # or ended, because a newer one was made


class SecondFactor(Model):
    """A person's authenticator app. Without `confirmed_at` it is being set up, and asked of nobody."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[Words]  # sealed
    key_id: Mapped[str] = mapped_column(String(12))
    confirmed_at: Mapped[Millis | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # a code of this step or an earlier one is a replay


class RecoveryCode(Model):
    """Ten of them stand in for the app, once each. Only a keyed hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[Millis | None]


class TwoFactorDuty(Model):
    """At this site, this role opens nothing without a second factor."""

    __tablename__ = "two_factor_duties"
    __table_args__ = (CheckConstraint("role IN ('admin', 'product', 'support', 'viewer')", name="role"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)


class Identity(Model):
    """Who a person is at the identity provider: found by e-mail once, by `subject` ever after."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    issuer: Mapped[Name]
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[Millis]


class ApiToken(Model):
    """A bearer token of a site: only its SHA-256 is kept. What it does stands in histories under `actor_id`."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    name: Mapped[Name]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[Items] = mapped_column(default=list)
    created_at: Mapped[Millis]
    expires_at: Mapped[Millis | None]
    revoked_at: Mapped[Millis | None]
    last_used_at: Mapped[Millis | None]  # to the minute
    # The token as somebody: a user that can't sign in and has no role. None: from before tokens could act.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class ApiAnswer(Model):
    """What a write through the API answered, for a day: the same request again gets the same answer, and acts once."""

    __tablename__ = "api_answers"

    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the caller's Idempotency-Key
    request: Mapped[str] = mapped_column(String(64))  # SHA-256 of method, address and body
    answer: Mapped[Words]  # sealed: it may hold what a customer wrote
    at: Mapped[Millis] = mapped_column(index=True)


class AuditEntry(Model):
    """Who looked at what is private, and who changed a setting. Only ever added to."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_site_at", "site_id", "at"),)

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    action: Mapped[Name]
    subject: Mapped[Name] = mapped_column(default="")
    detail: Mapped[Object] = mapped_column(default=dict)
    note: Mapped[Words] = mapped_column(default="")
    at: Mapped[Millis]
