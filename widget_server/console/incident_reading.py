"""What the page of an incident shows: its cases as lines, and whom a message to all of them would reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.clock import DAY
from widget_server.console import incident_words, queue_reading
from widget_server.console.case_thread import page_of
from widget_server.console.incident_words import Recent, Suggestion
from widget_server.console.queue_reading import Row
from widget_server.database import db
from widget_server.recovery.incidents import Part, incident_of, open_incidents, parts
from widget_server.recovery.models import Case, Incident, IncidentCase
from widget_server.recovery.queries import OPEN
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow

LOOKED_AT = 200
"""The newest cases of a day among which the queue looks for one failure: as many as a form takes."""


@dataclass(frozen=True)
class IncidentRead:
    incident: Incident
    opener: str
    rows: list[Row]
    parts: list[Part]

    @property
    def open(self) -> int:
        return sum(1 for part in self.parts if part.open)

    @property
    def unreachable(self) -> int:
        """Open cases whose customers nobody can write to."""
        return sum(1 for part in self.parts if part.open and not part.answerable)

    @property
    def to_all(self) -> list[Part]:
        return incident_words.audience(self.parts)

    @property
    def to_fresh(self) -> list[Part]:
        """Those of them that got no message of the incident yet."""
        return incident_words.audience(self.parts, fresh=True)

    @property
    def lines(self) -> list[tuple[Row, Part]]:
        """Its cases, the most urgent first."""
        by_id = {part.id: part for part in self.parts}
        return [(row, by_id[row.case.id]) for row in self.rows if row.case.id in by_id]


def read_incident(incident: Incident, now: int, zone: ZoneInfo) -> IncidentRead:
    opener = db.session.get(User, incident.opened_by_id) if incident.opened_by_id else None
    ids = select(IncidentCase.case_id.label("id")).where(IncidentCase.incident_id == incident.id)
    rows = queue_reading.rows_among(ids, now=now, zone=zone)
    return IncidentRead(incident, (opener.name or opener.email) if opener else "Somebody", rows, parts(incident.id))


def rows_of(site_id: int, numbers: list[int], now: int, zone: ZoneInfo) -> list[Row]:
    """Cases by number, as lines."""
    ids = select(Case.id).where(Case.site_id == site_id, Case.number.in_(numbers))
    return queue_reading.rows_among(ids, now=now, zone=zone)


def taken(rows: list[Row]) -> dict[int, str]:
    """Which of them are part of an incident: the case's id → its title."""
    found = (
        select(IncidentCase.case_id, Incident.title)
        .join(Incident, Incident.id == IncidentCase.incident_id)
        .where(IncidentCase.case_id.in_([row.case.id for row in rows]))
    )
    return dict(db.session.execute(found).tuples().all())


def at_case(case: Case) -> dict[str, Any]:
    """What a case's page says of incidents: the one that it is part of, else those that it can be made part of."""
    part_of = incident_of(case.id)
    choice = [] if part_of or case.state == "closed" else open_incidents(case.site_id)
    return {"incident": part_of, "open_incidents": choice}


def suggested(site_id: int, now: int) -> Suggestion | None:
    """Cases of the last day that are open, in no incident, and may be one failure."""
    rows = db.session.execute(
        select(Case.number, Case.opened_at, Response.url, AssessmentRow.topics)
        .join(Response, Response.id == Case.first_response_id)
        .outerjoin(AssessmentRow, AssessmentRow.id == queue_reading.newest_assessment())
        .outerjoin(IncidentCase, IncidentCase.case_id == Case.id)
        .where(Case.site_id == site_id, Case.opened_at > now - DAY, Case.state.in_(OPEN), IncidentCase.case_id.is_(None))
        .order_by(Case.opened_at.desc())
        .limit(LOOKED_AT)
    )
    found = (Recent(number, at, page_of(url or ""), topics or []) for number, at, url, topics in rows)
    return incident_words.suggestion(found)
