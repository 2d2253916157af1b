"""What a site tells its webhooks: facts and public ids, never a word of anybody's, never who they are.

Called where it happens, in `pipeline` and `desk`, in the same transaction. A message is a row, as in the outbox of mail;
what visitors wrote is added when it is sent, for endpoints that ask for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from widget_server.config import settings
from widget_server.database import db
from widget_server.followup.models import FollowUp
from widget_server.recovery.addressing import reference
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team
from widget_server.webhooks import outbox
from widget_server.webhooks.events import iso
from widget_server.webhooks.queries import listening

Facts = dict[str, Any]


def announce_response(event: str, response: Response, assessment: AssessmentRow) -> None:
    """`response.received` and `response.flagged`: once for each response, however often it is looked at."""
    endpoints = listening(response.site_id, event)
    if not endpoints:
        return
    site = db.session.get_one(Site, response.site_id)
    data = {"site": site.key, "response": {**_response(response), **_assessment(assessment)}}
    data["links"] = {
        "console": f"{_console(site)}/responses/{response.public_id}",
        "api": f"{_api()}/responses/{response.public_id}",
    }
    for id in endpoints:
        outbox.enqueue(id, event, response.public_id, data, response.id)


def announce_case(event: str, case: Case) -> None:
    """An event of a case, once for each version of it."""
    endpoints = listening(case.site_id, event)
    if endpoints:
        data = _of_case(case)
        for id in endpoints:
            outbox.enqueue(id, event, f"{case.public_id}:{case.version}", data, case.first_response_id)


def announce_followup(case: Case, followup: FollowUp | None, satisfied: bool) -> None:
    """`followup.answered`; the answer's own words are those of the response that it was kept as."""
    event = "followup.answered"
    endpoints = listening(case.site_id, event)
    if endpoints:
        data = {**_of_case(case), "followup": {"n": followup.n if followup else None, "satisfied": satisfied}}
        for id in endpoints:
            words = followup.response_id if followup else None
            outbox.enqueue(id, event, f"{case.public_id}:{case.version}", data, words)


def _of_case(case: Case) -> Facts:
    site = db.session.get_one(Site, case.site_id)
    first = db.session.get(Response, case.first_response_id)
    return {
        "site": site.key,
        "case": _case(case, site),
        "response": {"id": first.public_id, "survey": first.survey_key} if first else None,
        "links": {"console": f"{_console(site)}/cases/{case.number}", "api": f"{_api()}/cases/{case.public_id}"},
    }


def _case(case: Case, site: Site) -> Facts:
    team = db.session.scalar(select(Team.key).where(Team.id == case.team_id)) if case.team_id else None
    return {
        "id": case.public_id,
        "number": case.number,
        "reference": reference(site, case.number),
        "state": case.state,
        "closed_as": case.closed_as,
        "priority": case.priority,
        "severity": case.severity,
        "team": team,
        "language": case.language,
        "reach": case.reach,
        "repeat": case.repeat_of_id is not None,
        "reopened": case.reopened,
        "opened_at": iso(case.opened_at),
        "due": iso(case.due) if case.due is not None else None,
        "version": case.version,
    }


def _response(response: Response) -> Facts:
    return {
        "id": response.public_id,
        "survey": response.survey_key,
        "language": response.language,
        "received_at": iso(response.received_at),
        "finished": response.finished,
        "ratings": _ratings(response),
    }


def _ratings(response: Response) -> Facts:
    """Numbers that were chosen, by question; keys and words are for whoever may read the response."""
    numbers = {key: value for key, value in response.answers.items() if isinstance(value, int | float)}
    return {key: value for key, value in numbers.items() if not isinstance(value, bool)}


def _assessment(assessment: AssessmentRow) -> Facts:
    return {
        "sentiment": assessment.label,
        "polarity": assessment.polarity,
        "friction": assessment.friction,
        "needs_recovery": assessment.needs_recovery,
        "flagged": assessment.flagged,
        "severity": assessment.severity,
        "topics": list(assessment.topics),
    }


def _console(site: Site) -> str:
    return f"{settings().base_url}/console/{site.key}"


def _api() -> str:
    return f"{settings().base_url}/api/v1"
