"""Three days after the resolution the customer is asked whether it held: once, and in their language."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from tests.recovery.people import complaint, fresh, make_site, make_user
from widget_server import desk
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.errors import Conflict
from widget_server.followup.models import FollowUp
from widget_server.followup.operations import ask_due
from widget_server.followup.queries import any_due, followups_of
from widget_server.recovery.history import changes
from widget_server.recovery.models import Case


def resolved(site: object, actor: object, **changes: object) -> Case:
    with writing():
        case = complaint(site, **changes)  # type: ignore[arg-type]
        desk.resolve(case, actor, expected_version=None)  # type: ignore[arg-type]
    return case


def ask(after: int) -> int:
    with travel(now_ms() + after), writing():
        return ask_due(now_ms() + 1)


def test_the_question_goes_out_after_three_days_and_once(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren, email="eleanor@example.org")
    assert ask(3 * DAY - 60_000) == 0
    assert ask(3 * DAY) == 1
    assert ask(3 * DAY) == 0
    mail = db.session.scalars(select(Delivery)).one()
    assert mail.purpose == "follow_up"
    assert "Did it hold?" in mail.body
    assert "http://widget.test/r/" in mail.body
    assert fresh(case).due == case.asked_at + 7 * DAY


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Is het zo gebleven?"),
        ("nb-NO", "Har det holdt?"),
        ("th", "ยังเรียบร้อยดี"),
        ("xx", "Did it hold?"),
    ],
)
def test_it_speaks_the_customers_language(desk_at: SimpleNamespace, language: str, words: str) -> None:
    resolved(desk_at.site, desk_at.maren, email="eleanor@example.org", language=language)
    ask(3 * DAY)
    assert words in db.session.scalars(select(Delivery)).one().body


def test_without_an_address_the_question_stands_on_the_receipt(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren)
    assert ask(3 * DAY) == 1
    assert db.session.scalar(select(Delivery)) is None
    assert fresh(case).asked_at is not None


def test_an_answer_before_the_question_counts_and_nobody_is_asked_then(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren, email="eleanor@example.org")
    with writing():
        desk.answer_followup(db.session.get_one(Case, case.id), True)
    assert ask(3 * DAY) == 0
    assert followups_of(case.id)[0].state == "answered"


def test_a_no_plans_the_next_question_with_the_next_resolution(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren)
    ask(3 * DAY)
    with writing():
        desk.answer_followup(db.session.get_one(Case, case.id), False, "Not yet")
        desk.resolve(db.session.get_one(Case, case.id), desk_at.maren, expected_version=None)
    assert [(one.n, one.state, one.satisfied) for one in followups_of(case.id)] == [
        (1, "answered", False),
        (2, "planned", None),
    ]


def test_there_is_nothing_to_answer_before_the_resolution(desk_at: SimpleNamespace) -> None:
    with writing():
        case = complaint(desk_at.site)
    with pytest.raises(Conflict, match="not resolved"), writing():
        desk.answer_followup(db.session.get_one(Case, case.id), True)


def test_a_case_that_opened_again_is_not_asked(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren)
    with writing():
        db.session.get_one(Case, case.id).state = "open"
    assert ask(3 * DAY) == 0
    assert db.session.scalars(select(FollowUp.state)).all() == ["dropped"]
    assert not any_due(now_ms() + 9 * DAY)


def test_nobody_is_asked_while_they_wait_for_an_answer_about_something_newer(desk_at: SimpleNamespace) -> None:
    case = resolved(desk_at.site, desk_at.maren, hmacs={"email": "e1"}, email="eleanor@example.org")
    with writing():
        newer = complaint(desk_at.site, hmacs={"email": "e1"})
    assert newer.id != case.id
    assert [ask(3 * DAY), ask(4 * DAY + 1), db.session.scalar(select(Delivery))] == [0, 0, None]
    put_off = [change for change in changes(fresh(case)) if change.kind == "put_off"]
    assert len(put_off) == 1  # told once, however often it is put off
    with writing():
        desk.resolve(db.session.get_one(Case, newer.id), desk_at.maren, expected_version=None)
    assert ask(6 * DAY) == 2  # the newer one's own question has come due as well
    assert fresh(case).asked_at is not None


def test_a_newer_case_of_somebody_else_puts_nothing_off(desk_at: SimpleNamespace) -> None:
    resolved(desk_at.site, desk_at.maren, hmacs={"email": "e1"}, email="eleanor@example.org")
    with writing():
        complaint(desk_at.site, hmacs={"email": "e2"})
    assert ask(3 * DAY) == 1


def test_several_workers_ask_once(any_app: Flask) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren Solli")
    for _ in range(3):
        resolved(site, maren, email="eleanor@example.org")
    late = now_ms() + 3 * DAY

    def work(_: int) -> int:
        with any_app.app_context(), writing():
            return ask_due(late)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 3
    db.session.rollback()
    assert len(db.session.scalars(select(Delivery.id)).all()) == 3
