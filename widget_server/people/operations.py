"""Writes of people at intake: how they can be reached, sealed, and by what they are recognised. Core; nothing commits.

A person's identity is only what may be used for it: a reference that the site's server signed, an e-mail address that
they gave with consent, a visitor id that they agreed to. It is kept as a keyed fingerprint, never as itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from widget_server.database import public_ids
from widget_server.people.models import Contact, PersonKey
from widget_server.responses.prepared import Insert
from widget_server.sealing import blind_index, key_id, seal


@dataclass(frozen=True)
class Reach:
    """One way to reach or address somebody. `source` is form, visitor or text."""

    kind: str
    source: str
    value: str
    consent_version: str | None = None
    delete_at: int | None = None


@dataclass(frozen=True)
class SealedReach:
    """The same, encrypted: what may be handed to a thread that writes."""

    kind: str
    source: str
    cipher: str
    key_id: str
    consent_version: str | None
    delete_at: int | None


@dataclass(frozen=True)
class Fingerprint:
    kind: str  # reference | email | visitor
    hmac: str
    key_id: str


def sealed(reaches: Sequence[Reach], keys: Sequence[str]) -> tuple[SealedReach, ...]:
    """Encrypt with the first of the installation's keys."""
    name = key_id(keys[0])
    return tuple(
        SealedReach(one.kind, one.source, seal(one.value, keys), name, one.consent_version, one.delete_at) for one in reaches
    )


def fingerprints(blind_key: str, identities: Sequence[tuple[str, str]]) -> tuple[Fingerprint, ...]:
    """Keyed fingerprints of (kind, value); the first value of each kind counts."""
    name = key_id(blind_key)
    first: dict[str, str] = {}
    for kind, value in identities:
        first.setdefault(kind, value)
    return tuple(Fingerprint(kind, blind_index(blind_key, kind, value), name) for kind, value in first.items())


_contacts, _persons = cast("Table", Contact.__table__), cast("Table", PersonKey.__table__)
_add_contacts, _add_persons = Insert(_contacts), Insert(_persons)
_drop_persons = delete(_persons).where(_persons.c.response_id == bindparam("of"))
_kept = select(_contacts.c.id, _contacts.c.kind, _contacts.c.source).where(
    _contacts.c.response_id == bindparam("of"), _contacts.c.source != "staff"
)
_drop_contact = delete(_contacts).where(_contacts.c.id == bindparam("one"))
_change_contact = update(_contacts).where(_contacts.c.id == bindparam("one"))


def remember(
    connection: Connection,
    site_id: int,
    response_id: int,
    reaches: Sequence[SealedReach],
    persons: Sequence[Fingerprint],
    *,
    again: bool,
) -> None:
    """Store contacts and fingerprints of a response; `again`: a newer snapshot, so what it replaces is taken out.

    A contact that stays keeps its row, since mail may already be on its way to it.
    """
    fresh = list(reaches)
    if again:
        connection.execute(_drop_persons, {"of": response_id})
        fresh = _replaced(connection, response_id, fresh)
    remember_new(connection, [(site_id, response_id, fresh, persons)])


Known = tuple[int, int, Sequence[SealedReach], Sequence[Fingerprint]]
"""site id, response id, how they can be reached, by what they are recognised"""


def remember_new(connection: Connection, people: Sequence[Known]) -> None:
    """Contacts and fingerprints of several responses that have none yet."""
    contacts = [(one, site_id, id) for site_id, id, reaches, _ in people for one in reaches]
    names = public_ids(len(contacts))
    _add_contacts.all(connection, [_row(name, *one) for name, one in zip(names, contacts, strict=True)])
    persons = [
        {"response_id": id, "site_id": site_id, "kind": one.kind, "hmac": one.hmac, "key_id": one.key_id}
        for site_id, id, _, fingerprints in people
        for one in fingerprints
    ]
    _add_persons.all(connection, persons)


def _replaced(connection: Connection, response_id: int, fresh: list[SealedReach]) -> list[SealedReach]:
    """Update or drop the contacts of the snapshot before; return those that need a new row."""
    for row in connection.execute(_kept, {"of": response_id}).all():
        alike = [one for one in fresh if (one.kind, one.source) == (row.kind, row.source) and one.source != "text"]
        same = alike[0] if alike else None
        if same is None:
            connection.execute(_drop_contact, {"one": row.id})
            continue
        fresh.remove(same)
        change = {"cipher": same.cipher, "key_id": same.key_id, "consent_version": same.consent_version}
        connection.execute(_change_contact.values(change), {"one": row.id})
    return fresh


def _row(name: str, one: SealedReach, site_id: int, response_id: int) -> dict[str, object]:
    return {
        "public_id": name,
        "site_id": site_id,
        "response_id": response_id,
        "kind": one.kind,
        "source": one.source,
        "cipher": one.cipher,
        "key_id": one.key_id,
        "consent_version": one.consent_version,
        "delete_at": one.delete_at,
    }
