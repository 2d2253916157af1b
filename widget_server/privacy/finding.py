"""Whose data this is: responses of one person at one site, by e-mail address, reference or receipt.

A person is not stored. Their responses carry keyed fingerprints of what they gave; addresses that carry none (found in a
text, noted by staff) stand sealed, and are opened one by one when it has to be thorough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from widget_server.addresses import normal_address
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import Invalid
from widget_server.people.models import Contact, PersonKey
from widget_server.people.operations import fingerprints
from widget_server.recovery.models import Case
from widget_server.recovery.queries import case_of_response
from widget_server.responses.models import Response, ResponseId
from widget_server.responses.queries import response_by_public_id
from widget_server.responses.receipts import read_receipt
from widget_server.sealing import unseal
from widget_server.sites.queries import blind_key

WAYS = ("email", "reference", "receipt")
NUMBER_LETTERS = frozenset("0123456789abcdef")
AT_ONCE = 500


@dataclass(frozen=True)
class Person:
    """All that is of one person. `mentions` are contacts with their address in what somebody else wrote."""

    site_id: int
    by: str
    responses: tuple[Response, ...]
    mentions: tuple[Contact, ...] = ()
    related: tuple[Response, ...] = ()  # not asked for, and of the same person by fingerprint: a receipt names one response

    @property
    def standing(self) -> list[Response]:
        """What was not erased before."""
        return [one for one in self.responses if "erased" not in one.context]

    def cases(self) -> list[Case]:
        found = {case.id: case for one in self.responses if (case := case_of_response(one.id)) is not None}
        return [found[id] for id in sorted(found)]


def find(site_id: int, by: str, value: str, *, thorough: bool = True, others: set[str] | None = None) -> Person:
    """Everything of a person, oldest first; nothing where nobody is known so.

    Args:
        by: email | reference | receipt (the address of the receipt page, its token, or the number that it shows).
        thorough: open every sealed address of the site as well; about a second for 30,000 of them.
        others: seals that hold another address: they are not opened, and those found so are added. Who finds before the
            writers' lock and again under it gives the same set, and holds the lock for what came in between alone.

    Raises:
        Invalid: the value has not the form of what it is said to be.
    """
    value = value.strip()
    if by not in WAYS:
        raise Invalid(f"{by!r} is no way to find somebody: give {', '.join(WAYS)}.")
    if not value or len(value) > 500 or not value.isprintable():
        raise Invalid("Say who: an address, a reference, or a receipt.")
    if by == "receipt":
        held = tuple(_by_receipt(site_id, value))
        return Person(site_id, by, held, related=tuple(_related(site_id, held)))
    if by == "reference":
        return Person(site_id, by, tuple(_by_key(site_id, "reference", value)))
    address = normal_address(value)
    if address is None:
        raise Invalid(f"{value!r} is not an e-mail address.")
    theirs = {one.id: one for one in _by_key(site_id, "email", address)}
    sealed = list(_sealed_with(site_id, address, set() if others is None else others)) if thorough else []
    for contact in sealed:
        if contact.source != "text" and contact.response_id not in theirs:
            theirs[contact.response_id] = db.session.get_one(Response, contact.response_id)
    mentions = tuple(one for one in sealed if one.source == "text" and one.response_id not in theirs)
    return Person(site_id, by, tuple(theirs[id] for id in sorted(theirs)), mentions)


def _by_key(site_id: int, kind: str, value: str) -> list[Response]:
    try:
        mark = fingerprints(blind_key(site_id), [(kind, value)])[0].hmac
    except LookupError:  # the site's key can't be opened: nobody is recognised
        return []
    theirs = select(PersonKey.response_id).where(
        PersonKey.site_id == site_id, PersonKey.kind == kind, PersonKey.hmac == mark
    )
    return list(db.session.scalars(select(Response).where(Response.id.in_(theirs)).order_by(Response.id)))


def _by_receipt(site_id: int, value: str) -> list[Response]:
    number = "".join(value.split()).replace("-", "").casefold()
    if len(number) == 8 and set(number) <= NUMBER_LETTERS:
        return _by_number(site_id, number)
    public_id = read_receipt(settings().secret_key, value.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2])
    held = response_by_public_id(public_id, site_id) if public_id else None
    return [held] if held is not None else []


def _by_number(site_id: int, number: str) -> list[Response]:
    ids = select(ResponseId.response_id).where(
        ResponseId.site_id == site_id,
        ResponseId.client_id.between(number, number + "g"),
        ResponseId.client_id.startswith(number),
    )
    return list(db.session.scalars(select(Response).where(Response.id.in_(ids)).order_by(Response.id)))


def _related(site_id: int, held: tuple[Response, ...]) -> list[Response]:
    """Others of the same person, by what they signed or gave; a browser alone may be shared."""
    ids = [one.id for one in held]
    marks = select(PersonKey.hmac).where(PersonKey.response_id.in_(ids), PersonKey.kind != "visitor")
    theirs = select(PersonKey.response_id).where(PersonKey.site_id == site_id, PersonKey.hmac.in_(marks))
    found = select(Response).where(Response.id.in_(theirs), Response.id.not_in(ids)).order_by(Response.id)
    return list(db.session.scalars(found))


def _sealed_with(site_id: int, address: str, others: set[str]) -> Iterator[Contact]:
    """Contacts of the site that hold this address, in batches: a seal gives another token each time."""
    keys, after = settings().encryption_keys, 0
    while True:
        wanted = select(Contact.id, Contact.cipher).where(
            Contact.site_id == site_id, Contact.kind == "email", Contact.id > after
        )
        rows = db.session.execute(wanted.order_by(Contact.id).limit(AT_ONCE)).all()
        for row in rows:
            if row.cipher in others:
                continue
            plain = unseal(row.cipher, keys)
            if plain is not None and plain.strip().casefold() == address:
                yield db.session.get_one(Contact, row.id)
            else:
                others.add(row.cipher)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id
