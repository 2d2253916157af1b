"""Reasons quote the customer: 'could not … find', with whatever stood between. With their message those words go too.

What a reason says beside its quote stays, and so do weights, severities and rules.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.recovery.models import Case
from widget_server.scoring.models import AssessmentRow

DELETED = "[deleted]"
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
    """Out of the case's reasons, and out of the mails that told the team of them."""
    case.reasons = list(dict.fromkeys(unquoted(one) if one in quoting else one for one in case.reasons))
    told = select(Delivery).where(Delivery.site_id == case.site_id, Delivery.unique_key.startswith(f"urgent:{case.id}:"))
    for mail in db.session.scalars(told):
        for reason in quoting:
            mail.body = mail.body.replace(reason, unquoted(reason))
    db.session.flush()


def _all_unquoted(reasons: list[Any]) -> list[str]:
    return list(dict.fromkeys(unquoted(str(reason)) for reason in reasons))
