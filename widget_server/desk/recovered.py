"""The answer to "is it right now?" as a response to the survey `recovered`, so that it is counted beside all others.

Through the same store as intake's. A site without that survey keeps the answer with the follow-up alone.
"""

from __future__ import annotations

from dataclasses import asdict
from uuid import NAMESPACE_URL, uuid5

from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Invalid
from widget_server.followup.models import FollowUp
from widget_server.followup.queries import followups_of
from widget_server.intake.answers import read_answers
from widget_server.intake.arrival import local_time
from widget_server.recovery.models import Case
from widget_server.responses.models import Answer, Response
from widget_server.responses.operations import Snapshot, store
from widget_server.sites.models import Site
from widget_server.surveys.queries import LiveSurvey, live_surveys
from widget_server.surveys.questions.question import Question

SURVEY = "recovered"
SATISFIED, COMMENT, RATING = "satisfied", "comment", "rating"
"""Question keys of that survey; a key is permanent."""


def keep_as_response(case: Case, followup: FollowUp, satisfied: bool, comment: str) -> None:
    """Once for each question that was asked; the comment is redacted already."""
    survey = next((one for one in live_surveys(case.site_id) if one.key == SURVEY), None)
    if survey is None or survey.definition.purpose != "recovery":
        return
    given = {SATISFIED: satisfied, COMMENT: comment}
    asked = {key: value for key, value in given.items() if survey.definition.question(key) is not None}
    snapshot = _snapshot(case, followup, survey, asked)
    if snapshot is not None:
        followup.response_id = store(db.session.connection(), snapshot).response_id
        db.session.flush()


def rating_left(case: Case) -> tuple[Question, Response] | None:
    """How satisfied they are after all: the question, and the answer that it belongs to. None where they said so already,
    did not say yet whether it held, had all erased, or where the site doesn't ask."""
    answered = (row for row in reversed(followups_of(case.id)) if row.state == "answered" and row.response_id)
    followup = next(answered, None)
    response = db.session.get(Response, followup.response_id) if followup else None
    if response is None or RATING in response.answers or "erased" in response.context:
        return None
    survey = next((one for one in live_surveys(case.site_id) if one.key == SURVEY), None)
    question = survey.definition.question(RATING) if survey and survey.definition.purpose == "recovery" else None
    return (question, response) if question is not None and question.scale else None


def rate(case: Case, value: int) -> bool:
    """One of the numbers of that question, once. False: there is nothing to answer any more. Under the case's lock.

    Raises:
        Invalid: there is no such number.
    """
    left = rating_left(case)
    if left is None:
        return False
    question, response = left
    if value not in question.scale:
        raise Invalid("There is no such rating.")
    db.session.add(Answer(response_id=response.id, question=RATING, kind=question.type, number=value))
    response.answers = {**response.answers, RATING: value}
    response.updated_at = now_ms()
    if response.processed_at is not None:
        response.processed_at = response.updated_at  # so that who follows responses comes to know
    db.session.flush()
    return True


def _snapshot(
    case: Case, followup: FollowUp, survey: LiveSurvey, asked: dict[str, object]
) -> Snapshot | None:
    answers = read_answers(survey.definition, asked, finished=False)
    if isinstance(answers, list):  # an author changed what these keys mean: nothing to count
        return None
    site, now = db.session.get_one(Site, case.site_id), now_ms()
    return Snapshot(
        site_id=case.site_id,
        client_id=str(uuid5(NAMESPACE_URL, f"followup:{case.public_id}:{followup.n}")),
        secret_hash=None,
        seq=1,
        finished=True,
        state="test" if site.test_mode else "kept",
        fixed={"received_at": now, "zone": site.zone, "origin": None, **local_time(now, site.zone)},
        columns={
            "updated_at": now,
            "language": case.language,
            "url": "",
            "answers": dict(answers.values),
            "context": {"signals": {"trigger": "receipt"}},
            "due_at": None if site.test_mode else now,
            "visitor_verified": False,  # a receipt is not signed by the site's own server
            "facts_verified": False,
            "survey_key": survey.key,
            "version": survey.version,
            "version_id": survey.version_id,
            "wave": survey.wave,
        },
        answers=tuple(asdict(one) for one in answers.closed),
        texts=tuple({"question": key, "text": text, "redactions": []} for key, text in answers.texts.items()),
    )
