"""What admins do to the replies that are kept for all: save one, change one, take one away."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.desk.words import LONGEST, required, title_of
from widget_server.errors import Fault, Invalid, NotFound
from widget_server.replies.models import SavedReply
from widget_server.replies.queries import count_saved, saved_reply
from widget_server.sites.models import Site

MOST = 200
"""At one site: more are not found again by anybody."""
GONE = "Somebody took this reply away meanwhile."


@dataclass(frozen=True)
class Typed:
    """What a form says of a saved reply."""

    language: str
    title: str
    body: str


def save_reply(site: Site, actor: User, typed: Typed, public_id: str = "") -> SavedReply:
    """Keep a new one, or another wording of the one that is named.

    Raises:
        Invalid: with a fault for each field that can't be kept.
        NotFound: it is gone.
    """
    checked = _checked(typed)
    now, folded = now_ms(), fold(checked.title)
    if public_id:
        kept = saved_reply(site.id, public_id)
        if kept is None:
            raise NotFound(GONE)
    else:
        if count_saved(site.id) >= MOST:
            raise _wrong("title", f"There are {MOST} replies already: take one away first.")
        kept = SavedReply(site_id=site.id, author_id=actor.id, created_at=now)
    same = select(SavedReply.id).where(
        SavedReply.site_id == site.id, SavedReply.language == checked.language, SavedReply.folded == folded
    )
    if db.session.scalar(same) not in (None, kept.id):
        raise _wrong("title", TWICE)
    try:
        with db.session.begin_nested():
            kept.language, kept.title, kept.folded, kept.body = checked.language, checked.title, folded, checked.body
            kept.changed_at = now
            db.session.add(kept)
            db.session.flush()
    except IntegrityError:  # somebody else's, at the same moment
        raise _wrong("title", TWICE) from None
    return kept


TWICE = "There is a reply with this title in this language already."


def remove_reply(site: Site, public_id: str) -> SavedReply | None:
    """Take one away; None when it is gone already."""
    kept = saved_reply(site.id, public_id)
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()
    return kept


def fold(title: str) -> str:
    """A title as it is compared: without a difference of case or of how accents are put together."""
    return unicodedata.normalize("NFC", " ".join(title.split())).casefold()


def _checked(typed: Typed) -> Typed:
    faults: list[Fault] = []

    def of(field: str, check: Callable[[], str]) -> str:
        try:
            return check()
        except Invalid as wrong:
            faults.append(Fault(f"/{field}", wrong.detail))
            return ""

    title = of("title", lambda: title_of(typed.title))
    body = of("body", lambda: required(typed.body, "Write what the reply says.", LONGEST))
    if faults:
        raise Invalid(faults[0].detail, faults)
    return Typed(typed.language, title, body)


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, [Fault(f"/{field}", sentence)])
