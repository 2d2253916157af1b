"""What the management API reads, always of one site: an id of another site is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from widget_server.accounts.models import User
from widget_server.api.paging import one_page
from widget_server.api.shapes import Json, case_shape, response_shape, thread_shape
from widget_server.database import db
from widget_server.errors import NotFound
from widget_server.recovery import queries as recovery
from widget_server.recovery.history import changes
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Response, ResponseId
from widget_server.responses.queries import texts_of_all
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team

ID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What an id looks like; anything else (a NUL, which PostgreSQL refuses) is simply not there."""
NO_RESPONSE = "There is no such response at this site"
NO_CASE = "There is no such case at this site"


# Responses --------------------------------------------------------------------------------------------------------------


def list_responses(site: Site, query: Mapping[str, Any]) -> tuple[list[Json], str | None]:
    found = select(Response.id).where(Response.site_id == site.id)
    for column, name in ((Response.survey_key, "survey"), (Response.state, "state"), (Response.language, "language")):
        if name in query:
            found = found.where(column == query[name])
    found = _between(found, Response.received_at, query)
    if "flagged" in query:
        found = found.where(func.coalesce(_newest("flagged"), False).is_(query["flagged"]))
    rows, cursor = _page("responses", found, query, Response, Response.received_at)
    return response_shapes([row.id for row in rows]), cursor


def one_response(site: Site, id: str) -> Json:
    """By our id, or by the one that its client gave it."""
    return response_shapes([find_response(site, id).id])[0]


def response_shapes(ids: list[int]) -> list[Json]:
    """These responses, in this order."""
    rows = {row.id: row for row in db.session.scalars(select(Response).where(Response.id.in_(ids)))}
    named = select(ResponseId.response_id, ResponseId.client_id).where(ResponseId.response_id.in_(ids))
    clients: dict[int, str] = dict(db.session.execute(named).tuples().all())
    texts = texts_of_all(ids)
    assessed = select(AssessmentRow).where(AssessmentRow.response_id.in_(ids))
    newest = {  # the last one of each wins
        row.response_id: row for row in db.session.scalars(assessed.order_by(AssessmentRow.revision, AssessmentRow.id))
    }
    return [response_shape(rows[id], clients.get(id), texts.get(id, {}), newest.get(id)) for id in ids]


def find_response(site: Site, id: str) -> Response:
    """Ours comes first: whoever sends a response may give it any id, and so another's, but none chooses ours."""
    if ID.fullmatch(id):
        of_site = select(Response).where(Response.site_id == site.id)
        theirs = of_site.join(ResponseId, ResponseId.response_id == Response.id).where(
            ResponseId.site_id == site.id, ResponseId.client_id.in_({id, id.lower()})
        )
        for wanted in (of_site.where(Response.public_id == id.lower()), theirs):
            found = db.session.scalar(wanted.limit(1))
            if found is not None:
                return found
    raise NotFound(NO_RESPONSE)


def _newest(column: str) -> Any:
    """A column of the response's newest assessment."""
    return (
        select(getattr(AssessmentRow, column))
        .where(AssessmentRow.response_id == Response.id)
        .order_by(AssessmentRow.revision.desc(), AssessmentRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _between(found: Select[Any], column: Any, query: Mapping[str, Any]) -> Select[Any]:
    if "since" in query:
        found = found.where(column >= query["since"])
    if "until" in query:
        found = found.where(column < query["until"])
    return found


def _page(
    listed: str, found: Select[Any], query: Mapping[str, Any], model: type[Response | Case], usual: Any
) -> tuple[list[Any], str | None]:
    """In the `usual` order; by what changed for those who follow it: then what changes under way comes again at the end,
    and nothing that is not yet listed moves to where they have been."""
    by = (usual, model.id)
    if "changed_since" in query:
        by, listed = (model.changed_at, model.id), f"{listed}:changed"
        found = found.where(model.changed_at >= query["changed_since"])
    return one_page(listed, found.add_columns(by[0].label("place")), query, by, lambda row: [row.place, row.id])


# Cases ------------------------------------------------------------------------------------------------------------------


def list_cases(site: Site, query: Mapping[str, Any]) -> tuple[list[Json], str | None]:
    found = select(Case.id).where(Case.site_id == site.id)
    if "response_id" in query:
        response = find_response(site, query["response_id"])
        linked = select(CaseResponse.case_id).where(CaseResponse.response_id == response.id)
        found = found.where(Case.id.in_(linked))
    for column, name in ((Case.state, "state"), (Case.priority, "priority"), (Case.severity, "severity")):
        if name in query:
            found = found.where(column == query[name])
    if "team" in query:
        found = found.join(Team, Team.id == Case.team_id).where(Team.key == query["team"])
    if "owner" in query:
        owner = select(User.id).where(User.public_id == query["owner"])
        found = found.where(Case.owner_id.is_(None) if query["owner"] == "none" else Case.owner_id.in_(owner))
    found = _between(found, Case.opened_at, query)
    rows, cursor = _page("cases", found, query, Case, Case.number)
    return case_shapes(site, [row.id for row in rows]), cursor


def find_case(site: Site, public_id: str) -> Case:
    found = None
    if ID.fullmatch(public_id):
        found = db.session.scalar(select(Case).where(Case.site_id == site.id, Case.public_id == public_id))
    if found is None:
        raise NotFound(NO_CASE)
    return found


def one_case(site: Site, public_id: str) -> Json:
    return case_shapes(site, [find_case(site, public_id).id])[0]


def case_shapes(site: Site, ids: list[int]) -> list[Json]:
    """These cases, in this order."""
    earlier = aliased(Case)
    rows = db.session.execute(
        select(Case, Team.key, User.public_id, User.name, User.email, earlier.number)
        .outerjoin(Team, Team.id == Case.team_id)
        .outerjoin(User, User.id == Case.owner_id)
        .outerjoin(earlier, earlier.id == Case.repeat_of_id)
        .where(Case.id.in_(ids))
    ).all()
    joined = _responses_of(ids)
    shapes = {
        case.id: case_shape(
            case, site, team, {"id": owner, "name": name or email} if owner else None, joined.get(case.id, []), number
        )
        for case, team, owner, name, email, number in rows
    }
    return [shapes[id] for id in ids]


def thread_of(case: Case) -> Json:
    return thread_shape(
        recovery.messages_of(case.id, newest_first=False),
        recovery.promises_of(case.id),
        recovery.gestures_of(case.id),
        changes(case),
    )


def _responses_of(case_ids: Iterable[int]) -> dict[int, list[str]]:
    """The ids that clients gave to the cases' responses, oldest first; ours where there is none."""
    rows = db.session.execute(
        select(CaseResponse.case_id, ResponseId.client_id, Response.public_id)
        .select_from(CaseResponse)
        .join(Response, Response.id == CaseResponse.response_id)
        .outerjoin(ResponseId, ResponseId.response_id == Response.id)
        .where(CaseResponse.case_id.in_(list(case_ids)))
        .order_by(Response.id)
    )
    found: dict[int, list[str]] = {}
    for case_id, client_id, public_id in rows:
        found.setdefault(case_id, []).append(client_id or public_id)
    return found
