"""Links by which a person sets their password: an invitation, or a reset. Each works once, and not for long.

The database holds neither a link nor its hash: what stands in it is the row's number, signed with the installation's
key (`sealing.sign_token`). So a mail can wait in the outbox without holding the link, which is put in as it is sent,
and whoever reads deliveries, or a copy of the database, can't open an account with what they see. Flush only.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from widget_server.accounts.models import AccountLink, User
from widget_server.clock import DAY, HOUR, now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.sealing import read_token, sign_token

LASTS = {"invitation": 72 * HOUR, "reset": HOUR}
KEPT = 30 * DAY
"""So long a used or expired link's row stays, which says when it was made."""


def make_link(user_id: int, kind: str) -> AccountLink:
    """A new link. Earlier ones of this person end."""
    end_links(user_id)
    now = now_ms()
    link = AccountLink(user_id=user_id, kind=kind, created_at=now, expires_at=now + LASTS[kind])
    db.session.add(link)
    db.session.flush()
    return link


def address_of_link(link: AccountLink) -> str:
    """The whole link; it begins with our own address, whatever a request's Host said."""
    return f"{settings().base_url}/console/{link.kind}/{_token(link)}"


def read_link(kind: str, token: str) -> AccountLink | None:
    """The link behind what came in an address. None for a used, expired, ended or made-up one: they look alike."""
    public_id = read_token(settings().secret_key, _purpose(kind), token[:200])
    if public_id is None:
        return None
    now = now_ms()
    return db.session.scalar(
        select(AccountLink)
        .join(User, User.id == AccountLink.user_id)
        .where(
            AccountLink.public_id == public_id,
            AccountLink.kind == kind,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
            User.active.is_(True),
        )
    )


def use_link(link: AccountLink) -> bool:
    """True for exactly one caller."""
    done = db.session.execute(
        update(AccountLink)
        .where(AccountLink.id == link.id, AccountLink.used_at.is_(None))
        .values(used_at=now_ms())
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def end_links(user_id: int) -> None:
    """Whatever links this person has open work no more."""
    db.session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user_id, AccountLink.used_at.is_(None))
        .values(used_at=now_ms())
        .execution_options(synchronize_session=False)
    )


MAILED = "account_link"
"""The purpose of a delivery that carries a link."""


def delivery_key(link: AccountLink) -> str:
    """The outbox's unique key, by which the link is found again when the mail goes out."""
    return f"link:{link.public_id}"


def words_with_link(body: str, key: str) -> str | None:
    """A mail's text with its link at the end; None when the link has ended meanwhile."""
    link = db.session.scalar(
        select(AccountLink).where(AccountLink.public_id == key.removeprefix("link:"), AccountLink.used_at.is_(None))
    )
    if link is None or link.expires_at <= now_ms():
        return None
    return f"{body.rstrip()}\n\n{address_of_link(link)}\n"


def purge_links(now: int) -> int:
    gone = db.session.execute(delete(AccountLink).where(AccountLink.expires_at <= now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _token(link: AccountLink) -> str:
    return sign_token(settings().secret_key, _purpose(link.kind), link.public_id)


def _purpose(kind: str) -> str:
    return f"account {kind}"
