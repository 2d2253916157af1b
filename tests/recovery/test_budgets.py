"""What a person may give without asking, and what happens beyond it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.recovery.people import complaint, fresh, make_site, make_user
from tests.recovery.test_races import all_of, both_at
from widget_server import desk
from widget_server.accounts.models import User
from widget_server.accounts.operations import grant, revoke, set_budgets, set_own_budget
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.desk import gestures
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.recovery.budgets import Budget, month_start
from widget_server.recovery.models import Approval, Case, Gesture
from widget_server.recovery.queries import budget_of
from widget_server.sites.models import Site


def ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "amount", "currency", "objection"),
    [
        (0, 25000, "EUR", None),
        (0, 25001, "EUR", "€250.01 is more than the €250.00 left to you for November: it needs an approval."),
        (12500, 12501, "EUR", "€125.01 is more than the €125.00 left to you for November: it needs an approval."),
        (25000, 1, "EUR", "Nothing is left of your €250.00 for November: this needs an approval."),
        (99999, 1, "EUR", "Nothing is left of your €250.00 for November: this needs an approval."),
        (25000, 0, "EUR", None),
        (0, 1, "NOK", "Budgets here are in EUR: what is worth NOK needs an approval."),
        (99999, 0, "NOK", None),
    ],
)
def test_a_budget_objects_to_what_is_beyond_it(given: int, amount: int, currency: str, objection: str | None) -> None:
    assert Budget(25000, given, "EUR", "November").objection(amount, currency) == objection


def test_the_month_is_the_one_of_the_sites_zone() -> None:
    late = ms(2026, 11, 30, 23, 30)
    assert month_start(late, "UTC") == ms(2026, 11, 1)
    assert month_start(late, "Asia/Bangkok") == ms(2026, 11, 30, 17), "December has begun there"
    assert month_start(ms(2026, 4, 15), "Europe/Oslo") == ms(2026, 3, 31, 22), "in summer time"


@pytest.fixture
def bound(desk_at: SimpleNamespace) -> SimpleNamespace:
    """Maren works cases with €250 a month; Ingrid is admin; two customers wait."""
    with writing():
        site, maren = db.session.get_one(Site, desk_at.site.id), db.session.get_one(User, desk_at.maren.id)
        ingrid = make_user("Ingrid Moe")
        grant(maren, site, "support")
        grant(ingrid, site, "admin")
        set_budgets(site, 25000, "EUR")
        cases = [complaint(site, email=f"{name}@example.org", hmacs={"email": name}) for name in ("e1", "e2")]
    return SimpleNamespace(site=site, maren=maren, ingrid=ingrid, case=cases[0], other=cases[1])


def give(case: Any, actor: Any, amount: int, currency: str = "EUR", token: str = "t1") -> None:
    with writing():
        case, actor = db.session.get_one(Case, case.id), db.session.get_one(User, actor.id)
        gift = desk.Gift("Upgrade to Comfort", amount, currency)
        desk.reply(case, actor, expected_version=case.version, body="It is put right.", token=token, gesture=gift)


def ask(case: Case, actor: User, amount: int, token: str = "a1", **more: Any) -> Approval:
    with writing():
        case, actor = db.session.get_one(Case, case.id), db.session.get_one(User, actor.id)
        gift = desk.Gift("Upgrade to Comfort", amount, "EUR")
        return desk.ask_to_give(case, actor, gift, expected_version=case.version, token=token, **more)


def decide(case: Case, actor: User, approval: Approval, **how: Any) -> None:
    id = approval.public_id
    with writing():
        case, actor = db.session.get_one(Case, case.id), db.session.get_one(User, actor.id)
        desk.decide(case, actor, id, **how)


def left(bound: SimpleNamespace, who: User) -> int | None:
    db.session.rollback()
    found = budget_of(who.id, db.session.get_one(Site, bound.site.id), now_ms())
    return None if found is None else found.left


def test_gestures_draw_on_the_budget_of_who_gives_them_until_the_month_is_over(bound: SimpleNamespace) -> None:
    give(bound.case, bound.maren, 20000)
    assert left(bound, bound.maren) == 5000
    with pytest.raises(desk.BeyondBudget, match="more than the €50"):
        give(bound.other, bound.maren, 5001, token="t2")
    assert len(db.session.scalars(select(Gesture)).all()) == 1, "nothing of the refused reply stays"
    give(bound.other, bound.maren, 5000, token="t3")
    assert left(bound, bound.maren) == 0
    with travel(now_ms() + 32 * DAY):
        assert left(bound, bound.maren) == 25000
        give(bound.other, bound.maren, 25000, token="t4")


def test_an_admin_has_no_limit_and_a_token_that_acts_has_the_sites(bound: SimpleNamespace) -> None:
    give(bound.case, bound.ingrid, 900_000)
    assert left(bound, bound.ingrid) is None
    with writing():
        program = make_user("a program")
    assert left(bound, program) == 25000
    with pytest.raises(desk.BeyondBudget):
        give(bound.other, program, 25001, token="t2")


def test_without_a_budget_everything_is_as_it_was(bound: SimpleNamespace) -> None:
    with writing():
        set_budgets(db.session.get_one(Site, bound.site.id), None, "EUR")
    give(bound.case, bound.maren, 900_000)
    with pytest.raises(Invalid, match="without asking"):
        ask(bound.case, bound.maren, 900_000)


def test_a_persons_own_budget_stands_in_place_of_the_sites(bound: SimpleNamespace) -> None:
    with writing():
        site, maren = db.session.get_one(Site, bound.site.id), db.session.get_one(User, bound.maren.id)
        set_own_budget(maren, site, 0)
    assert left(bound, bound.maren) == 0
    with pytest.raises(desk.BeyondBudget):
        give(bound.case, bound.maren, 1)
    with pytest.raises(Conflict, match="own in EUR"), writing():
        set_budgets(db.session.get_one(Site, bound.site.id), 25000, "NOK")


def test_what_was_approved_is_given_once_and_draws_on_no_budget(bound: SimpleNamespace) -> None:
    approval = ask(bound.case, bound.maren, 40000, reason="Second time, and a wedding.")
    with pytest.raises(desk.BeyondBudget):
        give(bound.case, bound.maren, 40000)
    decide(bound.case, bound.ingrid, approval, approve=True)
    with pytest.raises(desk.BeyondBudget):
        give(bound.other, bound.maren, 40000, token="t2")
    with pytest.raises(desk.BeyondBudget):
        give(bound.case, bound.maren, 40001, token="t3")
    give(bound.case, bound.maren, 40000, token="t4")
    assert left(bound, bound.maren) == 25000
    assert fresh(approval).gesture_id == db.session.scalars(select(Gesture.id)).one()
    with pytest.raises(desk.BeyondBudget):
        give(bound.case, bound.maren, 40000, token="t5")


def test_more_than_was_approved_is_asked_for_and_a_second_yes_is_in_place_of_the_first(bound: SimpleNamespace) -> None:
    first = ask(bound.case, bound.maren, 40000)
    decide(bound.case, bound.ingrid, first, approve=True)
    with pytest.raises(Invalid, match="without asking"):
        ask(bound.case, bound.maren, 40000, token="a2")
    second = ask(bound.case, bound.maren, 60000, token="a3")
    assert fresh(first).state == "approved", "until there is a yes to more"
    decide(bound.case, bound.ingrid, second, approve=True)
    assert (fresh(first).state, fresh(second).state) == ("withdrawn", "approved")
    give(bound.case, bound.maren, 60000)
    with pytest.raises(desk.BeyondBudget):
        give(bound.case, bound.maren, 40000, token="t2")


def test_both_are_told_by_mail_without_a_word_of_anybodys(bound: SimpleNamespace) -> None:
    approval = ask(bound.case, bound.maren, 40000, reason="Second time, and a wedding.")
    decide(bound.case, bound.ingrid, approval, approve=False, answer="A refund is enough.")
    asked, declined = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert (asked.user_id, declined.user_id) == (bound.ingrid.id, bound.maren.id)
    assert asked.subject == f"TA {bound.case.number}: a gesture waits for your word"
    assert "Maren Solli asks to give a customer of Tern Air more than their own budget: €400.00." in asked.body
    assert declined.subject == f"TA {bound.case.number}: your gesture was declined"
    for words in ("wedding", "Upgrade", "refund is enough", "example.org", "Paid twice"):
        assert words not in asked.body + declined.body


def test_whoever_lost_their_role_meanwhile_gets_no_mail(bound: SimpleNamespace) -> None:
    approval = ask(bound.case, bound.maren, 40000)
    with writing():
        revoke(db.session.get_one(User, bound.maren.id), db.session.get_one(Site, bound.site.id))
    decide(bound.case, bound.ingrid, approval, approve=True)
    assert db.session.scalars(select(Delivery.user_id)).all() == [bound.ingrid.id]


def test_asking_anew_takes_the_place_of_what_was_asked_and_the_same_form_asks_once(bound: SimpleNamespace) -> None:
    first = ask(bound.case, bound.maren, 40000)
    assert ask(bound.case, bound.maren, 40000).id == first.id
    second = ask(bound.case, bound.maren, 30000, token="a2")
    assert (fresh(first).state, fresh(second).state) == ("withdrawn", "asked")
    with pytest.raises(Conflict, match="asked for anew"):
        decide(bound.case, bound.ingrid, first, approve=True)
    decide(bound.case, bound.ingrid, second, approve=True)
    with pytest.raises(Conflict, match="approved already"):
        decide(bound.case, bound.ingrid, second, approve=False, answer="No.")


def test_a_no_says_why_and_nobody_decides_on_their_own(bound: SimpleNamespace) -> None:
    approval = ask(bound.case, bound.maren, 40000)
    with pytest.raises(Invalid, match="Say why not"):
        decide(bound.case, bound.ingrid, approval, approve=False, answer="  ")
    with pytest.raises(Conflict, match="yourself"):
        decide(bound.case, bound.maren, approval, approve=True)
    with pytest.raises(NotFound):
        decide(bound.other, bound.ingrid, approval, approve=True)
    with writing():
        case, ingrid = db.session.get_one(Case, bound.case.id), db.session.get_one(User, bound.ingrid.id)
        desk.not_a_failure(case, ingrid, expected_version=case.version, reason="A try-out.")
    with pytest.raises(Conflict, match="closed"):
        decide(bound.case, bound.ingrid, approval, approve=True)
    with pytest.raises(Conflict, match="closed"):
        ask(bound.case, bound.maren, 40000, token="a3")


def test_what_can_be_given_is_not_asked_for(bound: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="without asking"):
        ask(bound.case, bound.maren, 25000)
    with pytest.raises(Invalid, match="without asking"):
        ask(bound.case, bound.maren, 0, token="a2")
    assert db.session.scalars(select(Approval)).all() == []


def test_two_gifts_at_the_same_moment_do_not_slip_past_the_budget(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren")
        grant(maren, site, "support")
        set_budgets(site, 25000, "EUR")
        cases = [complaint(site, email=f"{name}@example.org", hmacs={"email": name}) for name in ("e1", "e2")]
        one, other, who = (SimpleNamespace(id=row.id) for row in (*cases, maren))
    both_at(monkeypatch, gestures, "_checked")
    said = all_of(postgres_app, lambda: give(one, who, 20000), lambda: give(other, who, 20000, token="t2"))
    assert sorted(type(one).__name__ for one in said) == ["BeyondBudget", "NoneType"]
    db.session.rollback()
    assert db.session.scalars(select(Gesture.amount)).all() == [20000]
