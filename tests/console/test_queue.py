"""The queue: what is due first, why, and whose it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from tests.accounts.conftest import token_of
from tests.console.conftest import SignedIn
from tests.console.desk_data import THAI, Complaint, a_busy_desk, complain
from widget_server import database
from widget_server.accounts.queries import user_by_email
from widget_server.clock import HOUR, MINUTE, now_ms
from widget_server.database import db
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.sites.models import Site

QUEUE = "/console/ternair/queue"


@pytest.fixture
def busy(app: Flask) -> Flask:
    with app.app_context(), database.writing():
        a_busy_desk(db.session.scalars(select(Site).where(Site.key == "ternair")).one())
    return app


def row(page: str, number: int) -> str:
    found = re.search(rf'<li class="case" id="case-{number}">.*?</li>', page, re.S)
    assert found, number
    return found.group(0)


def order(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="case-(\d+)"', page)]


def test_the_words_the_reasons_and_the_clock_are_there(signed_in: SignedIn) -> None:
    page = signed_in().get(QUEUE).text
    assert "A complaint at ternair" in page
    assert "A complaint at other" not in page
    assert "Low smiley · “round in circles” · left without paying" in page
    assert "First answer" in page
    assert "1 open. The next is due in 29 minutes." in page


def test_what_is_overdue_comes_first_and_then_what_costs_most(busy: Flask, signed_in: SignedIn) -> None:
    page = signed_in().get(QUEUE).text
    assert re.findall(r'class="group"[^>]*>([^<]+) <span>(\d+)', page)[:2] == [
        ("Overdue", "2"),
        ("Due within the hour", "4"),
    ]
    assert order(page)[:4] == [1002, 1003, 1005, 1004]
    assert "9 open, 2 of them overdue." in page


def by_band(app: Flask) -> None:
    """Cases of one due group whose points contradict their bands."""
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        for priority, points in (("P3", 90), ("P1", 10), ("P2", 80), ("P1", 70)):
            complain(site, Complaint(priority=priority, points=points))


def test_inside_a_due_group_the_priority_comes_before_the_points(app: Flask, signed_in: SignedIn) -> None:
    by_band(app)
    assert order(signed_in().get(QUEUE).text) == [1005, 1003, 1004, 1001, 1002]


def test_the_rail_and_the_sentence_count_alike(busy: Flask, signed_in: SignedIn) -> None:
    with busy.app_context(), database.writing():
        support = user_by_email("support@ternair.example")
        assert support
        mine = db.session.scalars(select(Case).where(Case.number.in_((1002, 1003, 1004)))).all()
        for case, state in zip(mine, ("waiting", "open", "resolved"), strict=True):
            case.owner_id, case.state = support.id, state
    client = signed_in()
    page = client.get(QUEUE).text
    assert "7 open, 1 of them overdue. 1 more overdue, with the customer or resolved. The next" in page
    assert re.search(r'id="count-overdue"[^>]*>2<', page)
    page = client.get(f"{QUEUE}?view=mine").text
    assert "1 open, 2 more with the customer or resolved. 2 of these 3 overdue." in page
    assert re.search(r'id="count-mine"[^>]*>1<', page)


def test_a_row_carries_the_language_the_repeat_and_what_was_not_scored(
    busy: Flask, signed_in: SignedIn
) -> None:
    page = signed_in().get(QUEUE).text
    thai = row(page, 1002)
    assert f'lang="th" dir="auto">{THAI}' in thai
    assert "Thai, not scored" in thai
    assert "2nd failure" in row(page, 1003)
    assert "left without words" in row(page, 1008)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("view=overdue", {1002, 1003}),
        ("language=nl", {1003}),
        ("severity=4", {1002, 1005}),
        ("severity=4&language=th", {1002}),
        ("view=mine", set()),
        ("view=nonsense&severity=9&show=-1", set(range(1001, 1010))),
        ("team=support", set(range(1001, 1010))),
        ("team=other", set()),
    ],
)
def test_views_and_filters_show_what_they_say(
    busy: Flask, signed_in: SignedIn, asked: str, numbers: set[int]
) -> None:
    assert set(order(signed_in().get(f"{QUEUE}?{asked}").text)) == numbers


def test_claiming_without_script_comes_back_to_the_view(busy: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(f"{QUEUE}?view=unclaimed").text
    form = {
        "csrf_token": token_of(page),
        "version": version_in(row(page, 1003)),
        "from": "queue",
        "view": "unclaimed",
    }
    answer = client.post("/console/ternair/cases/1003/claim", data=form)
    assert answer.location == f"{QUEUE}?view=unclaimed"
    page = client.get(answer.location).text
    assert "Claimed. 9 open." in page
    assert 1003 not in order(page)
    assert "You</span>" in row(client.get(QUEUE).text, 1003)


def version_in(row: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', row)
    assert found
    return found.group(1)


def test_claiming_by_htmx_changes_the_row_and_says_so(busy: Flask, signed_in: SignedIn) -> None:
    first, second = signed_in(), signed_in("joost")
    page = first.get(QUEUE).text
    version = version_in(row(page, 1003))
    forms = [
        {"csrf_token": token_of(client.get(QUEUE).text), "version": version, "from": "queue"}
        for client in (first, second)
    ]
    won = first.post("/console/ternair/cases/1003/claim", data=forms[0], headers={"HX-Request": "true"})
    assert "You</span>" in row(won.text, 1003)
    assert "Claimed. 9 open." in won.text
    assert '<span id="count-mine" hx-swap-oob="innerHTML">1</span>' in won.text
    lost = second.post("/console/ternair/cases/1003/claim", data=forms[1], headers={"HX-Request": "true"})
    assert lost.status_code == 200
    assert "Support Solli claimed it." in lost.text
    assert "Support</span>" in row(lost.text, 1003)


def test_several_are_claimed_at_once_and_those_that_changed_stay(busy: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    page = client.get(QUEUE).text
    chosen = [
        value
        for value in re.findall(r'name="case" value="([^"]+)"', page)
        if value.startswith(("1002", "1003"))
    ]
    form = {"csrf_token": token_of(page), "case": [*chosen, "1004:99", "9999:1", "nonsense", "1:2:3"]}
    client.post(f"{QUEUE}/claim", data=form)
    page = client.get(QUEUE).text
    assert "Claimed 2 cases. 9 open." in page
    assert "Cases 1004 and 9999 changed meanwhile and stayed as they are." in page
    client.post(f"{QUEUE}/claim", data={**form, "case": "1004:99"})
    assert "Case 1004 changed meanwhile and stayed as it is." in client.get(QUEUE).text
    client.post(f"{QUEUE}/claim", data={**form, "case": [f"10{n}:99" for n in range(10, 20)]})
    assert "Cases 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017 and 2 more changed" in client.get(QUEUE).text


def test_what_is_new_waits_behind_a_line(busy: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    poll = re.search(r'hx-get="([^"]+news[^"]+)"', client.get(QUEUE).text)
    assert poll
    address = poll.group(1).replace("&amp;", "&")
    assert client.get(address).status_code == 204
    with busy.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        for _ in range(2):
            complain(site, Complaint(words="Something new"))
    answer = client.get(address)
    assert "2 new cases<" in answer.text
    again = re.search(r'hx-get="([^"]+)"', answer.text)
    assert again
    assert client.get(again.group(1).replace("&amp;", "&")).status_code == 204


def test_an_empty_queue_says_what_to_do_next(busy: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    assert "9 cases wait for somebody." in client.get(f"{QUEUE}?view=mine").text
    assert "Nothing here with these filters" in client.get(f"{QUEUE}?language=fi").text
    with busy.app_context(), database.writing():
        for case in db.session.scalars(select(Case)):
            case.state, case.closed_at = "closed", now_ms()
    assert "Nothing is open. Well done." in client.get(QUEUE).text
    assert len(order(client.get(f"{QUEUE}?view=closed").text)) == 9


def test_ten_thousand_cases_are_no_burden(app: Flask, signed_in: SignedIn) -> None:
    fill(app, 10_000)
    client = signed_in()
    client.get(QUEUE)
    page = client.get(QUEUE).text
    assert len(order(page)) == 50
    assert "50 of 10,001" in page
    assert len(order(client.get(f"{QUEUE}?show=100").text)) == 100


def fill(app: Flask, count: int) -> None:
    now = now_ms()
    with app.app_context(), database.writing():
        first = db.session.scalars(select(Case).order_by(Case.id)).first()
        assert first
        response = db.session.get(Response, first.first_response_id)
        like, told = columns_of(first), columns_of(response)
        top = first.first_response_id + 100
        db.session.execute(
            insert(Response), [{**told, "id": top + n, "public_id": f"response-{n}"} for n in range(count)]
        )
        db.session.execute(
            insert(Case),
            [
                {**like, "public_id": f"case-{n}", "number": 2000 + n, "first_response_id": top + n,
                 "due": now + (n % 90) * HOUR - 20 * HOUR, "opened_at": now - n * MINUTE, "points": n % 80}
                for n in range(count)
            ],
        )  # fmt: skip


def columns_of(row: Any) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns if column.name not in ("id", "public_id")]
    return {name: getattr(row, name) for name in names}
