"""One link for each flagged response: it opens a case, or joins the person's open one. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.recovery.people import complaint, flag, fresh, make_response, make_site, make_user
from widget_server import desk
from widget_server.accounts.models import User
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.errors import Conflict
from widget_server.recovery import queries
from widget_server.recovery.models import Case, CasePerson, CaseResponse
from widget_server.responses.models import Response

ELEANOR = {"email": "e1", "visitor": "v1"}
THREADS = 8


def race(app: Flask, response_ids: list[int]) -> list[tuple[int, bool]]:
    """Every response flagged by a worker of its own, all at once."""

    def work(response_id: int) -> tuple[int, bool]:
        with app.app_context(), writing():
            linked = flag(db.session.get_one(Response, response_id))
            return linked.case.id, linked.opened

    with ThreadPoolExecutor(THREADS) as pool:
        linked = list(pool.map(work, response_ids))
    db.session.rollback()  # this thread reads afresh
    return linked


def test_workers_racing_on_one_response_open_one_case(any_app: Flask) -> None:
    with writing():
        response = make_response(make_site(), hmacs=ELEANOR)
    linked = race(any_app, [response.id] * THREADS)
    assert len({case for case, _ in linked}) == 1
    assert [opened for _, opened in linked].count(True) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseResponse)) == 1


def test_workers_racing_on_one_person_open_one_case(any_app: Flask) -> None:
    with writing():
        site = make_site()
        ids = [make_response(site, hmacs=ELEANOR).id for _ in range(24)]
    linked = race(any_app, ids)
    assert len({case for case, _ in linked}) == 1
    assert [opened for _, opened in linked].count(True) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseResponse)) == 24


def test_workers_racing_on_strangers_give_each_a_number(any_app: Flask) -> None:
    with writing():
        site = make_site()
        ids = [make_response(site).id for _ in range(24)]
    race(any_app, ids)
    assert sorted(db.session.scalars(select(Case.number))) == list(range(1001, 1025))


def test_numbers_are_each_sites_own(any_app: Flask) -> None:
    with writing():
        numbers = [complaint(make_site()).number, complaint(make_site()).number]
    assert numbers == [1001, 1001]


def test_two_people_claiming_the_same_case_get_one_conflict(any_app: Flask) -> None:
    with writing():
        case = complaint(make_site())
        users = [make_user(f"Agent {n}").id for n in range(THREADS)]
    seen = case.version

    def claim(user_id: int) -> bool:
        with any_app.app_context():
            try:
                with writing():
                    mine, user = db.session.get_one(Case, case.id), db.session.get_one(User, user_id)
                    desk.claim(mine, user, expected_version=seen)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(claim, users)).count(True) == 1


def test_joining_raises_and_never_lowers_or_postpones(any_app: Flask) -> None:
    with writing():
        site = make_site()
        case = flag(make_response(site, hmacs=ELEANOR), severity=2, priority="P3").case
        due = case.due
        flag(make_response(site, hmacs=ELEANOR, email="e@example.org"), severity=4, priority="P1")
        flag(make_response(site, hmacs=ELEANOR), severity=1, priority="P4")
    case = fresh(case)
    assert (case.severity, case.priority, case.reach) == (4, "P1", "email")
    assert case.due <= due


def test_a_later_snapshot_opens_once_and_closes_nothing(any_app: Flask) -> None:
    with writing():
        response = make_response(make_site())
        first = flag(response)
        response.seq = 2
        second = flag(response)
    assert (first.opened, second.opened, first.case.id) == (True, False, second.case.id)


def test_a_second_failure_within_90_days_is_a_repeat(any_app: Flask) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren Solli")
        first = complaint(site, hmacs=ELEANOR)
        desk.resolve(first, maren, expected_version=None)
    with travel(now_ms() + 89 * DAY), writing():
        second = complaint(site, hmacs=ELEANOR)
    assert (second.failures, second.repeat_of_id) == (2, first.id)


def test_after_90_days_or_a_rejection_it_is_a_first_one(any_app: Flask) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren Solli")
        old, wrong = complaint(site, hmacs=ELEANOR), complaint(site, hmacs={"email": "e2"})
        desk.resolve(old, maren, expected_version=None)
        desk.not_a_failure(wrong, maren, expected_version=None, reason="A joke")
        assert complaint(site, hmacs={"email": "e2"}).repeat_of_id is None
    with travel(now_ms() + 91 * DAY), writing():
        assert complaint(site, hmacs=ELEANOR).failures == 1


def test_somebody_unknown_is_never_called_first(any_app: Flask) -> None:
    with writing():
        case = complaint(make_site())
    assert case.failures is None
    assert queries.failures_of(case.site_id, [], now_ms()) is None


def test_an_open_case_is_the_failure_that_it_is(any_app: Flask) -> None:
    with writing():
        case = complaint(make_site(), hmacs={"email": "e1"})
        assert queries.failures_of(case.site_id, ["e1".ljust(64, "0")], now_ms()) == 1


def test_another_sites_person_is_another_person(any_app: Flask) -> None:
    with writing():
        cases = [complaint(make_site(), hmacs=ELEANOR) for _ in range(2)]
    assert cases[0].id != cases[1].id
    assert db.session.scalar(select(func.count()).select_from(CasePerson)) == 4


@pytest.mark.parametrize(
    ("changes", "reach"),
    [
        pytest.param({"email": "e@example.org"}, "email", id="an address with consent"),
        pytest.param({}, "receipt", id="a receipt alone"),
        pytest.param({"secret": False}, "none", id="neither"),
    ],
)
def test_how_they_can_be_reached(desk_at: SimpleNamespace, changes: dict[str, object], reach: str) -> None:
    with writing():
        assert complaint(desk_at.site, **changes).reach == reach
