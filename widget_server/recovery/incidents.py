"""Reads of incidents: which there are, which cases are part of one, whom a message to all of them would reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from widget_server.database import db
from widget_server.recovery.models import Case, CaseMessage, Incident, IncidentCase
from widget_server.recovery.queries import OPEN, form_token

MOST = 500
"""Cases of one incident: what is still gone through, and answered, by one person."""
LISTED = 200
"""Incidents on a page, the newest first."""


@dataclass(frozen=True)
class Listed:
    """An incident with how many cases it has, and how many of them are open."""

    incident: Incident
    cases: int
    open: int


@dataclass(frozen=True)
class Part:
    """A case of an incident, as far as a message to all looks at it."""

    id: int
    number: int
    state: str
    reach: str
    language: str
    answered_at: int | None  # when a message of the incident went into it last, ms
    apologised: bool

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def answerable(self) -> bool:
        return self.open and self.reach != "none"


def incident_by_id(site_id: int, public_id: str) -> Incident | None:
    if not public_id.isprintable():
        return None
    return db.session.scalar(select(Incident).where(Incident.site_id == site_id, Incident.public_id == public_id[:36]))


def incident_of(case_id: int) -> Incident | None:
    """What the case is part of."""
    found = select(Incident).join(IncidentCase, IncidentCase.incident_id == Incident.id)
    return db.session.scalar(found.where(IncidentCase.case_id == case_id))


def membership(case_id: int) -> IncidentCase | None:
    return db.session.get(IncidentCase, case_id, populate_existing=True)


def has_incidents(site_id: int) -> bool:
    return db.session.scalar(select(Incident.id).where(Incident.site_id == site_id).limit(1)) is not None


def incidents(site_id: int, state: str) -> list[Listed]:
    """The newest first."""
    found = _newest(site_id, state)
    rows = db.session.execute(
        select(IncidentCase.incident_id, func.count(), func.count().filter(Case.state.in_(OPEN)))
        .join(Case, Case.id == IncidentCase.case_id)
        .where(IncidentCase.incident_id.in_([one.id for one in found]))
        .group_by(IncidentCase.incident_id)
    )
    counts = {id: (every, open) for id, every, open in rows.tuples()}
    return [Listed(one, *counts.get(one.id, (0, 0))) for one in found]


def open_incidents(site_id: int) -> list[Incident]:
    """What a case can be made part of, the newest first."""
    return _newest(site_id, "open")


def _newest(site_id: int, state: str) -> list[Incident]:
    found = select(Incident).where(Incident.site_id == site_id, Incident.state == state)
    return list(db.session.scalars(found.order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(LISTED)))


def size(incident_id: int) -> int:
    return db.session.scalar(select(func.count()).where(IncidentCase.incident_id == incident_id)) or 0


def parts(incident_id: int) -> list[Part]:
    """Every case of it, by number."""
    apology = select(CaseMessage.id).where(CaseMessage.case_id == Case.id, CaseMessage.apology.is_(True)).exists()
    rows = db.session.execute(
        select(Case.id, Case.number, Case.state, Case.reach, Case.language, IncidentCase.answered_at, apology)
        .join(IncidentCase, IncidentCase.case_id == Case.id)
        .where(IncidentCase.incident_id == incident_id)
        .order_by(Case.number)
    )
    return [Part(*row) for row in rows.tuples()]


def sent_with(case_ids: Collection[int], token: str) -> set[int]:
    """Those of the cases into which a form with this token sent already."""
    tokens = [form_token(id, token) for id in case_ids]
    return set(db.session.scalars(select(CaseMessage.case_id).where(CaseMessage.token.in_(tokens))))
