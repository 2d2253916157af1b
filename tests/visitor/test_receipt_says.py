"""What the customer's page says before anybody has taken it: what is aimed at, what to quote, whom to call."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.recovery.people import WORDS, make_response
from tests.visitor.conftest import page_of, text_of
from widget_server import desk
from widget_server.clock import HOUR, MINUTE, travel
from widget_server.database import db, writing
from widget_server.recovery.models import Case
from widget_server.responses.models import ResponseId

TODAY = 1_795_248_000_000  # 2026-11-21 09:00 in Oslo

AIMS = {
    "en": "We have your message. A person will read it. We aim to answer before 08:36 tomorrow.",
    "nl": "We hebben uw bericht. Iemand van ons leest het. We proberen morgen vóór 08:36 te antwoorden.",
    "no": "Vi har fått meldingen din. En av oss leser den. Vi tar sikte på å svare før 08:36 i morgen.",
    "th": "เราได้รับข้อความของคุณแล้ว เจ้าหน้าที่จะอ่านข้อความนี้ เราตั้งใจจะตอบก่อน 08:36 น. พรุ่งนี้",
}


@pytest.mark.parametrize("language", AIMS)
def test_while_nobody_has_taken_it_the_time_is_an_aim_and_gone_once_it_is_past(
    client: FlaskClient, eleanor: SimpleNamespace, language: str
) -> None:
    due = TODAY + 23 * HOUR + 36 * MINUTE
    with writing():
        db.session.get_one(Case, eleanor.case.id).acknowledge_due = due
    with travel(TODAY):
        page = client.get(f"{eleanor.path}?lang={language}")
    assert page.status_code == 200
    assert f"<h1>{AIMS[language]}</h1>" in page.text
    assert f'voice" lang="en" dir="auto">{WORDS}' in page.text
    with travel(due):
        late = client.get(f"{eleanor.path}?lang={language}").text
    assert "08:36" not in late.split("</h1>")[0]


def test_it_names_both_numbers_that_a_customer_may_quote(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    with writing():
        theirs = db.session.scalars(select(ResponseId)).one()
        theirs.client_id = "5a7f4497-0000-4000-8000-000000000000"
    page = text_of(client.get(eleanor.path).text)
    assert "Your message, ref TA 1001 · receipt 5A7F 4497" in page
    assert "Give TA 1001 ." in page


def test_where_there_is_no_case_it_names_the_receipt(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        path = page_of(make_response(desk_at.site, words="All fine"))
        db.session.scalars(select(ResponseId)).one().client_id = "5a7f4497-0000-4000-8000-000000000000"
    page = text_of(client.get(path + "?lang=nl").text)
    assert "Uw bericht, ontvangstbewijs 5A7F 4497 " in page
    assert "Noem 5A7F 4497 ." in page


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "(€4,500.00)"),
        ("nl", "(€\u00a04.500,00)"),
        ("no", "(4\u202f500,00\u00a0€)"),
        ("th", "(€4,500.00)"),
    ],
)
def test_a_gesture_is_valued_as_the_language_writes_it(
    client: FlaskClient, eleanor: SimpleNamespace, language: str, written: str
) -> None:
    with writing():
        case = db.session.get_one(Case, eleanor.case.id)
        gift = desk.Gift("Your fare back", 450_000, "EUR")
        desk.reply(case, eleanor.maren, expected_version=None, body="Sorry.", token="t", gesture=gift)
    assert f"Your fare back {written}" in client.get(f"{eleanor.path}?lang={language}").text


def test_of_several_promises_the_headline_tells_the_next(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    with travel(TODAY), writing():
        case = db.session.get_one(Case, eleanor.case.id)
        for token, hours in (("a", 8), ("b", 3)):
            promise = desk.Promise("an answer", TODAY + hours * HOUR)
            desk.reply(case, eleanor.maren, expected_version=None, body="Soon.", token=token, promise=promise)
    with travel(TODAY + MINUTE):
        page = client.get(eleanor.path).text
    assert "<h1>Maren is on it. You will hear back before 12:00 today.</h1>" in page


def test_the_hours_of_the_phone_are_in_the_sites_language(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    with writing():
        eleanor.site.language, eleanor.site.phone_hours = "no", "08:00 til 20:00 <hverdager>"
    page = client.get(eleanor.path + "?lang=th").text
    assert '<span lang="nb">08:00 til 20:00 &lt;hverdager&gt;</span>' in page
