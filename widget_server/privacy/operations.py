"""What a person may ask of us: find, export, erase. Each is written into the audit log, never with the address.

`find(site_id, by, value)`, then `export(person)` or `erase(person)`. To find opens every sealed address of a site, and an
export reads all of somebody's pictures: both are for before the writers' lock, `note_search` and `note_export` for under
it, and nothing is handed out before they are written. Who erases finds twice, before the lock and under it, with the same
`others`. They flush; the edge commits.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from widget_server import desk
from widget_server.accounts.models import User
from widget_server.accounts.operations import audit
from widget_server.accounts.tokens import forget_answers
from widget_server.database import db
from widget_server.errors import Conflict
from widget_server.people.models import Contact
from widget_server.privacy import archive
from widget_server.privacy.finding import Person, find

__all__ = ["Erased", "Person", "erase", "export", "find", "note_export", "note_search"]

MOST_NAMED = 20


@dataclass(frozen=True)
class Erased:
    responses: int
    cases: int
    mentions: int


def note_search(person: Person, user: User | None) -> None:
    """Write down who looked somebody up, and what that showed."""
    _audit("person.found", person, user)


def note_export(person: Person, user: User | None, **more: int) -> None:
    """Write down that it was handed out."""
    _audit("person.exported", person, user, **more)


def export(person: Person) -> bytes:
    """A zip with all that there is of a person: `data.json`, and their pictures."""
    return archive.as_zip(person)


def erase(person: Person, user: User | None) -> Erased:
    """Words, names, keys, pictures, answers and quotes go; ratings, dates and what was done stay. Again: nothing more.

    Raises:
        Conflict: several responses have the number that was read from a receipt, so it is not said whose go.
    """
    if person.by == "receipt" and len(person.responses) > 1:
        raise Conflict(
            f"{len(person.responses)} responses have this number. Give the receipt's whole address, or an e-mail address."
        )
    standing = person.standing
    _audit("person.erased", person, user, erased=len(standing), mentions=len(person.mentions))
    cases = len(person.cases())
    gone = [one.id for one in person.mentions]
    for response in standing:
        desk.erase(response, actor=user)
    db.session.execute(delete(Contact).where(Contact.id.in_(gone)))
    forget_answers(person.site_id)
    db.session.flush()
    return Erased(len(standing), cases, len(gone))


def _audit(action: str, person: Person, user: User | None, **more: int) -> None:
    ids = [one.public_id for one in person.responses[-MOST_NAMED:]]
    way = {"email": "by e-mail address", "reference": "by reference", "receipt": "by receipt"}[person.by]
    audit(action, user=user, site_id=person.site_id, subject=way, found=len(person.responses), responses=ids, **more)
