"""A gesture within a budget, and beyond it: asked for where one writes, decided where one reads, given once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.conftest import sign_in, token_of
from tests.console.conftest import SignedIn
from tests.console.desk_data import PASSWORD, fill
from tests.console.test_case import CASE, another, field, post, stored
from widget_server import database
from widget_server.accounts.models import AuditEntry, User
from widget_server.accounts.operations import grant, set_budgets, set_own_budget
from widget_server.database import db
from widget_server.recovery.models import Approval, CaseMessage, Gesture
from widget_server.sites.models import Site

QUEUE, SETTINGS = "/console/ternair/queue", "/console/ternair/settings"
BEYOND = {"gesture": "Upgrade to Comfort", "gesture_amount": "400", "gesture_currency": "EUR"}
WORDS = "Dear Eleanor, your ticket is confirmed."


@pytest.fixture
def bound(app: Flask) -> Flask:
    """€250 a month for everybody at Tern Air."""
    with app.app_context(), database.writing():
        set_budgets(db.session.scalars(select(Site).where(Site.key == "ternair")).one(), 25000, "EUR")
    return app


def all_of(app: Flask, model: type) -> list[object]:
    with app.app_context():
        return list(db.session.scalars(select(model)).all())


def rows(app: Flask) -> list[Approval]:
    with app.app_context():
        return list(db.session.scalars(select(Approval).order_by(Approval.id)))


def asked(client: FlaskClient, **more: str) -> str:
    answer = post(client, "ask-to-give", body=WORDS, gesture_reason="A wedding.", **{**BEYOND, **more})
    assert answer.status_code == 200
    return str(answer.text)


def decision(client: FlaskClient, said: str, **form: str):  # type: ignore[no-untyped-def]
    page = client.get(CASE).text
    address = re.search(r'action="([^"]*/approvals/[^"]*)"', page)
    assert address is not None
    return client.post(address[1], data={"csrf_token": token_of(page), "decision": said, **form})


def test_beyond_the_budget_the_reply_is_refused_with_all_its_words_and_the_way_on(bound: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(CASE).text
    assert "You may give €250.00 in" in page
    answer = post(client, "reply", body=WORDS, **BEYOND)
    assert answer.status_code == 422
    assert "€400.00 is more than the €250.00 left to you for" in answer.text
    assert WORDS in answer.text
    assert 'value="Upgrade to Comfort"' in answer.text
    assert "Ask for approval of the gesture" in answer.text
    assert all_of(bound, CaseMessage) == []
    assert post(client, "reply", body=WORDS, **{**BEYOND, "gesture_amount": "100"}).status_code == 303
    assert "€150.00 of €250.00 left for" in client.get(CASE).text


def test_a_worth_stands_behind_words_that_run_from_the_right(bound: Flask, signed_in: SignedIn) -> None:
    assert "to give <bdi>ترقية إلى مقصورة</bdi>, €400.00" in asked(signed_in(), gesture="ترقية إلى مقصورة")


def test_the_currency_of_a_budget_is_the_one_that_is_offered(bound: Flask, signed_in: SignedIn) -> None:
    with bound.app_context(), database.writing():
        set_budgets(db.session.scalars(select(Site).where(Site.key == "ternair")).one(), 25000, "NOK")
    assert "<option selected>NOK</option>" in signed_in().get(CASE).text
    assert "<option selected>EUR</option>" in signed_in("admin").get(CASE).text


def test_asking_keeps_the_words_of_the_reply_and_takes_the_gesture_out_of_it(bound: Flask, signed_in: SignedIn) -> None:
    page = asked(signed_in())
    assert "Asked. An admin decides; you can answer meanwhile." in page
    assert WORDS in page
    assert 'value="Upgrade to Comfort"' not in page
    assert "You ask to give <bdi>Upgrade to Comfort</bdi>, €400.00" in page
    assert "Nobody has decided yet" in page
    assert 'data-taken="reply gesture gesture_amount gesture_currency gesture_reason"' in page
    (row,) = rows(bound)
    assert (row.state, row.amount, row.reason) == ("asked", 40000, "A wedding.")
    assert field(page, "token") != row.token.split(":")[1], "the next form is another one"


def test_a_browser_that_keeps_the_words_is_led_back_to_the_page(bound: Flask, signed_in: SignedIn) -> None:
    answer = post(signed_in(), "ask-to-give", body=WORDS, kept="1", **BEYOND)
    assert (answer.status_code, answer.location) == (303, f"{CASE}?tab=reply#composer")


def test_an_admin_finds_what_waits_and_says_yes_and_it_goes_along_with_the_next_reply(
    bound: Flask, signed_in: SignedIn
) -> None:
    agent, admin = signed_in(), signed_in("admin")
    assert "To approve" not in admin.get(QUEUE).text
    asked(agent)
    queue = admin.get(f"{QUEUE}?view=approval").text
    assert "Gestures that wait for an approval" in queue
    assert f"{CASE}?view=approval" in queue
    case = admin.get(CASE).text
    assert "Support Solli asks to give <bdi>Upgrade to Comfort</bdi>, €400.00" in case
    assert "A wedding." in case
    assert "Their own budget: €250.00 of €250.00 left for" in case
    assert decision(admin, "approve").status_code == 303
    page = agent.get(CASE).text
    assert "Admin Solli approved <bdi>Upgrade to Comfort</bdi>, €400.00" in page
    assert 'name="gesture" maxlength="200" value="Upgrade to Comfort"' in page
    assert 'value="400.00"' in page
    assert post(agent, "reply", body=WORDS, **BEYOND).status_code == 303
    page = agent.get(CASE).text
    assert "€250.00 of €250.00 left for" in page, "it draws on nobody's budget"
    assert 'value="Upgrade to Comfort"' not in page
    for line in ("Support Solli asked for approval: Upgrade to Comfort, €400.00. Why: A wedding.",
                 "Admin Solli approved it", "Gesture: Upgrade to Comfort, €400.00."):  # fmt: skip
        assert line in page, line
    assert "No gesture waits for an approval" in admin.get(f"{QUEUE}?view=approval").text


def test_a_no_needs_its_reason_and_whoever_asked_reads_it(bound: Flask, signed_in: SignedIn) -> None:
    agent, admin = signed_in(), signed_in("admin")
    asked(agent)
    refused = decision(admin, "decline", answer=" ")
    assert refused.status_code == 422
    assert "Say why not" in refused.text
    assert "Nothing was decided on case 1001." in refused.text
    assert decision(admin, "decline", answer="A refund is <b>enough</b>.").status_code == 303
    page = agent.get(CASE).text
    assert "Admin Solli: A refund is &lt;b&gt;enough&lt;/b&gt;." in page
    assert "waits" not in page.split('id="work"')[1].split("thread")[0]


def test_more_than_was_approved_is_refused_with_the_way_to_ask_for_it(bound: Flask, signed_in: SignedIn) -> None:
    agent, admin = signed_in(), signed_in("admin")
    asked(agent)
    decision(admin, "approve")
    more = {**BEYOND, "gesture_amount": "500"}
    refused = post(agent, "reply", body=WORDS, **more)
    assert "it needs an approval. Ask for it below." in refused.text
    assert "Ask for approval of the gesture" in refused.text
    assert 'name="gesture_reason"' in refused.text
    assert post(agent, "ask-to-give", body=WORDS, **more).status_code == 200
    assert "It would take the place of what is approved below." in admin.get(CASE).text
    decision(admin, "approve")
    page = agent.get(CASE).text
    assert 'value="500.00"' in page
    assert "Admin Solli approved it: Upgrade to Comfort, €400.00." in page, "in the thread, still"


def test_whoever_looked_before_the_decision_is_told_of_it(bound: Flask, signed_in: SignedIn) -> None:
    agent, admin = signed_in(), signed_in("admin")
    asked(agent)
    before = agent.get(CASE).text
    decision(admin, "approve")
    answer = post(agent, "reply", page=before, body=WORDS)
    assert answer.status_code == 409
    assert "Admin Solli approved a gesture" in answer.text
    assert WORDS in answer.text


def test_what_can_be_given_or_says_nothing_is_not_asked_for(bound: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    empty = {"gesture": "", "gesture_amount": ""}
    for form, told in (({"gesture_amount": "10"}, "You may give this without asking"), (empty, "Say what")):
        answer = post(client, "ask-to-give", body=WORDS, **{**BEYOND, **form})
        assert answer.status_code == 422
        assert told in answer.text
        assert "Nothing was asked for case 1001." in answer.text
        assert WORDS in answer.text
    assert re.search(r'id="gesture-part" open>.*id="gesture-wrong"', answer.text, re.DOTALL), "told where it is seen"
    assert rows(bound) == []


def test_an_admin_gives_without_a_limit_and_is_told_of_none(bound: Flask, signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    page = admin.get(CASE).text
    assert "Your budget" not in page
    assert "Ask for approval" not in page
    assert post(admin, "reply", body=WORDS, **{**BEYOND, "gesture_amount": "9000"}).status_code == 303
    assert len(all_of(bound, Gesture)) == 1


def test_a_viewer_is_told_of_no_budget(bound: Flask, signed_in: SignedIn) -> None:
    assert "Your budget" not in signed_in("viewer").get(CASE).text


def test_a_row_of_the_queue_says_that_it_waits_and_that_it_may_be_given(bound: Flask, signed_in: SignedIn) -> None:
    agent, admin = signed_in(), signed_in("admin")
    other = another(bound, words="The menu sent me round.")
    asked(agent)
    row = agent.get(QUEUE).text.split('id="case-1001"')[1].split("</li>")[0]
    assert "To approve" in row
    decision(admin, "approve")
    page = agent.get(QUEUE).text
    assert "Approved" in page.split('id="case-1001"')[1].split("</li>")[0]
    assert "Approved" not in page.split(f'id="case-{other}"')[1].split("</li>")[0]
    assert post(agent, "not-a-failure", reason="A try-out.").status_code == 303
    assert stored(bound).state == "closed"
    assert 'id="approved"' not in agent.get(CASE).text


def setting(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(f"{SETTINGS}/{path}", data={"csrf_token": token_of(client.get(SETTINGS).text), **form})


def test_an_admin_sets_what_each_may_give_and_another_amount_for_one(app: Flask, signed_in: SignedIn) -> None:
    admin, agent = signed_in("admin"), signed_in()
    assert "Your budget" not in agent.get(CASE).text
    assert setting(admin, "budget", budget="250,50", budget_currency="EUR").status_code == 303
    assert "€250.50 of €250.50 left" in agent.get(CASE).text
    assert 'value="250.50"' in admin.get(SETTINGS).text
    link = r'href="([^"]*/settings/people/\d+)"[^>]*>[^<]*<span class="sr"> of support@'
    person = re.search(link, admin.get(SETTINGS).text)
    assert person is not None
    assert "as everybody here, €250.50" in admin.get(person[1]).text
    own = person[1].removeprefix(f"{SETTINGS}/") + "/budget"
    assert setting(admin, own, budget="1000").status_code == 303
    assert "€1,000.00 of €1,000.00 left" in agent.get(CASE).text
    refused = setting(admin, "budget", budget="300", budget_currency="NOK")
    assert refused.status_code == 409
    assert "support@ternair.example has a budget of their own in EUR" in refused.text
    assert setting(admin, own, budget="").status_code == 303
    assert setting(admin, "budget", budget="", budget_currency="NOK").status_code == 303
    assert "Your budget" not in agent.get(CASE).text
    told = [(row.subject, row.detail.get("amount")) for row in all_of(app, AuditEntry) if row.action == "budget.changed"]  # type: ignore[attr-defined]
    assert told == [("everybody", 25050), ("support@ternair.example", 100000), ("support@ternair.example", None),
                    ("everybody", None)]  # fmt: skip


@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_a_budget_of_somebodys_own_can_be_emptied_whatever_became_of_them(
    bound: Flask, signed_in: SignedIn, role: str
) -> None:
    admin = signed_in("admin")
    with bound.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        agent = db.session.scalars(select(User).where(User.email == "support@ternair.example")).one()
        set_own_budget(agent, site, 30000)
        grant(agent, site, role)
        address = f"people/{agent.id}"
    assert 'value="300.00"' in admin.get(f"{SETTINGS}/{address}").text
    assert setting(admin, f"{address}/budget", budget="").status_code == 303
    assert 'name="budget"' not in admin.get(f"{SETTINGS}/{address}").text
    assert setting(admin, "budget", budget="300", budget_currency="NOK").status_code == 303


@pytest.mark.parametrize("given", ["much", "-1", "1e9", "12.345", "99999999999", "٢٥"])
def test_a_budget_that_is_no_amount_is_told_at_its_field(app: Flask, signed_in: SignedIn, given: str) -> None:
    answer = setting(signed_in("admin"), "budget", budget=given, budget_currency="EUR")
    assert answer.status_code == 422
    assert "Give the value as a number" in answer.text
    assert f'value="{given}"' in answer.text


@pytest.mark.postgres
@pytest.mark.parametrize("path", ["approvals/%00", "contacts/%00/show"])
def test_an_id_that_the_database_can_not_read_is_of_nothing(postgres_app: Flask, path: str) -> None:
    postgres_app.testing = False
    fill(postgres_app)
    admin = postgres_app.test_client()
    sign_in(admin, "admin@ternair.example", PASSWORD)
    csrf = token_of(admin.get(CASE).text)
    assert admin.post(f"{CASE}/{path}", data={"csrf_token": csrf, "decision": "approve"}).status_code == 404
