"""Reads of people: who a response is from, as fingerprints, and how they may be reached."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import NotFound
from widget_server.people.models import Contact, PersonKey
from widget_server.responses.prepared import Ask
from widget_server.sealing import unseal


def person_hmacs(response_id: int) -> list[str]:
    """Fingerprints by which the person is recognised again; none means unknown, never 'first time'."""
    return [row[0] for row in _hmacs.rows(db.session, response=response_id)]


_hmacs = Ask(select(PersonKey.hmac).where(PersonKey.response_id == bindparam("response")).order_by(PersonKey.kind))


def contacts_of(response_id: int) -> list[Contact]:
    return list(db.session.scalars(select(Contact).where(Contact.response_id == response_id).order_by(Contact.id)))


def email_contact(response_id: int) -> Contact | None:
    """The address that we may write to: given with consent in the form, else by the page, else noted by staff."""
    return _best(response_id, "email")


def contact_name(response_id: int) -> str | None:
    """What they want to be called, as far as they said and it can be opened: with a lost key a case is still a case."""
    found = _best(response_id, "name")
    return None if found is None else opened(found)


def opened(contact: Contact) -> str | None:
    """The words behind the seal; None where none of the installation's keys opens it."""
    return unseal(contact.cipher, settings().encryption_keys)


def reveal(contact: Contact) -> str:
    """The words behind the seal.

    Raises:
        NotFound: none of the installation's encryption keys opens it.
    """
    plain = opened(contact)
    if plain is None:
        raise NotFound(f"This contact was sealed with the key {contact.key_id}, which is not among the encryption keys.")
    return plain


def has_email(response_id: int) -> bool:
    """Whether there is an address that we may write to, without a look at it."""
    return _usable_email.first(db.session, response=response_id) is not None


ORDER = ("form", "visitor", "staff")
_usable_email = Ask(
    select(Contact.id)
    .where(Contact.response_id == bindparam("response"), Contact.kind == "email")
    .where(or_(*(Contact.source == one for one in ORDER)))
    .limit(1)
)


def _best(response_id: int, kind: str) -> Contact | None:
    usable = [one for one in contacts_of(response_id) if one.kind == kind and one.source in ORDER]
    return min(usable, key=lambda one: ORDER.index(one.source), default=None)
