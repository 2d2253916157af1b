"""'Wrong?': what staff say a response was, against what was read. It becomes a label; the score and its case stay."""

from __future__ import annotations

from widget_server.accounts.models import User
from widget_server.accounts.operations import audit
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Conflict, Invalid
from widget_server.responses.models import Response
from widget_server.scoring import labelling
from widget_server.scoring.labels import refusal
from widget_server.scoring.models import AssessmentRow, Correction

FRICTION = 0.3
"""From which friction score on we take it that something got in the way."""


def correct(
    response: Response, assessment: AssessmentRow | None, actor: User, *, aspect: str, value: str, expected: int
) -> Correction:
    """Take somebody's word for it.

    Args:
        expected: how many corrections there were when the person looked.

    Raises:
        Invalid: this can't be said.
        Conflict: there is another correction by now, or the response counts nowhere.
    """
    if said := refusal(aspect, value):
        raise Invalid(said)
    if response.state not in ("kept", "archived"):
        raise Conflict(f"This response is marked {response.state}: nothing is learned from it.")
    if "erased" in response.context:
        raise Conflict("Its words were deleted: nothing is learned from it.")
    known = _as_seen(response, expected)
    if aspect in (before := labelling.standing(known)) and before[aspect].value == value:
        return before[aspect]
    row = Correction(
        site_id=response.site_id,
        response_id=response.id,
        assessment_id=assessment.id if assessment else None,
        aspect=aspect,
        read_as=read_as(assessment, aspect),
        value=value,
        user_id=actor.id,
        at=now_ms(),
    )
    db.session.add(row)
    db.session.flush()
    labelling.keep(response, aspect, "correction", value, row.at)
    told = {"aspect": aspect, "value": value, "before": row.read_as}
    audit("response.corrected", user=actor, site_id=response.site_id, subject=response.public_id, **told)
    return row


def take_back(response: Response, actor: User, *, aspect: str, expected: int) -> None:
    """Undo the newest correction of this aspect; what was said before it counts again. None there: nothing to do."""
    row = labelling.standing(_as_seen(response, expected)).get(aspect)
    if row is None:
        return
    row.undone_at, row.undone_by_id = now_ms(), actor.id
    db.session.flush()
    before = labelling.standing(labelling.corrections_of(response.id)).get(aspect)
    if before is None:
        labelling.take_back(response, aspect, "correction")
    else:
        labelling.keep(response, aspect, "correction", before.value, before.at)
    told = {"aspect": aspect, "value": row.value}
    audit("response.correction_undone", user=actor, site_id=response.site_id, subject=response.public_id, **told)


def read_as(assessment: AssessmentRow | None, aspect: str) -> str:
    """What we made of it, in the words of the same choice."""
    if assessment is None:
        return "unread"
    return {
        "needs_recovery": "yes" if assessment.flagged else "no",
        "sentiment": assessment.label,
        "friction": "yes" if assessment.friction >= FRICTION else "no",
        "topic": str(assessment.topics[0])[:20] if assessment.topics else "none",
    }[aspect]


def _as_seen(response: Response, expected: int) -> list[Correction]:
    """All corrections, under the response's lock, held to what the person looked at."""
    db.session.refresh(response, with_for_update=True)
    known = labelling.corrections_of(response.id)
    if version_of(known) != expected:
        raise Conflict("Somebody corrected this response meanwhile: look at what they said first.")
    return known


def version_of(corrections: list[Correction]) -> int:
    """Rises with each correction and each undoing."""
    return len(corrections) + sum(row.undone_at is not None for row in corrections)
