"""Bearer tokens of a site for the management API. Only their SHA-256 is kept: a token is shown once, when made.

A token acts as itself: with it comes a user that can't sign in and has no role, so that a case's history, the audit log
and the name under an answer say which program it was.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from widget_server.accounts.models import ApiAnswer, ApiToken, User
from widget_server.clock import DAY, MINUTE, now_ms
from widget_server.database import db
from widget_server.errors import Forbidden, Invalid, NotFound, NotSignedIn
from widget_server.sites.models import Site
from widget_server.sites.names import name_of

SCOPES = (
    "responses:read",
    "cases:read",
    "cases:write",
    "surveys:read",
    "surveys:write",
    "sites:read",
    "sites:write",
    "people:read",
    "people:erase",
    "webhooks:read",
    "webhooks:write",
)
READ = "read"
"""Every scope that ends in ':read' but people's: what tokens were given before there were scopes."""
READS = tuple(scope for scope in SCOPES if scope.endswith(":read") and scope != "people:read")
PREFIX = "wst_"  # so that secret scanners know one when they see it
NOBODY = "token.invalid"  # where an actor's address lies: a name that never resolves (RFC 2606)


@dataclass
class BadToken(NotSignedIn):
    """No token, or one that we do not know. All of these answer alike."""

    detail: str = "Give a token of the site: 'Authorization: Bearer …'"


@dataclass(frozen=True)
class Bearer:
    """Whose token came with a request, and what it is for."""

    token_id: int
    site_id: int
    name: str
    scopes: frozenset[str]
    used_lately: bool

    def need(self, scope: str) -> None:
        """Raises Forbidden unless the token is for this."""
        if scope not in self.scopes:
            raise Forbidden(f"This token is not for '{scope}'")


def create_api_token(
    site: Site, name: str, scopes: Sequence[str] = (READ,), expires_at: int | None = None
) -> tuple[ApiToken, str]:
    """Make a token; flush only. The second value is the token itself, which nobody can read again.

    Args:
        expires_at: ms since the epoch; None for a token that lasts.

    Raises:
        Invalid: there is no such scope, or the name is none.
    """
    unknown = set(scopes) - {*SCOPES, READ}
    if unknown:
        raise Invalid(f"There is no scope {', '.join(sorted(unknown))}: give {', '.join(SCOPES)}, or {READ}.")
    called = name_of(name, "Say what the token is for: its name stands in the history of what it does.")
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        site_id=site.id,
        name=called,
        hash=_hash(plain),
        scopes=list(dict.fromkeys(scopes)),
        created_at=now_ms(),
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, plain


def bearer_of(plain: str) -> Bearer:
    """Whose token this is.

    Raises:
        BadToken: unknown, expired or revoked.
    """
    token = db.session.scalar(select(ApiToken).where(ApiToken.hash == _hash(plain)))
    now = now_ms()
    if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        raise BadToken
    lately = token.last_used_at is not None and now - token.last_used_at < MINUTE
    return Bearer(token.id, token.site_id, token.name, granted(token.scopes), lately)


def granted(scopes: Sequence[str]) -> frozenset[str]:
    """What scopes come to, 'read' spelled out."""
    return frozenset(scopes) | (frozenset(READS) if READ in scopes else frozenset())


def note_use(token_id: int) -> None:
    """Write down that the token was used; flush only."""
    db.session.get_one(ApiToken, token_id).last_used_at = now_ms()
    db.session.flush()


def actor_of(token_id: int) -> User:
    """The token as somebody who acts: made when it first does something, renamed never. Flush only."""
    token = db.session.get_one(ApiToken, token_id)
    if token.actor_id is None:  # only once: a lock that does not wait for those who merely refer to the token
        db.session.refresh(token, with_for_update={"key_share": True})
    actor = db.session.get(User, token.actor_id) if token.actor_id else None
    if actor is None:
        address = f"{secrets.token_hex(12)}@{NOBODY}"
        actor = User(email=address, name=token.name, password=None, active=False, fs_uniquifier=secrets.token_hex(32))
        db.session.add(actor)
        db.session.flush()
        token.actor_id = actor.id
        db.session.flush()
    return actor


def tokens_of(site_id: int) -> list[ApiToken]:
    """All tokens of a site, revoked ones too, oldest first."""
    return list(db.session.scalars(select(ApiToken).where(ApiToken.site_id == site_id).order_by(ApiToken.id)))


def revoke_token(site: Site, token_id: int) -> ApiToken:
    """End a token, at once and for good; flush only. Its row stays, because histories name it.

    Raises:
        NotFound: this site has no such token.
    """
    token = db.session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.site_id == site.id))
    if token is None:
        raise NotFound(f"This site has no token {token_id}.")
    token.revoked_at = token.revoked_at or now_ms()
    db.session.flush()
    return token


ANSWERS_KEPT = DAY


def purge_answers(now: int) -> int:
    """Answers that nobody may ask for again. Flush only."""
    gone = db.session.execute(delete(ApiAnswer).where(ApiAnswer.at <= now - ANSWERS_KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def forget_answers(site_id: int) -> None:
    """What was answered to the site's tokens may quote somebody who is erased now. That it was answered stays, so that a
    repeat still acts once. Flush only."""
    tokens = select(ApiToken.id).where(ApiToken.site_id == site_id)
    of_site = (ApiAnswer.token_id.in_(tokens), ApiAnswer.answer != "")
    db.session.execute(update(ApiAnswer).where(*of_site).values(answer=""))


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
