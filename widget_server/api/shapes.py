"""What the management API says of a response, a case and what was said in it, as JSON. Never a contact.

Times are milliseconds since 1970, UTC, as everywhere on the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from widget_server.recovery.addressing import reference
from widget_server.recovery.history import Change
from widget_server.recovery.models import Case, Gesture, PromiseRow
from widget_server.recovery.queries import SaidRow
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site
from widget_server.surveys.queries import LiveSurvey
from widget_server.surveys.questions.element import pointed_at
from widget_server.surveys.texts import spoken

Json = dict[str, Any]


def response_shape(
    response: Response, client_id: str | None, texts: dict[str, str], assessment: AssessmentRow | None
) -> Json:
    return {
        "id": client_id or response.public_id,
        "public_id": response.public_id,
        "survey": response.survey_key,
        "version": response.version,
        "wave": response.wave,
        "language": response.language,
        "state": response.state,
        "finished": response.finished,
        "seq": response.seq,
        "received_at": response.received_at,
        "updated_at": response.updated_at,
        "processed_at": response.processed_at,
        "changed_at": response.changed_at,
        "failure": response.failure,
        "origin": response.origin,
        "url": response.url,
        "release": response.release,
        "visitor_verified": response.visitor_verified,
        "facts_verified": response.facts_verified,
        "answers": {**_without_contacts(response.answers), **texts},
        "texts": texts,
        "context": response.context,
        "assessment": None if assessment is None else assessment_shape(assessment),
    }


def _without_contacts(answers: Json) -> Json:
    """Answers as they are stored; of a contact only the plain truths in it."""
    return {
        key: {name: said for name, said in value.items() if isinstance(said, bool)}
        if isinstance(value, dict) and pointed_at(value) is None
        else value
        for key, value in answers.items()
    }


def assessment_shape(assessment: AssessmentRow) -> Json:
    return {
        "model": assessment.model,
        "revision": assessment.revision,
        "language": assessment.language,
        "language_confidence": assessment.language_confidence,
        "supported": assessment.supported,
        "polarity": assessment.polarity,
        "label": assessment.label,
        "friction": assessment.friction,
        "needs_recovery": assessment.needs_recovery,
        "threshold": assessment.threshold,
        "flagged": assessment.flagged,
        "severity": assessment.severity,
        "topics": assessment.topics,
        "terms": assessment.terms,
        "reasons": assessment.reasons,
    }


def case_shape(
    case: Case, site: Site, team: str | None, owner: Json | None, responses: list[str], repeat_of: int | None
) -> Json:
    return {
        "id": case.public_id,
        "number": case.number,
        "reference": reference(site, case.number),
        "state": case.state,
        "severity": case.severity,
        "priority": case.priority,
        "points": case.points,
        "parts": case.parts,
        "reasons": case.reasons,
        "reach": case.reach,
        "language": case.language,
        "team": team,
        "owner": owner,
        "failures": case.failures,
        "repeat": repeat_of is not None or (case.failures or 1) > 1,
        "repeat_of": repeat_of,
        "responses": responses,
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
        "due": case.due,
        "acknowledge_due": case.acknowledge_due,
        "resolve_due": case.resolve_due,
        "steps": {
            "acknowledged_at": case.acknowledged_at,
            "understood_at": case.understood_at,
            "resolved_at": case.resolved_at,
            "followed_up_at": case.followed_up_at,
            "documented_at": case.documented_at,
        },
        "closed_at": case.closed_at,
        "closed_as": case.closed_as,
        "reopened": case.reopened,
        "cause": case.cause,
        "remedy": case.remedy,
        "version": case.version,
    }


def thread_shape(
    messages: Sequence[SaidRow], promises: Sequence[PromiseRow], gestures: Sequence[Gesture], events: Sequence[Change]
) -> Json:
    return {
        "messages": [_message(said) for said in messages],
        "promises": [{"id": row.id, "text": row.text, "due": row.due, "state": row.state} for row in promises],
        "gestures": [
            {"description": row.description, "amount": row.amount, "currency": row.currency, "at": row.at}
            for row in gestures
        ],
        "events": [
            {"seq": one.seq, "at": one.at, "kind": one.kind, "who": one.who, "what": one.what, "data": one.data}
            for one in events
        ],
    }


def _message(said: SaidRow) -> Json:
    message = said.message
    return {
        "id": message.public_id,
        "kind": message.kind,
        "author": said.author,
        "body": message.body,
        "apology": message.apology,
        "at": message.at,
    }


def site_shape(site: Site, origins: list[str]) -> Json:
    named = (
        "key", "name", "status", "reference_prefix", "zone", "language", "languages", "region", "consent_mode",
        "test_mode", "phone", "phone_hours", "button_survey", "button_position",
    )  # fmt: skip
    return {**{name: getattr(site, name) for name in named}, "origins": origins}


def survey_shape(survey: LiveSurvey) -> Json:
    return {
        "key": survey.key,
        "title": spoken(survey.definition.title, "en"),
        "status": survey.status,
        "version": survey.version,
        "wave": survey.wave,
    }
