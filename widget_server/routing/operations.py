"""The edge of routing: gathers the facts of a response, asks the rulebook, writes what was decided.

One row for each response and snapshot; asking again returns the row that is there. Flushes, never commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from widget_server import clock
from widget_server.database import db
from widget_server.responses.models import Response
from widget_server.responses.prepared import Ask, Insert
from widget_server.routing.models import DecisionRow
from widget_server.routing.queries import rulebook
from widget_server.routing.rules import Decision, Standing, decide, facts_of
from widget_server.scoring.models import AssessmentRow


def route(response: Response, assessment: AssessmentRow, failures: int | None) -> DecisionRow:
    """Decide who gets this response and how soon, once for each snapshot. A new row is not in the session.

    Args:
        failures: which failure of this person within 90 days this one is: 1 the first, 2 the second; None unknown.
    """
    known = _known(response)
    if known is not None:
        return known
    decision = decide(rulebook(), _facts(response, assessment), _standing(response, assessment, failures))
    columns = _columns(response, decision)
    added = _add_row.one(db.session.connection(), columns)  # should another worker have been first, the next try finds it
    return DecisionRow(**columns, id=added.fetchone()[0])


_snapshot = (DecisionRow.response_id == bindparam("response"), DecisionRow.revision == bindparam("revision"))
_of_snapshot, _any_of_snapshot = select(DecisionRow).where(*_snapshot), Ask(select(DecisionRow.id).where(*_snapshot))
_table = cast("Table", DecisionRow.__table__)
_add_row = Insert(_table, returning=[_table.c.id])


def _known(response: Response) -> DecisionRow | None:
    if _any_of_snapshot.first(db.session, response=response.id, revision=response.seq) is None:
        return None
    return db.session.scalar(_of_snapshot, {"response": response.id, "revision": response.seq})


def _facts(response: Response, assessment: AssessmentRow) -> dict[str, Any]:
    return facts_of(
        survey=response.survey_key,
        language=assessment.language or response.language,
        url=response.url,
        topics=[str(topic) for topic in assessment.topics],
        answers=response.answers,
        severity=assessment.severity,
        needs_recovery=assessment.needs_recovery,
        signals=_mapping(response.context.get("signals")),
        claims=_mapping(response.context.get("facts")),
        verified=response.facts_verified,
    )


def _standing(response: Response, assessment: AssessmentRow, failures: int | None) -> Standing:
    verified = _mapping(response.context.get("facts")) if response.facts_verified else {}
    return Standing(assessment.severity, failures, verified)


def _columns(response: Response, decision: Decision) -> dict[str, Any]:
    return {
        "site_id": response.site_id,
        "response_id": response.id,
        "revision": response.seq,
        "rule": decision.rule,
        "reason": decision.reason,
        "team_key": decision.team,
        "points": decision.points,
        "parts": [{**vars(part)} for part in decision.parts],
        "priority": decision.priority,
        "acknowledge_minutes": decision.acknowledge_minutes,
        "resolve_minutes": decision.resolve_minutes,
        "created_at": clock.now_ms(),
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
