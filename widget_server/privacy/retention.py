"""Letting go: what is older than its site wants to keep it. A timed job in small batches, and the counts of what would go.

Each kind says which rows are due (a select of ids), and how a batch of them goes. What is due is decided by `periods`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from sqlalchemy import Exists, Select, and_, delete, exists, func, or_, select, update

from widget_server import desk
from widget_server.accounts.append_only import retiring
from widget_server.accounts.models import AuditEntry
from widget_server.accounts.tokens import forget_answers
from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.desk.erasing import FACTS
from widget_server.desk.quotes import DELETED
from widget_server.people.models import Contact
from widget_server.privacy.models import Retention
from widget_server.privacy.periods import PERIODS, Keeping, keeping
from widget_server.recovery.models import Approval, Case, CaseMessage, CaseResponse, Gesture, PromiseRow
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Attachment, Display, Response
from widget_server.sites.models import Site

AT_ONCE = 50
"""Rows in one transaction: the writers' lock is held for tens of milliseconds."""
MOST = 5_000
"""Rows in one run; the rest waits for the next."""
TRAILED = ("trail", "title", "referrer_host", "element", "facts", "visitor")

Ids = Select[tuple[Any]]


@dataclass(frozen=True)
class Kind:
    due: Callable[[int, int], Ids]  # site, limit → ids
    go: Callable[[int, Sequence[Any]], None]  # site, ids
    period: str


def keeping_of(site_id: int) -> Keeping:
    """How long this site keeps what."""
    rows = db.session.execute(select(Retention.kind, Retention.days).where(Retention.site_id == site_id))
    return keeping(dict(rows.tuples().all()))


def set_days(site_id: int, kind: str, days: int) -> None:
    """From now on this site keeps `kind` so many days; 0 for good. Flush only."""
    row = db.session.get(Retention, (site_id, kind))
    if row is None:
        db.session.add(Retention(site_id=site_id, kind=kind, days=days))
    else:
        row.days = days
    db.session.flush()


def due_counts(site_id: int, now: int, kept: Keeping | None = None) -> dict[str, int]:
    """How many rows of each kind would go now, under `kept` or what is set."""
    kept = kept or keeping_of(site_id)
    found = {}
    for period in PERIODS:
        limit = kept.limit(period.kind, now)
        ids = [] if limit is None else [one.due(site_id, limit) for one in KINDS.values() if one.period == period.kind]
        counts = [select(func.count()).select_from(due.subquery()) for due in ids]
        found[period.kind] = sum(db.session.scalar(count) or 0 for count in counts)
    return found


def run(now: int | None = None, most: int = MOST, stop: Event | None = None) -> dict[str, int]:
    """Let go of what is due, at every site, in batches of their own transactions. The edge. Returns rows by kind.

    Told to `stop`, it ends with the batch: the next run goes on.
    """
    now = now_ms() if now is None else now
    gone = dict.fromkeys(KINDS, 0)
    db.session.rollback()
    sites = list(db.session.scalars(select(Site.id).order_by(Site.id)))
    for site_id in sites:
        for kind in KINDS:
            while sum(gone.values()) < most and (count := _batch(site_id, kind, now)):
                gone[kind] += count
                if stop is not None and stop.is_set():
                    return gone
    gone["audit"] += _audit_of_no_site(now)
    return gone


def _batch(site_id: int, kind: str, now: int) -> int:
    db.session.rollback()
    limit = keeping_of(site_id).limit(KINDS[kind].period, now)
    if limit is None:
        return 0
    due = KINDS[kind].due(site_id, limit).limit(AT_ONCE)
    if not list(db.session.scalars(due)):  # a look without the writers' lock
        return 0
    with writing():
        ids = list(db.session.scalars(due))
        if ids:
            KINDS[kind].go(site_id, ids)
            if kind == "words":
                forget_answers(site_id)
    return len(ids)


def purge_found(now: int, stop: Event | None = None) -> int:
    """Addresses found in texts are gone after their days, whatever a site keeps. In batches as well. Returns how many."""
    due = select(Contact.id).where(Contact.delete_at <= now).limit(AT_ONCE)
    gone = 0
    while not (stop is not None and stop.is_set()):
        db.session.rollback()
        ids = list(db.session.scalars(due))
        if not ids:
            break
        with writing():
            db.session.execute(delete(Contact).where(Contact.id.in_(ids)))
        gone += len(ids)
    return gone


def _audit_of_no_site(now: int) -> int:
    """Sign-ins and passwords belong to no site: they go after the default."""
    of_none = (AuditEntry.site_id.is_(None), AuditEntry.at <= (keeping({}).limit("audit", now) or 0))
    db.session.rollback()
    if db.session.scalar(select(AuditEntry.id).where(*of_none).limit(1)) is None:
        return 0
    with writing():
        ids = list(db.session.scalars(select(AuditEntry.id).where(*of_none).limit(MOST)))
        _audit_goes(None, ids)
    return len(ids)


# Which rows are due ---------------------------------------------------------------------------------------------------


def _open_case() -> Exists:
    """Whether somebody may still be working on it."""
    return exists().where(
        CaseResponse.response_id == Response.id, Case.id == CaseResponse.case_id, Case.state != "closed"
    )


def _words_due(site_id: int, limit: int) -> Ids:
    standing = Response.context["erased"].as_string().is_(None)
    of_site = (Response.site_id == site_id, Response.received_at <= limit, Response.updated_at <= limit)
    return select(Response.id).where(*of_site, standing, ~_open_case()).order_by(Response.received_at)


def _notes_due(site_id: int, limit: int) -> Ids:
    """Closed cases in which staff wrote something after the last message was erased: with that, the rest had gone."""
    of_case = (CaseResponse.case_id == Case.id, Response.id == CaseResponse.response_id)
    standing = exists().where(*of_case, Response.context["erased"].as_string().is_(None))
    written = or_(
        exists().where(CaseMessage.case_id == Case.id, CaseMessage.body != ""),
        exists().where(PromiseRow.case_id == Case.id, PromiseRow.text != DELETED),
        exists().where(Gesture.case_id == Case.id, Gesture.description != DELETED),
        exists().where(Approval.case_id == Case.id, Approval.description != DELETED),
    )
    closed = (Case.site_id == site_id, Case.state == "closed", Case.closed_at <= limit)
    return select(Case.id).where(*closed, ~standing, written).order_by(Case.id)


def _contacts_due(site_id: int, limit: int) -> Ids:
    """After the case was closed; without a case, after the response came in."""
    case_of = (CaseResponse.response_id == Contact.response_id, Case.id == CaseResponse.case_id)
    in_case = exists().where(*case_of)
    not_yet = exists().where(*case_of, or_(Case.closed_at.is_(None), Case.closed_at > limit))
    on_its_way = exists().where(Delivery.contact_id == Contact.id, Delivery.state.in_(("queued", "sending")))
    alone = and_(~in_case, Response.received_at <= limit, Response.updated_at <= limit)
    return (
        select(Contact.id)
        .join(Response, Response.id == Contact.response_id)
        .where(Contact.site_id == site_id, or_(and_(in_case, ~not_yet), alone), ~on_its_way)
        .order_by(Contact.id)
    )


def _pictures_due(site_id: int, limit: int) -> Ids:
    return (
        select(Attachment.id)
        .join(Response, Response.id == Attachment.response_id)
        .where(Attachment.site_id == site_id, Attachment.created_at <= limit, ~_open_case())
        .order_by(Attachment.id)
    )


def _trails_due(site_id: int, limit: int) -> Ids:
    left = or_(*(Response.context[name].as_string().is_not(None) for name in TRAILED), Response.url.contains("?"))
    of_site = (Response.site_id == site_id, Response.received_at <= limit, ~_open_case())
    return select(Response.id).where(*of_site, left).order_by(Response.received_at)


def _mails_due(site_id: int, limit: int) -> Ids:
    ended = Delivery.state.in_(("sent", "failed", "held"))
    of_site = (Delivery.site_id == site_id, Delivery.created_at <= limit)
    return select(Delivery.id).where(*of_site, ended, Delivery.body != "").order_by(Delivery.id)


def _displays_due(site_id: int, limit: int) -> Ids:
    """A display of which only the beginning or the end was heard has no other time."""
    unseen = Display.shown_at.is_(None) & (func.coalesce(Display.started_at, Display.closed_at) <= limit)
    return select(Display.display_id).where(Display.site_id == site_id, or_(Display.shown_at <= limit, unseen))


def _audit_due(site_id: int, limit: int) -> Ids:
    return select(AuditEntry.id).where(AuditEntry.site_id == site_id, AuditEntry.at <= limit).order_by(AuditEntry.id)


# How they go ----------------------------------------------------------------------------------------------------------


def _words_go(_site_id: int, ids: Sequence[int]) -> None:
    for id in ids:
        desk.erase(db.session.get_one(Response, id), expired=True)


def _notes_go(_site_id: int, ids: Sequence[int]) -> None:
    for id in ids:
        desk.erase_staff_words(db.session.get_one(Case, id))


def _contacts_go(_site_id: int, ids: Sequence[int]) -> None:
    """The address, the mails to it, and with the last one that the case could be reached so."""
    held = select(Contact.response_id).where(Contact.id.in_(ids))
    cases = select(Case).join(CaseResponse, CaseResponse.case_id == Case.id).where(CaseResponse.response_id.in_(held))
    touched = list(db.session.scalars(cases.distinct()))
    db.session.execute(delete(Delivery).where(Delivery.contact_id.in_(ids)))
    db.session.execute(delete(Contact).where(Contact.id.in_(ids)))
    for case in touched:
        linked = select(CaseResponse.response_id).where(CaseResponse.case_id == case.id)
        ways = [reach_of(id) for id in db.session.scalars(linked)]
        case.reach = next((way for way in ("email", "receipt") if way in ways), "none")
    db.session.flush()


def _pictures_go(_site_id: int, ids: Sequence[int]) -> None:
    db.session.execute(delete(Attachment).where(Attachment.id.in_(ids)))


def _trails_go(_site_id: int, ids: Sequence[int]) -> None:
    for one in db.session.scalars(select(Response).where(Response.id.in_(ids))):
        one.context = {name: value for name, value in one.context.items() if name in (*FACTS, "erased")}
        one.url = re.split(r"[?#]", one.url, maxsplit=1)[0]
    db.session.flush()


def _mails_go(_site_id: int, ids: Sequence[int]) -> None:
    """A held or failed one can't be sent without its words: it is over."""
    db.session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(body=""))


def _displays_go(site_id: int, ids: Sequence[str]) -> None:
    db.session.execute(delete(Display).where(Display.site_id == site_id, Display.display_id.in_(ids)))


def _audit_goes(_site_id: int | None, ids: Sequence[int]) -> None:
    with retiring(db.session()):
        db.session.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))


KINDS = {
    "words": Kind(_words_due, _words_go, "words"),
    "notes": Kind(_notes_due, _notes_go, "words"),
    "contacts": Kind(_contacts_due, _contacts_go, "contacts"),
    "pictures": Kind(_pictures_due, _pictures_go, "pictures"),
    "trails": Kind(_trails_due, _trails_go, "trails"),
    "mails": Kind(_mails_due, _mails_go, "mails"),
    "audit": Kind(_audit_due, _audit_goes, "audit"),
    "displays": Kind(_displays_due, _displays_go, "displays"),
}
