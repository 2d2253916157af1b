"""The customer's page over HTTP: what it says, what may be done there, and what it never does."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.recovery.people import WORDS, complaint, flag, fresh, make_response
from tests.visitor.conftest import page_of, text_of
from widget_server import desk
from widget_server.clock import HOUR, MINUTE, now_ms, travel
from widget_server.config import Smtp
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.people.models import Contact, PersonKey
from widget_server.recovery.models import Case, CaseMessage
from widget_server.recovery.queries import open_promises_of
from widget_server.responses.models import Response, TextAnswer
from widget_server.responses.receipts import receipt_token

TODAY = 1_795_248_000_000  # 2026-11-21 09:00 in Oslo


def reply(eleanor: SimpleNamespace, **changes: object) -> None:
    with writing():
        case = db.session.get_one(Case, eleanor.case.id)
        values = {
            "expected_version": case.version,
            "body": "I am sorry, Eleanor.",
            "token": "t1",
            "apology": True,
        }
        desk.reply(case, eleanor.maren, **{**values, **changes})  # type: ignore[arg-type]


def post(
    client: FlaskClient, path: str, do: str, text: str = "", once: str = "one", **more: object
) -> object:
    return client.post(path, data={"do": do, "text": text, "once": once}, **more)  # type: ignore[arg-type]


def test_the_headline_is_the_promise_with_its_time_in_the_sites_zone(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    with travel(TODAY):
        reply(eleanor, promise=desk.Promise("an answer", TODAY + 3 * HOUR))
    with travel(TODAY + MINUTE):
        page = client.get(eleanor.path).text
    assert "<h1>Maren is on it. You will hear back before 12:00 today.</h1>" in page
    assert "Maren, Tern Air" in page
    assert "I am sorry, Eleanor." in page
    assert "Promised: an answer, before 12:00 today" in page


def test_a_late_promise_is_called_late_and_a_moved_one_shows_the_old_date(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    with travel(TODAY):
        reply(eleanor, promise=desk.Promise("an answer", TODAY + HOUR))
    with travel(TODAY + 2 * HOUR):
        assert "It is taking longer than we promised." in client.get(eleanor.path).text
        promise = open_promises_of(eleanor.case.id)[0]
        reply(eleanor, token="t2", moved={promise.id: TODAY + 6 * HOUR})
        page = client.get(eleanor.path).text
    assert "Promised <s>before 10:00 today</s>, moved to before 15:00 today." in page


def test_what_would_be_fair_is_kept_once_and_redacted(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    for _ in range(2):
        answer = post(client, eleanor.path, "fair", "My money back on 4111 1111 1111 1111")
        assert answer.status_code == 303
    assert fresh(eleanor.case).fair_solution == "My money back on [card]"
    assert db.session.scalar(select(func.count()).select_from(CaseMessage)) == 1
    page = client.get(answer.headers["Location"]).text
    assert "Sent. It is read before the answer." in page
    assert "What would be fair" not in page


def test_an_address_that_was_kept_says_nothing_of_what_was_done(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    address = post(client, eleanor.path, "write", "More of it").headers["Location"]
    assert "Sent. A person reads it." in client.get(address).text
    with travel(now_ms() + MINUTE):
        assert "Sent." not in client.get(address).text
    for at in ("", "&at=", "&at=x", "&at=-1", "&at=99999999999999"):
        assert "Sent." not in client.get(f"{eleanor.path}?done=write{at}").text


def test_after_resolution_it_asks_and_yes_is_kept(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    reply(eleanor, then="resolve")
    assert "Is it right now?" in client.get(eleanor.path).text
    post(client, eleanor.path, "yes")
    post(client, eleanor.path, "yes", once="two")
    assert fresh(eleanor.case).satisfied is True
    assert "Good that it is right now." in client.get(eleanor.path).text


def test_not_yet_opens_it_again_with_the_words(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    reply(eleanor, then="resolve")
    post(client, eleanor.path, "no", "Still no ticket")
    post(client, eleanor.path, "no", "Still no ticket", once="two")
    assert (fresh(eleanor.case).state, eleanor.case.reopened) == ("open", 1)
    page = client.get(eleanor.path).text
    assert "Still no ticket" in page
    assert "Maren has it again." in page


def test_a_word_more_reopens_a_closed_case(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    with writing():
        case = db.session.get_one(Case, eleanor.case.id)
        desk.not_a_failure(case, eleanor.maren, expected_version=None, reason="A test")
    assert "We have read your message. Thank you." in client.get(eleanor.path).text
    post(client, eleanor.path, "write", "But I did pay twice")
    assert fresh(eleanor.case).state == "open"


def test_there_is_always_a_way_to_a_person(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        response = make_response(desk_at.site, words="All fine")
    path = page_of(response)
    assert "Ask for a person" in client.get(path).text
    post(client, path, "write", "Please call me back")
    case = db.session.scalars(select(Case)).one()
    assert case.reasons == ["They asked for a person"]
    assert "We aim to answer" in client.get(path).text


def test_a_get_changes_nothing(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    reply(eleanor, then="resolve")
    version = fresh(eleanor.case).version
    for query in ("", "?do=yes", "?do=erase&done=yes", "?lang=nl", "?lang=../../x"):
        assert client.get(eleanor.path + query).status_code == 200
    assert client.get(eleanor.path + "/delete").status_code == 200
    assert client.head(eleanor.path).status_code == 200
    assert fresh(eleanor.case).version == version


def test_no_cookie_no_cache_no_referrer_no_index_no_inline(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    for path in (eleanor.path, eleanor.path + "/delete", "/r/nothing"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]* src=)", answer.text)


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "0190.AAAAAAAAAAAAAAAAAAAAAA", "ø.ø", "." * 500])
def test_an_unknown_token_is_a_page_that_is_not_there(client: FlaskClient, app: object, token: str) -> None:
    for answer in (
        client.get(f"/r/{token}"),
        client.post(f"/r/{token}", data={"do": "yes"}),
        client.get(f"/r/{token}/delete"),
    ):
        assert answer.status_code == 404
        assert "There is no page here." in answer.text


def test_another_installations_token_opens_nothing(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    response = db.session.get_one(Response, eleanor.case.first_response_id)
    assert client.get(f"/r/{receipt_token('another secret', response.public_id)}").status_code == 404


def ours_alone(page: str) -> bool:
    """Whether a browser would find no element or attribute but those of our templates."""
    found: list[tuple[str, list[tuple[str, str | None]]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, attributes))  # type: ignore[method-assign]
    parser.feed(page)
    strange = [tag for tag, _ in found if tag in ("img", "b", "object", "iframe", "base", "style")]
    attributes = [pair for tag, pairs in found for pair in pairs]
    acting = [name for name, value in attributes if name.startswith("on") or name == "style"]
    leading = [
        value
        for name, value in attributes
        if name in ("href", "src", "action") and "javascript" in (value or "")
    ]
    return len([tag for tag, _ in found if tag == "script"]) <= 1 and not (strange or acting or leading)


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}${7*7}",
    "javascript:alert(1)//<a href=javascript:alert(1)>",
    "\u202e<b>right to left",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_are_never_markup(client: FlaskClient, desk_at: SimpleNamespace, payload: str) -> None:
    with writing():
        desk_at.site.name = payload[:190]
        desk_at.maren.name = payload.replace(" ", "")
        desk_at.site.phone = payload
        case = complaint(desk_at.site, words=payload)
        gift = desk.Gift(payload, 100, "EUR")
        promise = desk.Promise(payload, now_ms() + HOUR)
        desk.reply(
            case, desk_at.maren, expected_version=1, body=payload, token="t", gesture=gift, promise=promise
        )
    path = page_of(db.session.get_one(Response, case.first_response_id))
    post(client, path, "fair", payload)
    too_long = post(client, path, "write", payload * 3000)
    for page in (client.get(path).text, too_long.text, client.get(path + "/delete").text):
        assert ours_alone(page)
        assert ">49<" not in page
    assert too_long.status_code == 422


def test_ten_thousand_characters_are_fine_and_one_more_keeps_the_words(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    assert post(client, eleanor.path, "write", "å" * 10_000).status_code == 303
    refused = post(client, eleanor.path, "write", "å" * 10_040, once="two")
    assert refused.status_code == 422
    assert "40 letters too many. The rest would be cut, so we ask you to." in refused.text
    assert "å" * 10_040 in refused.text


def test_an_empty_answer_is_told_beside_the_field(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    refused = post(client, eleanor.path, "fair", " \x00 \r\n")
    assert refused.status_code == 422
    assert 'aria-describedby="fair-text-wrong"' in refused.text
    assert "Write something first." in refused.text


def test_acting_is_limited_and_says_when_to_come_back(client: FlaskClient, eleanor: SimpleNamespace) -> None:
    answers = [post(client, eleanor.path, "write", f"word {n}", once=str(n)) for n in range(14)]
    assert [answer.status_code for answer in answers].count(303) == 12
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"]
    assert "word 13" in answers[-1].text


BODIES = [
    b"",
    b"do=write",
    b"do=write&text=%00&once=%00",
    b"do=write&text=a%00b%ED%A0%80%FF&once=%00%00",
    b"do=%00&text=x",
    b"do=fair&do=yes&text=" + b"%F0%9F%98%A2" * 3000,
    b"do=yes&once=" + b"x" * 5000,
    b"&".join(b"f%d=1" % n for n in range(3000)),
    b"\xff\xfe\x00d\x00o\x00=",
    b"do=mail%0d%0aSet-Cookie:x",
]


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_strange_body_is_never_our_fault(
    client: FlaskClient, eleanor: SimpleNamespace, body: bytes, kind: str
) -> None:
    answer = client.post(eleanor.path + "?lang=%00&done=%00", data=body, content_type=kind)
    assert answer.status_code in (303, 400, 404, 409, 413, 422)


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ("nl", "nl", "We hebben uw bericht."),
        ("no", "nb", "Vi har fått meldingen din."),
        ("th", "th", "เราได้รับข้อความของคุณแล้ว"),
        ("de", "de", "Wir haben Ihre Nachricht."),
        ("ar", "ar", "وصلتنا رسالتك."),
        ("zh", "zh-Hans", "我们已收到您的留言。"),
        ("xx", "en", "We have your message."),
    ],
)
def test_it_speaks_the_language_that_is_asked_for(
    client: FlaskClient, eleanor: SimpleNamespace, asked: str, code: str, words: str
) -> None:
    page = client.get(f"{eleanor.path}?lang={asked}").text
    assert f'<html lang="{code}"' in page
    assert words in page


def give_a_mail_server(app: Flask) -> None:
    mail = Smtp("mail.example", 25, "a@b.example", None, None, "none")
    app.extensions["widget_settings"] = replace(app.extensions["widget_settings"], smtp=mail)


def test_no_mail_is_promised_where_none_can_be_sent(
    app: Flask, client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    reply(eleanor)
    assert "E-mail it to me" not in client.get(eleanor.path).text
    assert "The answer will stand on this page." in client.get(eleanor.path).text
    refused = post(client, eleanor.path, "mail")
    assert refused.status_code == 404
    assert "This has changed meanwhile." in refused.text
    give_a_mail_server(app)
    assert "The answer will come by e-mail" in client.get(eleanor.path).text


def test_the_link_is_mailed_once_and_only_where_there_is_an_address(
    app: Flask, client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    give_a_mail_server(app)
    assert "E-mail it to me" in client.get(eleanor.path).text
    post(client, eleanor.path, "mail")
    post(client, eleanor.path, "mail", once="two")
    assert db.session.scalars(select(Delivery.purpose)).all() == ["receipt"]
    with writing():
        path = page_of(make_response(eleanor.site))
    assert "E-mail it to me" not in client.get(path).text
    assert post(client, path, "mail").status_code == 404


def test_deleting_erases_the_words_and_the_person_and_keeps_the_facts(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    reply(eleanor)
    post(client, eleanor.path, "fair", "My money back")
    assert "Delete your message and details?" in client.get(eleanor.path + "/delete").text
    answer = post(client, eleanor.path, "erase")
    assert answer.status_code == 303
    db.session.rollback()
    for model in (TextAnswer, Contact, PersonKey, Delivery):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert set(db.session.scalars(select(CaseMessage.body))) == {""}
    case = fresh(eleanor.case)
    assert (case.fair_solution, case.reach, case.acknowledged_at is not None) == (None, "none", True)
    page = client.get(answer.headers["Location"]).text
    assert "Your message and details are deleted." in page
    assert "sorry" not in text_of(page)
    assert post(client, eleanor.path, "erase", once="two").status_code == 303


def test_who_only_claims_an_address_does_not_read_anothers_answers(
    client: FlaskClient, eleanor: SimpleNamespace
) -> None:
    with writing():
        other = make_response(eleanor.site, words="Me too", hmacs={"email": "e1"})
        assert flag(other).case.id == eleanor.case.id
    reply(eleanor, body="Dear Eleanor, your ticket is TA-7Q4K2")
    page = client.get(page_of(other)).text
    assert "Me too" in page
    assert "TA-7Q4K2" not in page
    assert WORDS not in page
    assert "Me too" not in client.get(eleanor.path).text
    post(client, page_of(other), "fair", "Give it to me")
    assert fresh(eleanor.case).fair_solution is None
    reply(eleanor, then="resolve", token="t2")
    post(client, page_of(other), "yes", "x", once="two")
    assert fresh(eleanor.case).satisfied is None


def test_a_signed_reference_shares_the_thread(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        case = complaint(desk_at.site, hmacs={"reference": "r1"})
        other = make_response(desk_at.site, words="And another thing", hmacs={"reference": "r1"})
        flag(other)
        desk.reply(case, desk_at.maren, expected_version=None, body="On it", token="t")
    page = client.get(page_of(other)).text
    assert "On it" in page
    assert WORDS in page


def test_the_sites_accent_is_a_style_sheet_of_its_own(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        desk_at.site.theme = {"accent": "#14284b; } body { display: none"}
    sheet = client.get(f"/r/theme/{desk_at.site.key}.css")
    assert sheet.mimetype == "text/css"
    assert "display" not in sheet.text
    assert client.get("/r/theme/nobody.css").status_code == 404
    assert client.get("/r/static/receipt.css").status_code == 200
