"""What staff do, and what each command makes of the case."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests.recovery.people import complaint, flag, fresh, make_response
from widget_server import desk
from widget_server.clock import DAY, HOUR, now_ms, travel
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.errors import Conflict, Invalid
from widget_server.followup.models import FollowUp
from widget_server.recovery import history, lifecycle, queries
from widget_server.recovery.models import Case, CaseMessage, CasePerson, Gesture


@pytest.fixture
def case(desk_at: SimpleNamespace) -> Case:
    with writing():
        return complaint(desk_at.site, email="eleanor@example.org", hmacs={"email": "e1"})


def send(case: Case, actor: object, **changes: object) -> CaseMessage:
    with writing():
        case = db.session.get_one(Case, case.id)
        values = {
            "expected_version": case.version,
            "body": "I am sorry, Eleanor.",
            "token": "t1",
            "apology": True,
        }
        return desk.reply(case, actor, **{**values, **changes})  # type: ignore[arg-type]


def fresh_here(case: Case) -> Case:
    """The case inside the writing transaction."""
    return db.session.get_one(Case, case.id)


def test_a_case_gets_a_number_people_can_say_and_a_due_time(case: Case) -> None:
    assert case.number == 1001
    assert case.due == case.acknowledge_due == case.opened_at + HOUR // 2


def test_the_first_reply_acknowledges_claims_and_leaves_by_mail(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren)
    case = fresh(case)
    assert case.acknowledged_at is not None
    assert case.owner_id == desk_at.maren.id
    mail = db.session.scalars(select(Delivery)).one()
    assert mail.body.startswith("I am sorry, Eleanor.\n\nMaren Solli\nTern Air")
    assert "http://widget.test/r/" in mail.body
    assert mail.subject == "Your message to Tern Air, TA 1001"


def test_the_same_form_sent_twice_sends_once(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren)
    send(case, desk_at.maren, expected_version=1)
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseMessage)) == 1


def test_who_comes_second_is_told_what_changed(case: Case, desk_at: SimpleNamespace) -> None:
    seen = case.version
    with writing():
        desk.claim(db.session.get_one(Case, case.id), desk_at.joost, expected_version=seen)
    with pytest.raises(Conflict) as refused, writing():
        desk.claim(db.session.get_one(Case, case.id), desk_at.maren, expected_version=seen)
    assert "Joost de Wit claimed it." in str(refused.value)
    assert [(change.who, change.what) for change in refused.value.theirs] == [("Joost de Wit", "claimed it")]


def test_curly_braces_in_a_reply_stay_what_they_are(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren, body="{link} {{ 7*7 }} {name}")
    assert db.session.scalars(select(Delivery)).one().body.startswith("{link} {{ 7*7 }} {name}\n\nMaren")


def test_a_gesture_and_a_promise_go_along_once(case: Case, desk_at: SimpleNamespace) -> None:
    promise = desk.Promise("the refund", now_ms() + HOUR)
    send(case, desk_at.maren, promise=promise, gesture=desk.Gift("Upgrade to Comfort", 4500, "eur"))
    body = db.session.scalars(select(Delivery)).one().body
    assert "Upgrade to Comfort (€45.00)" in body
    assert "Promised: the refund, before" in body
    gesture = db.session.scalars(select(Gesture)).one()
    assert (gesture.amount, gesture.currency) == (4500, "EUR")
    assert fresh(case).due == promise.due


def test_a_promise_ends_only_when_staff_say_so(case: Case, desk_at: SimpleNamespace) -> None:
    soon, later = now_ms() + HOUR, now_ms() + 2 * HOUR
    send(case, desk_at.maren, promise=desk.Promise("an answer", later))
    send(case, desk_at.maren, token="t2", apology=False, promise=desk.Promise("a refund", soon))
    send(case, desk_at.maren, token="t3", apology=False, body="Which seat was it?")
    answer, refund = queries.promises_of(case.id)
    assert (answer.state, refund.state, fresh(case).due) == ("open", "open", soon)
    send(case, desk_at.maren, token="t4", apology=False, kept=[refund.id])
    assert [promise.state for promise in queries.promises_of(case.id)] == ["open", "kept"]
    assert fresh(case).due == later


def test_a_promise_that_slipped_is_moved_with_its_old_date(case: Case, desk_at: SimpleNamespace) -> None:
    first = now_ms() + HOUR
    send(case, desk_at.maren, promise=desk.Promise("an answer", first))
    promise = queries.promises_of(case.id)[0]
    with travel(first + HOUR):
        send(case, desk_at.maren, token="t2", moved={promise.id: first + 3 * HOUR})
    old, new = queries.promises_of(case.id)
    assert (old.state, new.state, new.moved_from, new.text) == ("moved", "open", first, "an answer")
    mails = db.session.scalars(select(Delivery.body).order_by(Delivery.id)).all()
    assert "Promised: an answer" in mails[-1]


def test_another_cases_promise_can_not_be_ended(case: Case, desk_at: SimpleNamespace) -> None:
    with writing():
        other = complaint(desk_at.site, email="joe@example.org")
    send(other, desk_at.maren, promise=desk.Promise("an answer", now_ms() + HOUR))
    theirs = queries.promises_of(other.id)[0]
    with pytest.raises(Invalid, match="not open any more"):
        send(case, desk_at.maren, token="t2", kept=[theirs.id])
    assert fresh(theirs).state == "open"


def test_sending_and_resolving_plans_the_question_and_lets_the_person_go(
    case: Case, desk_at: SimpleNamespace
) -> None:
    send(case, desk_at.maren, then="resolve")
    case = fresh(case)
    planned = db.session.scalars(select(FollowUp)).one()
    assert case.state == "resolved"
    assert planned.due_at == case.resolved_at + 3 * DAY == case.due
    assert db.session.scalar(select(CasePerson)) is None


def test_a_case_is_not_done_before_its_follow_up(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren, then="resolve")
    with pytest.raises(Conflict, match="has not been asked yet"), writing():
        desk.document_and_close(fresh_here(case), desk_at.maren, expected_version=None, cause="a", remedy="b")


def test_closing_needs_cause_and_remedy(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren, then="resolve")
    with writing():
        desk.answer_followup(db.session.get_one(Case, case.id), True)
    with pytest.raises(Invalid, match="cause and remedy"), writing():
        desk.document_and_close(
            db.session.get_one(Case, case.id), desk_at.maren, expected_version=None, cause="x"
        )
    with writing():
        case = db.session.get_one(Case, case.id)
        desk.document_and_close(
            case, desk_at.maren, expected_version=None, cause="double capture", remedy="refund"
        )
    assert (fresh(case).state, case.closed_as) == ("closed", "documented")


def test_no_opens_it_again_with_the_customers_words(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren, then="resolve")
    with writing():
        desk.answer_followup(db.session.get_one(Case, case.id), False, "Still no ticket")
    case = fresh(case)
    assert (case.state, case.reopened, case.resolved_at, case.satisfied) == ("open", 1, None, False)
    assert case.due is not None
    assert queries.messages_of(case.id)[0].message.body == "Still no ticket"
    assert [change.kind for change in history.changes(case)].count("resolved") == 1
    assert db.session.scalar(select(CasePerson.case_id)) == case.id


def test_a_reply_where_nobody_can_be_reached_is_refused_and_resolution_asks_cause_and_remedy(
    desk_at: SimpleNamespace,
) -> None:
    with writing():
        case = complaint(desk_at.site, secret=False)
    assert case.reach == "none"
    with pytest.raises(Conflict, match="no way to reach"):
        send(case, desk_at.maren)
    with pytest.raises(Invalid, match="cause and remedy"), writing():
        desk.resolve(db.session.get_one(Case, case.id), desk_at.maren, expected_version=None)
    with writing():
        case = db.session.get_one(Case, case.id)
        desk.resolve(case, desk_at.maren, expected_version=None, cause="hidden button", remedy="moved it")
    assert fresh(case).state == "closed"
    assert {stage.step: stage.status for stage in lifecycle.path(history.state_of(case))}["follow_up"] == "not_possible"


def test_not_a_failure_needs_a_reason_and_does_not_count(case: Case, desk_at: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="why"), writing():
        desk.not_a_failure(
            db.session.get_one(Case, case.id), desk_at.maren, expected_version=None, reason=" "
        )
    with writing():
        case = db.session.get_one(Case, case.id)
        desk.not_a_failure(case, desk_at.maren, expected_version=None, reason="A joke")
    assert queries.failures_of(desk_at.site.id, ["e1".ljust(64, "0")], now_ms()) == 1


def test_a_handover_says_what_the_next_one_must_know(case: Case, desk_at: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="must know"), writing():
        desk.hand_over(fresh_here(case), desk_at.maren, expected_version=None, owner=desk_at.joost, note="")
    with writing():
        case = db.session.get_one(Case, case.id)
        desk.hand_over(
            case, desk_at.maren, expected_version=None, owner=desk_at.joost, note="Refund approved"
        )
    assert fresh(case).owner_id == desk_at.joost.id


def test_waiting_is_the_customers_turn_until_they_write(case: Case, desk_at: SimpleNamespace) -> None:
    send(case, desk_at.maren, then="wait")
    assert (fresh(case).state, case.due) == ("waiting", None)
    with writing():
        desk.write_again(db.session.get_one(Case, case.id), "It is booking TA 214")
    assert fresh(case).state == "open"
    assert queries.case_state(case.first_response_id) == (True, False)


def test_a_severity_that_staff_chose_changes_its_part_of_the_sum(
    case: Case, desk_at: SimpleNamespace
) -> None:
    with pytest.raises(Invalid, match="why"), writing():
        desk.change_severity(fresh_here(case), desk_at.maren, expected_version=None, severity=4, reason="")
    with writing():
        desk.change_severity(
            fresh_here(case), desk_at.maren, expected_version=None, severity=1, reason="A typo"
        )
    case = fresh(case)
    assert (case.severity, case.severity_reason) == (1, "A typo")
    assert case.parts[0] == {"name": "severity low", "points": 10}
    assert sum(part["points"] for part in case.parts) == case.points
    assert history.changes(case)[-1].what == "changed the severity from high to low"


def test_later_snapshots_do_not_undo_what_staff_said_of_the_severity(
    case: Case, desk_at: SimpleNamespace
) -> None:
    with writing():
        desk.change_severity(
            fresh_here(case), desk_at.maren, expected_version=None, severity=1, reason="A typo"
        )
        flag(queries.responses_of(case.id)[0], severity=4, priority="P1")
    assert fresh(case).severity == 1


def test_a_case_opened_by_hand_has_the_rulebooks_sum(desk_at: SimpleNamespace) -> None:
    with writing():
        case = desk.open_by_hand(
            make_response(desk_at.site), desk_at.maren, reason="She called us", severity=4
        )
    assert case.parts[0]["name"] == "severity severe"
    assert sum(part["points"] for part in case.parts) == case.points
    assert case.team_id is not None


def test_a_case_can_be_opened_by_hand_once(desk_at: SimpleNamespace) -> None:
    with writing():
        response = make_response(desk_at.site)
        case = desk.open_by_hand(response, desk_at.maren, reason="She called us")
        again = desk.open_by_hand(response, desk_at.maren, reason="She called us")
    assert case.id == again.id
    assert case.opened_by_id == desk_at.maren.id


def test_spam_takes_its_case_along(case: Case, desk_at: SimpleNamespace) -> None:
    with writing():
        response = queries.responses_of(case.id)[0]
        desk.mark_spam(response, desk_at.maren)
    assert fresh(case).closed_as == "not_a_failure"
