"""Reasons quote the customer: 'could not … find', with whatever stood between. With their message those words go too.

What a reason says beside its quote stays, and so do weights, severities and rules.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from widget_server.database import db
from widget_server.recovery.models import Case
from widget_server.scoring.models import AssessmentRow

DELETED = "[deleted]"
ASKED_FOR = "They asked for a person"
"""The one reason of a case opened by hand that is ours."""
_QUOTE = re.compile(r"'.*'", re.DOTALL)


def unquoted(reason: str) -> str:
    """The reason without what was said: from its first quotation mark to its last."""
    return _QUOTE.sub(DELETED, reason)


def erase_quotes(response_id: int) -> set[str]:
    """Take the quotes out of what was made of a response; returns the reasons that held one."""
    quoting: set[str] = set()
    for row in db.session.scalars(select(AssessmentRow).where(AssessmentRow.response_id == response_id)):
        quoting |= {reason for reason in row.reasons if unquoted(reason) != reason}
        row.reasons = _all_unquoted(row.reasons)
        row.severity_reasons = _all_unquoted(row.severity_reasons)
        row.terms = [{**term, "reason": unquoted(str(term["reason"]))} for term in row.terms]
        row.evidence = []
    db.session.flush()
    return quoting


def erase_quotes_of_case(case: Case, quoting: set[str]) -> None:
    """Out of the case's reasons."""
    case.reasons = list(dict.fromkeys(unquoted(one) if one in quoting else one for one in case.reasons))
    db.session.flush()


def reasons_of(response_id: int) -> set[str]:
    """What was ever said of a response by those who assess: models and rules, not people."""
    known = db.session.scalars(select(AssessmentRow.reasons).where(AssessmentRow.response_id == response_id))
    return {str(reason) for reasons in known for reason in reasons}


def _all_unquoted(reasons: list[Any]) -> list[str]:
    return list(dict.fromkeys(unquoted(str(reason)) for reason in reasons))
