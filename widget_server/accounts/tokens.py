"""Bearer tokens of a site for the management API. Only their SHA-256 is kept: a token is shown once, when made."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from widget_server.accounts.models import ApiToken
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Forbidden, NotSignedIn
from widget_server.sites.models import Site

READ = "read"
SCOPES = (READ,)
PREFIX = "wst_"  # so that secret scanners know one when they see it


@dataclass
class BadToken(NotSignedIn):
    """No token, or one that we do not know. All of these answer alike."""

    detail: str = "Give a token of the site: 'Authorization: Bearer …'"


def create_api_token(
    site: Site, name: str, scopes: Sequence[str] = SCOPES, expires_at: int | None = None
) -> tuple[ApiToken, str]:
    """Make a token; flush only. The second value is the token itself, which nobody can read again.

    Args:
        expires_at: ms since the epoch; None for a token that lasts.
    """
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"No such scope: {', '.join(sorted(unknown))}")
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        site_id=site.id,
        name=name,
        hash=_hash(plain),
        scopes=list(scopes),
        created_at=now_ms(),
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, plain


def site_of_token(plain: str, scope: str) -> Site:
    """The site that this token opens.

    Raises:
        BadToken: unknown or expired.
        Forbidden: known, but not for this scope.
    """
    token = db.session.scalar(select(ApiToken).where(ApiToken.hash == _hash(plain)))
    if token is None or (token.expires_at is not None and token.expires_at <= now_ms()):
        raise BadToken
    if scope not in token.scopes:
        raise Forbidden(f"This token is not for '{scope}'")
    return db.session.get_one(Site, token.site_id)


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
