"""One failure, many cases: gather them, add one or take it out, and answer them all with one message.

What is to hold for many cases is done to each in a transaction of its own, which whoever calls begins: nobody waits
behind five hundred, and what was done stays done. The incident's row is locked before a case's, never after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.desk.replies import reply
from widget_server.desk.words import LONGEST, need_token, required, tidy, title_of
from widget_server.errors import Conflict, Fault, Invalid
from widget_server.people.queries import contact_name
from widget_server.recovery.addressing import reference
from widget_server.recovery.history import lock, record, refresh_due
from widget_server.recovery.incidents import MOST, membership, size
from widget_server.recovery.models import Case, Incident, IncidentCase
from widget_server.recovery.queries import OPEN, message_by_token, responses_of
from widget_server.replies.filling import filled
from widget_server.sites.models import Site

AT_ONCE = 20
"""Cases that are made part of an incident in one transaction."""
Outcome = Literal["sent", "sent_before", "out", "closed", "resolved", "unreachable", "too_long"]


@dataclass(frozen=True)
class Message:
    """The words to all, as they were written: `{name}` and its like are filled in for each case."""

    body: str
    token: str
    apology: bool = False
    resolve: bool = False
    cause: str = ""
    remedy: str = ""


def open_incident(site: Site, actor: User, title: str) -> Incident:
    """A new one, without cases yet.

    Raises:
        Invalid: the title can't be kept.
    """
    incident = Incident(site_id=site.id, title=_title(title), opened_by_id=actor.id, opened_at=now_ms())
    db.session.add(incident)
    db.session.flush()
    return incident


def add_case(incident: Incident, case: Case, actor: User) -> bool:
    """Make the case part of it. False: it was already.

    Raises:
        Conflict: it is closed, or part of another incident; or the incident is closed, or full.
    """
    db.session.refresh(incident, with_for_update=True)
    lock(case)
    standing = membership(case.id)
    if standing is not None and standing.incident_id == incident.id:
        return False
    if standing is not None:
        raise Conflict("Part of another incident already.")
    if case.state == "closed":
        raise Conflict("What is closed can’t be made part of an incident.")
    if incident.state != "open":
        raise Conflict("This incident is closed: open it again first.")
    if size(incident.id) >= MOST:
        raise Conflict(f"An incident has {MOST} cases at most, and this one has them.")
    db.session.add(IncidentCase(case_id=case.id, incident_id=incident.id, added_by_id=actor.id, added_at=now_ms()))
    record(case, "incident_joined", actor.id, incident=incident.public_id)
    return True


def take_out(case: Case, actor: User, incident: Incident | None = None) -> bool:
    """No longer part of its incident, or of the one that is named. False: it was not."""
    lock(case)
    standing = membership(case.id)
    if standing is None or (incident is not None and standing.incident_id != incident.id):
        return False
    public_id = db.session.get_one(Incident, standing.incident_id).public_id
    db.session.delete(standing)
    record(case, "incident_left", actor.id, incident=public_id)
    return True


def turn(incident: Incident, *, open: bool) -> None:
    """Close it, or open it again. Its cases stay as they are."""
    db.session.refresh(incident, with_for_update=True)
    incident.state = "open" if open else "closed"
    incident.closed_at = None if open else incident.closed_at or now_ms()
    db.session.flush()


def checked(message: Message) -> Message:
    """The message as it can be sent.

    Raises:
        Invalid: with a fault for each field that can't be.
    """
    need_token(message.token)
    faults = []
    for field, words, missing in (
        ("body", message.body, "Write the message first."),
        ("cause", message.cause, "Write what went wrong: it closes these cases later, with the remedy."),
        ("remedy", message.remedy, "Write what was done about it."),
    ):
        try:
            if field == "body" or message.resolve:
                required(words, missing)
            elif tidy(words):
                raise Invalid("Tick “Mark each of them resolved”, or empty this: it is kept with a resolution alone.")
        except Invalid as wrong:
            faults.append(Fault(f"/{field}", wrong.detail))
    if faults:
        raise Invalid(faults[0].detail, faults)
    return message


def answer(incident: Incident, case: Case, actor: User, site: Site, message: Message) -> Outcome:
    """The message into one case, as a reply like any other; with the same token again it sends nothing.

    What the customer wrote last stays unread: words to all answer no question of theirs. A case whose turn is the
    customer's stays with them, unless it is resolved.
    """
    lock(case)
    if message_by_token(case.id, message.token) is not None:
        return "sent_before"
    standing = membership(case.id)
    if standing is None or standing.incident_id != incident.id:
        return "out"
    if case.state not in OPEN:
        return "closed" if case.state == "closed" else "resolved"
    if case.reach == "none":
        return "unreachable"
    body = _filled(message.body, case, actor, site)
    if len(body) > LONGEST:
        return "too_long"
    unread, theirs = case.unread_since, case.state == "waiting"
    sent = reply(
        case,
        actor,
        expected_version=None,
        body=body,
        token=message.token,
        apology=message.apology,
        then="resolve" if message.resolve else "wait" if theirs else "send",
        cause=case.cause or message.cause,
        remedy=case.remedy or message.remedy,
    )
    standing.answered_at = sent.at
    if unread is not None:
        case.unread_since = unread
        refresh_due(case)
    record(case, "incident_answered", actor.id, incident=incident.public_id, message=sent.public_id)
    return "sent"


def _filled(words: str, case: Case, actor: User, site: Site) -> str:
    name = next(filter(None, (contact_name(one.id) for one in responses_of(case.id))), None)
    return filled(words, name=name, agent=actor.name, site=site.name, reference=reference(site, case.number))


def _title(text: str) -> str:
    try:
        return title_of(text)
    except Invalid as wrong:
        raise Invalid(wrong.detail, [Fault("/title", wrong.detail)]) from None
