"""From a stored response to a case with its reasons, and the mail to the team."""

from __future__ import annotations

import pytest

from tests.worker.conftest import COMPLAINT, SEVERE, Tern
from widget_server import pipeline, worker
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.recovery.models import Case, CaseResponse
from widget_server.routing.models import DecisionRow
from widget_server.scoring.models import AssessmentRow


def test_a_complaint_becomes_a_case_with_its_reasons(tern: Tern) -> None:
    sent = tern.send(COMPLAINT)
    assert worker.run_once(tern.app) >= 1
    response = tern.response(sent)
    assert response.processed_at is not None
    assert (response.due_at, response.lease_until, response.attempts) == (None, 0, 0)
    [case] = tern.all(Case)
    assert case.first_response_id == response.id
    assert case.reasons
    assert case.reach == "receipt"


def test_praise_is_scored_and_opens_nothing(tern: Tern) -> None:
    tern.send("Wonderful, I love how easy this was. Great!", mood=5)
    worker.run_once(tern.app)
    [assessment] = tern.all(AssessmentRow)
    assert not assessment.flagged
    assert tern.all(Case) == []


def test_answers_to_the_recovery_survey_open_no_case(tern: Tern) -> None:
    sent = tern.send(COMPLAINT, survey="recovered", answers={"satisfied": False, "rating": 1})
    worker.run_once(tern.app)
    assert tern.response(sent).processed_at is not None
    assert tern.all(AssessmentRow)[0].flagged
    assert tern.all(Case) == []


def test_coming_by_again_changes_nothing(tern: Tern) -> None:
    sent = tern.send(SEVERE, email="mara@customer.example")
    tern.staff("Ida")
    for _ in range(3):
        with writing():
            response = db.session.get_one(type(tern.response(sent)), tern.response(sent).id)
            pipeline.process(response)
    assert len(tern.all(AssessmentRow)) == len(tern.all(DecisionRow)) == 1
    assert len(tern.all(Case)) == len(tern.all(CaseResponse)) == len(tern.all(Delivery)) == 1


def test_the_same_person_joins_their_open_case(tern: Tern) -> None:
    tern.send(COMPLAINT, email="mara@customer.example")
    tern.send("Still broken, I cannot pay!", email="Mara@Customer.example")
    tern.send("Somebody else, also unable to pay!", email="jon@customer.example")
    worker.run_once(tern.app)
    assert len(tern.all(Case)) == 2
    assert len(tern.all(CaseResponse)) == 3
    assert {case.reach for case in tern.all(Case)} == {"email"}


def test_a_new_urgent_case_is_told_to_the_team_by_mail(tern: Tern) -> None:
    ida = tern.staff("Ida")
    tern.staff("Vera", "viewer")
    tern.send(SEVERE)
    worker.run_once(tern.app)
    [case] = tern.all(Case)
    assert case.priority == "P1"
    [mail] = tern.all(Delivery)
    assert (mail.user_id, mail.purpose, mail.state) == (ida.id, "urgent_case", "held")
    assert f"http://widget.test/console/tern/cases/{case.number}" in mail.body
    assert "TA 1001" in mail.subject


def test_a_case_that_is_not_urgent_is_not_mailed(tern: Tern) -> None:
    tern.staff("Ida")
    tern.send("It was a bit slow.", mood=2)
    worker.run_once(tern.app)
    assert [case.priority for case in tern.all(Case)] != ["P1"]
    assert tern.all(Delivery) == []


@pytest.mark.parametrize("state", ["spam", "test", "archived"])
def test_what_does_not_count_opens_nothing(tern: Tern, state: str) -> None:
    sent = tern.send(COMPLAINT)
    tern.change(sent, state=state)
    worker.run_once(tern.app)
    assert tern.all(Case) == []
