"""What the management API reads, always of one site: an id of another site is not there."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import aliased

from widget_server.api.shapes import Json, case_shape, response_shape
from widget_server.database import db
from widget_server.errors import NotFound
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Response, ResponseId, TextAnswer
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team

CASES_AT_ONCE = 100
ID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What an id looks like; anything else (a NUL, which PostgreSQL refuses) is simply not there."""


def one_response(site: Site, id: str) -> Json:
    """By the id that its client gave it, or by ours."""
    response, client_id = _find(site, id)
    written = select(TextAnswer.question, TextAnswer.text).where(TextAnswer.response_id == response.id)
    texts = dict(db.session.execute(written.order_by(TextAnswer.question)).tuples().all())
    newest = (
        select(AssessmentRow)
        .where(AssessmentRow.response_id == response.id)
        .order_by(AssessmentRow.revision.desc(), AssessmentRow.id.desc())
        .limit(1)
    )
    return response_shape(response, client_id, texts, db.session.scalar(newest))


def cases_of_response(site: Site, id: str) -> list[Json]:
    """The case that a response opened or joined: one or none."""
    response, _ = _find(site, id)
    linked = select(CaseResponse.case_id).where(CaseResponse.response_id == response.id)
    return _cases(site, Case.id.in_(linked))


def one_case(site: Site, public_id: str) -> Json:
    found = _cases(site, Case.public_id == public_id) if ID.fullmatch(public_id) else []
    if not found:
        raise NotFound("There is no such case at this site")
    return found[0]


def _find(site: Site, id: str) -> tuple[Response, str | None]:
    """The client's id comes first, should another response have the same one from us."""
    if ID.fullmatch(id):
        named = (
            select(Response, ResponseId.client_id)
            .outerjoin(ResponseId, ResponseId.response_id == Response.id)
            .where(Response.site_id == site.id)
        )
        theirs = named.where(ResponseId.site_id == site.id, ResponseId.client_id.in_({id, id.lower()}))
        for wanted in (theirs, named.where(Response.public_id == id.lower())):
            row = db.session.execute(wanted.limit(1)).first()
            if row is not None:
                return row[0], row[1]
    raise NotFound("There is no such response at this site")


def _cases(site: Site, condition: object) -> list[Json]:
    earlier = aliased(Case)
    rows = db.session.execute(
        select(Case, Team.key, earlier.number)
        .outerjoin(Team, Team.id == Case.team_id)
        .outerjoin(earlier, earlier.id == Case.repeat_of_id)
        .where(Case.site_id == site.id, condition)  # type: ignore[arg-type]
        .order_by(Case.number)
        .limit(CASES_AT_ONCE)
    ).all()
    return [case_shape(case, site, team, _responses_of(case), repeat_of) for case, team, repeat_of in rows]


def _responses_of(case: Case) -> list[str]:
    """The ids that clients gave to a case's responses, oldest first; ours where there is none."""
    rows = db.session.execute(
        select(ResponseId.client_id, Response.public_id)
        .select_from(CaseResponse)
        .join(Response, Response.id == CaseResponse.response_id)
        .outerjoin(ResponseId, ResponseId.response_id == Response.id)
        .where(CaseResponse.case_id == case.id)
        .order_by(Response.id)
    )
    return [client_id or public_id for client_id, public_id in rows]
