"""The page of a case: the way through its five steps, and what stands in the way told with what was typed kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.accounts.conftest import token_of
from tests.console.conftest import SignedIn
from tests.console.desk_data import ARABIC, THAI, Complaint, complain
from widget_server import database
from widget_server.accounts.models import AuditEntry
from widget_server.clock import DAY, now_ms, travel
from widget_server.config import Smtp
from widget_server.database import db
from widget_server.recovery.models import Case, CaseMessage, Gesture, PromiseRow
from widget_server.sites.models import Site

CASE = "/console/ternair/cases/1001"


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def post(client: FlaskClient, command: str, path: str = CASE, page: str | None = None, **form: Any):  # type: ignore[no-untyped-def]
    """Send a form of the page as it stands now, or as it stood."""
    page = page or client.get(path).text
    sent = {"csrf_token": token_of(page), "version": field(page, "version"), **form}
    if 'name="token"' in page:
        sent.setdefault("token", field(page, "token"))
    return client.post(f"{path}/{command}", data=sent)


def stored(app: Flask, number: int = 1001) -> Case:
    with app.app_context():
        return stored_here(number)


def stored_here(number: int = 1001) -> Case:
    of_ternair = select(Case).join(Site, Site.id == Case.site_id).where(Site.key == "ternair")
    return db.session.scalars(of_ternair.where(Case.number == number)).one()


def test_the_currency_is_the_one_last_given_here(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    assert "<option selected>EUR</option>" in client.get(CASE).text, "a site in Norway writes no phone numbers in money"
    post(client, "reply", body="Sorry.", gesture="Voucher", gesture_amount="50", gesture_currency="GBP")
    assert "<option selected>GBP</option>" in client.get(CASE).text
    other = signed_in("support", "other").get("/console/other/cases/1001").text
    assert "<option selected>EUR</option>" in other


@pytest.mark.parametrize("smtp", [None, Smtp("mail.example", 25, "a@b.example", None, None, "none")])
def test_a_mail_is_only_promised_where_there_is_a_mail_server(
    app: Flask, signed_in: SignedIn, smtp: Smtp | None
) -> None:
    app.extensions["widget_settings"] = replace(app.extensions["widget_settings"], smtp=smtp)
    page = signed_in().get(CASE).text
    assert ("Goes out by e-mail" in page) == (smtp is not None)
    assert ("No mail server is set: it stands on their page" in page) == (smtp is None)


def test_a_long_complaint_is_folded_where_it_stands_again(app: Flask, signed_in: SignedIn) -> None:
    number = another(app, words="word " * 2000)
    page = signed_in().get(f"/console/ternair/cases/{number}").text
    assert "<summary>The message at the top, whole</summary>" in page
    assert "The message at the top" not in signed_in().get(CASE).text


def another(app: Flask, **told: Any) -> int:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        return complain(site, Complaint(**told)).number


def test_a_case_goes_its_way_from_the_apology_to_cause_and_remedy(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    assert "Send apology" in client.get(CASE).text
    assert post(client, "reply", body="I am sorry, Eleanor.", apology="on", then="wait").status_code == 303
    assert stored(app).state == "waiting"
    assert post(client, "understand", body="Two captures.", preventable="yes").status_code == 303
    page = client.get(CASE).text
    assert "Put it right, then a little more" in page
    assert "An apology went out at" in page
    answer = post(client, "reply", body="Your money is back.", then="resolve", gesture="Lounge access",
                  gesture_amount="45,50", gesture_currency="EUR")  # fmt: skip
    assert answer.status_code == 303
    page = client.get(CASE).text
    assert "<bdi>Lounge access</bdi>, €45.50" in page
    assert "The question goes out by itself" in page
    with travel(now_ms() + 15 * DAY), app.app_context(), database.writing():
        from widget_server.followup import operations as followup

        followup.ask_due(now_ms())
    with travel(now_ms() + 30 * DAY):
        client = signed_in("joost")
        assert (
            post(
                client, "close", cause="A seat hold that expired.", remedy="Paid back, hold mended."
            ).status_code
            == 303
        )
        page = client.get(CASE).text
    assert stored(app).closed_as == "documented"
    assert "A seat hold that expired." in page
    assert "Closed" in page


def test_a_gesture_without_a_price_has_none(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    post(client, "reply", body="Sorry.", gesture="Shipping waived", gesture_amount="", gesture_currency="EUR")
    page = client.get(CASE).text
    assert "Gesture: Shipping waived." in page
    assert "€0" not in page


def test_a_second_apology_is_warned_of_and_can_be_sent(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    assert "An apology went out" not in client.get(CASE).text
    post(client, "reply", body="I am sorry.", apology="on")
    assert "A second one can read as insincere." in client.get(CASE).text
    assert post(client, "reply", body="I am sorry again.", apology="on").status_code == 303


def test_a_double_click_sends_once(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(CASE).text
    for _ in range(2):
        answer = post(client, "reply", page=page, body="I am sorry.", apology="on", gesture="Voucher",
                      gesture_amount="10", gesture_currency="NOK")  # fmt: skip
        assert answer.status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(CaseMessage).where(CaseMessage.kind == "reply")).all()) == 1
        assert [(gift.amount, gift.currency) for gift in db.session.scalars(select(Gesture))] == [
            (1000, "NOK")
        ]


def test_who_was_first_is_shown_with_their_words_and_mine_stay(app: Flask, signed_in: SignedIn) -> None:
    mine, theirs = signed_in(), signed_in("joost")
    page = mine.get(CASE).text
    post(theirs, "reply", body="Joost was here first.", apology="on")
    answer = post(mine, "reply", page=page, body="My own careful words.", promise="A refund", promise_day="2027-01-05",
                  gesture="Voucher", gesture_amount="12", gesture_currency="EUR")  # fmt: skip
    assert answer.status_code == 409
    text = answer.text
    assert "Your reply to case 1001 was not sent." in text
    assert "Joost de Wit sent a reply with an apology" in text
    assert "Joost was here first." in text
    assert "My own careful words.</textarea>" in text
    assert 'value="A refund"' in text
    assert 'value="12"' in text
    assert field(text, "token") == field(page, "token")
    again = post(mine, "reply", page=text, body="My own careful words.")
    assert again.status_code == 303, "the page that told of it can be sent"


def test_who_claims_second_is_told_without_a_word_on_words(app: Flask, signed_in: SignedIn) -> None:
    mine, theirs = signed_in(), signed_in("joost")
    page = mine.get(CASE).text
    post(theirs, "claim")
    answer = post(mine, "claim", page=page)
    assert answer.status_code == 409
    assert "Case 1001 was not claimed." in answer.text
    assert "What you typed" not in answer.text


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back(app: Flask, signed_in: SignedIn) -> None:
    page = signed_in().get(CASE).text
    form = {"csrf_token": token_of(page), "version": "1", "token": "t", "body": "Dear Eleanor"}
    answer = app.test_client().post(f"{CASE}/reply", data=form, headers={"Referer": f"http://localhost{CASE}"})
    assert answer.status_code == 400
    assert "<h1>You were signed out.</h1>" in answer.text
    assert "Sign in and send it again; your text is kept in this browser." in answer.text
    assert f'href="/console/login?next={CASE}"' in answer.text


@pytest.mark.parametrize("at", [f"{CASE}/reply", f"{CASE}/contacts/0a1b/show", f"{CASE}/no/such/page"])
def test_signing_in_leads_to_a_page_and_never_to_where_only_a_form_may_go(
    app: Flask, signed_in: SignedIn, at: str
) -> None:
    form = {"csrf_token": token_of(signed_in().get(CASE).text), "version": "1", "token": "t", "body": "Dear Eleanor"}
    for headers in ({"Referer": f"http://localhost{at}"}, {}):
        answer = app.test_client().post(f"{CASE}/reply", data=form, headers=headers)
        assert f'href="/console/login?next={CASE}"' in answer.text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"body": ""}, "Write the answer first."),
        ({"body": "x", "gesture": "A voucher", "gesture_amount": "much"}, "Give the value as a number"),
        (
            {"body": "x", "gesture": "A voucher", "gesture_amount": "5", "gesture_currency": "ZZZ"},
            "Choose a currency",
        ),
        ({"body": "x", "gesture_amount": "5", "gesture_currency": "EUR"}, "Say what it is"),
        ({"body": "x", "promise": "Soon"}, "Give the day by which it will be done."),
        ({"body": "x", "promise_day": "2027-01-05"}, "Say what is promised"),
        ({"body": "x", "promise": "Soon", "promise_day": "9999-99-99"}, "Give the day"),
        ({"body": "x" * 10_001}, "1 letters too many"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    app: Flask, signed_in: SignedIn, form: dict[str, str], sentence: str
) -> None:
    answer = post(signed_in(), "reply", **{"gesture_currency": "EUR", **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"{form['body']}</textarea>" in answer.text
    with app.app_context():
        assert not db.session.scalars(select(CaseMessage)).all()


def test_a_promise_is_kept_in_the_time_of_the_site(app: Flask, signed_in: SignedIn) -> None:
    post(
        signed_in(),
        "reply",
        body="Soon.",
        promise="The refund is there",
        promise_day="2027-07-01",
        promise_time="12:00",
    )
    with app.app_context():
        promise = db.session.scalars(select(PromiseRow)).one()
    assert promise.due == 1_814_436_000_000  # 2027-07-01 10:00 UTC: noon in Oslo


def promised(app: Flask, client: FlaskClient) -> int:
    post(client, "reply", body="Soon.", promise="The refund", promise_day="2027-07-01", promise_time="12:00")
    with app.app_context():
        return db.session.scalars(select(PromiseRow)).one().id


def test_a_due_time_says_what_it_is_for(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    assert re.search(r'class="due soon"[^>]*>.*? to answer</span>', client.get(CASE).text)
    post(client, "reply", body="It is done.", then="resolve", promise="The refund", promise_day="2027-07-01")
    assert "1 July to follow up" not in client.get(CASE).text
    with travel(1_814_436_000_000 - 2 * DAY), app.app_context(), database.writing():
        db.session.execute(update(Case).values(due=now_ms() + DAY))
        db.session.execute(update(PromiseRow).values(due=now_ms() + DAY))
    with travel(1_814_436_000_000 - 2 * DAY):
        assert re.search(r'class="due later"[^>]*>.*? as promised</span>', signed_in().get(CASE).text)


def test_an_open_promise_stays_open_until_a_reply_says_that_it_is_kept(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    name = f"promise-{promised(app, client)}"
    assert "Promised: The refund, by 1 July 2027." in client.get(CASE).text
    post(client, "reply", body="Which card was it?", **{name: "open", f"{name}-day": "", f"{name}-time": "17:00"})
    assert "Kept:" not in client.get(CASE).text
    answer = post(client, "reply", body="It is there.", **{name: "kept", f"{name}-day": "2027-08-01"})
    assert answer.status_code == 422
    assert "choose “moved to”" in answer.text
    assert post(client, "reply", body="It is there.", **{name: "kept"}).status_code == 303
    page = client.get(CASE).text
    assert "Kept: The refund." in page
    assert f'name="{name}"' not in page


def test_a_promise_is_moved_in_plain_sight(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    name = f"promise-{promised(app, client)}"
    assert "Give the day" in post(client, "reply", body="Later.", **{name: "moved"}).text
    answer = post(client, "reply", body="Later.", **{name: "moved", f"{name}-day": "2027-07-09"})
    assert answer.status_code == 303
    page = client.get(CASE).text
    assert "Moved: The refund, from 1 July 2027 to 9 July 2027." in page
    with app.app_context():
        assert [row.state for row in db.session.scalars(select(PromiseRow).order_by(PromiseRow.id))] == ["moved", "open"]


def test_what_the_customer_had_deleted_is_said_to_be(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    promised(app, client)
    with app.app_context(), database.writing():
        db.session.scalars(select(PromiseRow)).one().text = "[deleted]"
    page = client.get(CASE).text
    assert "[deleted]" not in page
    assert "Promised: deleted by the customer, by 1 July 2027." in page


def test_what_came_after_its_survey_was_paused_is_said(app: Flask, signed_in: SignedIn) -> None:
    number = another(app, context={"late": True})
    assert "came after the survey was paused" in signed_in().get(f"/console/ternair/cases/{number}").text


def test_an_address_is_shown_once_and_written_down(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(CASE).text
    assert "eleanor@customer.example" not in page
    show = re.search(r'action="([^"]+/contacts/[^"]+/show)"', page)
    assert show
    answer = client.post(show.group(1), data={"csrf_token": token_of(page)})
    assert "eleanor@customer.example" in answer.text
    assert "eleanor@customer.example" not in client.get(CASE).text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "contact_shown")).one()
        assert entry.subject == "case 1001"
        assert "eleanor" not in str(entry.detail)


def test_handing_over_needs_a_note_and_somebody_of_this_site(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(CASE).text
    people = re.findall(r'value="(person:[^"]+)">Joost de Wit', page)
    assert post(client, "hand-over", to=people[0], note="").status_code == 422
    with app.app_context():
        from widget_server.accounts.queries import user_by_email

        stranger = user_by_email("joost@other.example")
        assert stranger
        foreign = stranger.public_id
    assert post(client, "hand-over", to=f"person:{foreign}", note="Take it").status_code == 422
    assert post(client, "hand-over", to=people[0], note="Ask finance about the capture.").status_code == 303
    page = client.get(CASE).text
    assert "handed it over to Joost de Wit" in page
    assert "Ask finance about the capture." in page


def test_severity_changes_with_a_reason(app: Flask, signed_in: SignedIn) -> None:
    assert post(signed_in(), "severity", severity="4", reason="").status_code == 422
    assert post(signed_in(), "severity", severity="4", reason="A wedding is at stake").status_code == 303
    assert stored(app).severity == 4
    assert "Severity changed by hand: A wedding is at stake" in signed_in().get(CASE).text


def test_not_a_failure_closes_with_its_reason(app: Flask, signed_in: SignedIn) -> None:
    assert post(signed_in(), "not-a-failure", reason="They were joking").status_code == 303
    assert stored(app).closed_as == "not_a_failure"


def test_somebody_out_of_reach_gets_cause_and_remedy_at_once(app: Flask, signed_in: SignedIn) -> None:
    from widget_server.responses.models import ResponseId

    number = another(app, email=None)
    with app.app_context(), database.writing():
        case = db.session.scalars(select(Case).where(Case.number == number)).all()[-1]
        case.reach, case.understood_at = "none", now_ms()
        db.session.execute(ResponseId.__table__.update().values(secret_hash=None))
    path, client = f"/console/ternair/cases/{number}", signed_in()
    page = client.get(path).text
    assert "There is no way to reach this person." in page
    assert "not possible: no way to reach them" in page
    assert "panel-reply" not in page
    assert post(client, "resolve", path, cause="Seat map", remedy="Mended").status_code == 303
    assert "Closed" in client.get(path).text


@pytest.mark.parametrize(("words", "language"), [(THAI, "th"), (ARABIC, "ar"), ("word " * 2000, "en")])
def test_words_in_every_script_stand_whole_in_their_language(
    app: Flask, signed_in: SignedIn, words: str, language: str
) -> None:
    number = another(app, words=words, language=language, scored=language == "en")
    page = signed_in().get(f"/console/ternair/cases/{number}").text
    assert re.search(rf'<h1 class="voice complaint[^>]*lang="{language}" dir="auto">{words}</h1>', page)


def test_words_are_never_markup_or_a_template(app: Flask, signed_in: SignedIn) -> None:
    hostile = '<script>alert(1)</script>{{ 7*7 }}"><img src=x onerror=alert(1)>'
    trail = [{"at": "x", "what": hostile}, hostile]
    context = dict.fromkeys(("device", "viewport", "visitor"), hostile) | {"facts": {hostile: hostile}, "trail": trail}
    number = another(app, words=hostile, name=hostile, reasons=(hostile,), language='"><b>', context=context)
    client = signed_in()
    for path in (f"cases/{number}", "queue"):
        page = client.get(f"/console/ternair/{path}").text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_the_way_back_and_on_follows_the_view(app: Flask, signed_in: SignedIn) -> None:
    another(app, ago=10)
    page = signed_in().get(f"{CASE}?view=open").text
    assert "1 of 2" in page
    assert 'id="next"' in page
