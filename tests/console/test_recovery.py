"""How recovery goes, and where cases come from: figures by hand, and the page that tells them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import event, select, update

from tests.console.conftest import SignedIn
from tests.console.desk_data import Complaint, complain
from tests.console.test_case import CASE, post
from tests.console.test_in_browser import opened, sign_in
from tests.console.test_results import say
from widget_server import database
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.console import recovery_reading
from widget_server.console.recovery_figures import (
    Handled,
    dimension,
    standing_out,
    summary,
    told_apart,
    topics,
)
from widget_server.database import db
from widget_server.desk import customer
from widget_server.recovery.models import Case, CaseResponse, PromiseRow
from widget_server.responses.models import Response
from widget_server.sites.models import Site
from widget_server.surveys.operations import load_library

RECOVERY = "/console/ternair/recovery"
NOW = 1_800_000_000_000
FRESH = Handled(
    opened=NOW - HOUR, acknowledged=None, acknowledge_due=NOW + HOUR, resolved=None, resolve_due=NOW + DAY, reachable=True,
    reopened=0, satisfied=None, preventable=None,
)  # fmt: skip
DONE = replace(FRESH, acknowledged=NOW - 50 * MINUTE, resolved=NOW - 10 * MINUTE)


# Pure -------------------------------------------------------------------------------------------------------------------


def part(share: Any) -> tuple[int, int]:
    return share.part, share.whole


def test_the_middle_time_and_what_was_in_time() -> None:
    late = replace(DONE, acknowledged=NOW + 2 * HOUR)
    overdue = replace(FRESH, acknowledge_due=NOW - MINUTE)
    found = summary([DONE, late, overdue, FRESH], NOW).first_answer
    assert found.median == (10 * MINUTE + 3 * HOUR) // 2
    assert part(found.in_time) == (1, 3), "late and overdue were not; what is not due yet says nothing"
    assert summary([], NOW).first_answer.median is None


def test_nobody_is_late_with_an_answer_to_somebody_who_can_not_be_reached() -> None:
    found = summary([replace(FRESH, reachable=False, acknowledge_due=NOW - DAY)], NOW)
    assert part(found.first_answer.in_time) == (0, 0)
    assert part(found.solution.in_time) == (0, 0), "that is not due yet"


def test_solved_at_the_first_contact_means_for_good_and_without_another_word() -> None:
    cases = [DONE, replace(DONE, wrote=1), replace(DONE, reopened=1), FRESH, replace(DONE, reachable=False)]
    assert part(summary(cases, NOW).at_once) == (1, 3)
    again = replace(FRESH, reopened=1)
    assert part(summary([DONE, again], NOW).at_once) == (1, 2), "open again: that was resolved, and not for good"


def test_shares_are_of_those_about_whom_something_is_known() -> None:
    cases = [
        replace(DONE, satisfied=True, preventable=True, handed=2, apologies=2),
        replace(DONE, satisfied=False, preventable=False, apologies=1),
        FRESH,
    ]
    found = summary(cases, NOW)
    assert (part(found.held), part(found.preventable)) == ((1, 2), (1, 2))
    assert (part(found.handed_over), part(found.apologised_again)) == ((1, 3), (1, 3))


def test_a_place_stands_out_when_chance_does_not_explain_it() -> None:
    pages = dimension("page", "By page", "On {label}", {"/pay": (100, 40), "/seat": (100, 12), "/{label}": (100, 11)})
    assert [spot.label for spot in pages.spots] == ["/pay", "/seat", "/{label}"]
    assert part(pages.spots[0].elsewhere) == (23, 200)
    (found,) = standing_out([pages])
    assert (found.what, found.now, found.before, found.anchor) == ("On /pay", "40.0%", "11.5%", "by-page")
    even = dimension("page", "By page", "On {label}", {"/a": (100, 12), "/b": (100, 11)})
    assert standing_out([even]) == []
    few = dimension("page", "By page", "On {label}", {"/a": (20, 20), "/b": (100, 5)})
    assert standing_out([few]) == [], "twenty answers say nothing, and where fewer go wrong is no news here"

    once = dimension("page", "By page", "On {label}", {"/odd": (30, 1), "/b": (5000, 5)})
    assert standing_out([once]) == [], "one case is one case, however rare they are elsewhere"


def test_a_long_label_is_told_by_both_its_ends() -> None:
    """Pages of one kind begin alike, and an address may have two thousand letters."""
    begun = "/" + "b" * 70
    pages = dimension("page", "By page", "On {label}", {f"{begun}/one": (100, 60), f"{begun}/two": (100, 2), "/c": (9, 1)})
    first, second, third = (spot.short for spot in pages.spots)
    assert first != second
    assert (first[:5], first[-5:], len(first)) == ("/bbbb", "b/one", 61)
    assert third == "/c"
    assert [found.what for found in standing_out([pages])] == [f"On {first}"]


def test_only_the_first_few_places_are_shown_and_hours_stay_in_their_order() -> None:
    many = {f"/{n}": (40, n) for n in range(20)}
    assert [spot.label for spot in dimension("page", "", "", many).spots] == [f"/{n}" for n in range(19, 11, -1)]
    hours = {"08:00": (40, 1), "09:00": (40, 9), "10:00": (40, 2)}
    assert [spot.label for spot in dimension("hour", "", "", hours, None).spots] == list(hours)


def test_topics_are_shares_of_the_cases_that_may_have_several() -> None:
    found = topics([["payment", "booking"], ["payment", "payment"], []], [["booking"]])
    assert [(topic, part(here), part(then)) for topic, here, then in found] == [
        ("payment", (2, 3), (0, 1)), ("booking", (1, 3), (1, 1)),
    ]  # fmt: skip
    assert topics([], [["payment"]]) == []


# The page ---------------------------------------------------------------------------------------------------------------


def cases_at(app: Flask, count: int, ago: int, **values: Any) -> None:
    """Cases opened then, with what became of them."""
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        for _ in range(count):
            case = complain(site, Complaint(ago=ago))
            for name, value in values.items():
                setattr(case, name, value)


def test_the_page_tells_how_it_goes_and_what_changed(app: Flask, signed_in: SignedIn) -> None:
    now = now_ms()
    for days, in_time in ((3, 1), (40, -1)):
        at = now - days * DAY
        answered = {"opened_at": at, "acknowledge_due": at + HOUR, "acknowledged_at": at + HOUR - in_time * 20 * MINUTE}
        done = {"state": "closed", "closed_as": "documented", "resolved_at": at + 3 * HOUR, "satisfied": True, "due": None}
        cases_at(app, 40, days * DAY, **answered, **done)
    cases_at(app, 7, 3 * DAY, state="closed", closed_as="not_a_failure")
    page = signed_in("product").get(RECOVERY).text
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    assert "<dd>41<div" in figures, "forty, and the one of the fixture; what was no failure counts nowhere"
    assert "40 in the 28 days before" in figures
    assert "<dd>40 min<div" in figures
    assert "was 1 h 20 min" in figures
    assert "In time: 100%, was 0%" in figures
    assert 'The share of first answers in time rose from 0% to <b>100%</b>.' in page
    assert "100%" in figures.split("It held, they say")[1].split("</div>")[0]


def test_what_can_be_called_a_change_stands_among_the_figures(app: Flask, signed_in: SignedIn) -> None:
    """A sentence about a share that is nowhere on the page can't be looked into."""
    for days, preventable in ((3, True), (40, False)):
        cases_at(app, 40, days * DAY, opened_at=now_ms() - days * DAY, preventable=preventable)
    page = signed_in("product").get(RECOVERY).text
    assert "The share of cases that looked preventable rose from 0% to <b>100%</b>." in page
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    assert "100%" in figures.split("Looked preventable")[1].split("<div>")[0]


def test_gestures_promises_and_hand_overs_are_counted(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    post(client, "reply", body="Sorry.", apology="on", gesture="Voucher", gesture_amount="45", gesture_currency="EUR",
         promise="A call", promise_day=f"{date.today() + timedelta(days=2)}")  # fmt: skip
    post(client, "hand-over", to="team:support", note="They called.")
    with app.app_context(), database.writing():
        db.session.execute(update(PromiseRow).values(state="kept", ended_at=PromiseRow.due - 1))
    page = client.get(RECOVERY).text
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    assert "€45.00" in figures.split("Given")[1]
    assert "1 of 1" in figures.split("Promises kept in time")[1].split("</dd>")[0]
    assert "1 of 1" in figures.split("Handed over")[1].split("</dd>")[0]


@pytest.mark.parametrize(("moved", "told"), [(HOUR, "1 of 2"), (-HOUR, "1 of 1")])
def test_a_promise_that_was_moved_after_its_time_was_not_kept_in_time(
    app: Flask, signed_in: SignedIn, moved: int, told: str
) -> None:
    with app.app_context(), database.writing():
        case = db.session.scalars(select(Case).join(Site).where(Site.key == "ternair")).one()
        now = now_ms()
        due = now - DAY
        rows = (
            {"due": due, "state": "moved", "ended_at": due + moved},
            {"due": due + 2 * HOUR, "state": "kept", "ended_at": due + 2 * HOUR, "moved_from": due},
            {"due": now + DAY, "state": "open"},
        )
        db.session.add_all(PromiseRow(case_id=case.id, text="A call", made_at=due - HOUR, **row) for row in rows)
    figures = signed_in("viewer").get(RECOVERY).text.split('<dl class="figures">')[1]
    assert told in figures.split("Promises kept in time")[1].split("</dd>")[0]


def test_what_nobody_answered_and_is_overdue_is_told_where_nothing_was_answered(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        db.session.execute(update(Case).values(acknowledge_due=now_ms() - HOUR, resolve_due=now_ms() + DAY))
    figures = signed_in("viewer").get(RECOVERY).text.split('<dl class="figures">')[1]
    assert "In time: 0 of 1" in figures.split("First answer after")[1].split("</dd>")[0]
    assert "In time" not in figures.split("Put right after")[1].split("</dd>")[0], "that is not due yet"


def test_a_customer_who_had_to_come_back_was_not_helped_at_the_first_contact(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    post(client, "reply", body="Sorry.", apology="on")
    post(client, "reply", body="It is mended.", then="resolve")

    def at_once() -> str:
        figures = client.get(RECOVERY).text.split('<dl class="figures">')[1]
        return figures.split("Solved at the first contact")[1].split("</dd>")[0]

    assert "1 of 1" in at_once()
    with app.app_context(), database.writing():
        case = db.session.scalars(select(Case).join(Site).where(Site.key == "ternair")).one()
        again = Response(
            site_id=case.site_id, survey_key="feedback", version="v1", finished=True, seq=1, received_at=now_ms(),
            updated_at=now_ms(), local_day="2026-11-21", local_hour=9, zone="UTC", context={}, answers={}, url="",
            language="en",
        )  # fmt: skip
        db.session.add(again)
        db.session.flush()
        db.session.add(CaseResponse(case_id=case.id, response_id=again.id, linked_at=case.opened_at + 1))
    assert "0 of 1" in at_once()


def test_who_said_that_it_did_not_hold_is_counted_so_also_when_it_held_later(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()

    def held() -> str:
        figures = client.get(RECOVERY).text.split('<dl class="figures">')[1]
        return figures.split("It held, they say")[1].split("</dd>")[0]

    def say_of_it(satisfied: bool) -> None:
        with app.app_context(), database.writing():
            case = db.session.scalars(select(Case).join(Site).where(Site.key == "ternair")).one()
            customer.answer_followup(case, satisfied)

    post(client, "reply", body="It is mended.", then="resolve")
    assert "none yet" in held()
    say_of_it(False)
    assert "0 of 1" in held()
    post(client, "reply", body="Now it is.", then="resolve")
    assert "0 of 1" in held(), "it was put right again, and nobody was asked anew so far"
    say_of_it(True)
    assert "0 of 1" in held(), "the first time it did not"


def test_who_said_that_it_held_and_comes_back_said_so(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    post(client, "reply", body="It is mended.", then="resolve")
    with app.app_context(), database.writing():
        case = db.session.scalars(select(Case).join(Site).where(Site.key == "ternair")).one()
        customer.answer_followup(case, True)
        case.satisfied, case.reopened = None, 1
    figures = client.get(RECOVERY).text.split('<dl class="figures">')[1]
    assert "1 of 1" in figures.split("It held, they say")[1].split("</dd>")[0]


def test_where_it_happens_names_the_place_and_the_rest(app: Flask, signed_in: SignedIn) -> None:
    cases_at(app, 39, HOUR)  # with the fixture's one: forty on /book/pay, each a case
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        say(site, 5, 60, now_ms() - DAY)
        db.session.execute(update(Response).where(Response.url == "https://a.example/").values(url="https://a.example/<b>?x=1"))
    page = signed_in("viewer").get(RECOVERY).text
    assert '<a href="#by-page"><bdi>On /book/pay</bdi></a> <b>100%</b> become cases; elsewhere 0%.' in page
    assert "<bdi>/&lt;b&gt;</bdi>" in page
    assert "Payment" in page.split("What they are about")[1]
    assert 'class="hours"' not in page, "all came within one hour of the day: nothing to compare"


def test_a_recovery_is_put_beside_those_for_whom_nothing_went_wrong(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        load_library(site, app.extensions["widget_settings"].surveys_dir)
        say(site, 5, 20, now_ms() - DAY)
        say(site, 1, 20, now_ms() - DAY)
        for rating, count in ((5, 38), (2, 2)):
            say(site, rating, count, now_ms() - DAY, survey="recovered", question="rating", kind="csat")
        say(site, 1, 30, now_ms() - DAY)  # of these each became a case
        for response in db.session.scalars(select(Response).order_by(Response.id.desc()).limit(30)).all():
            case = db.session.scalars(select(Case).where(Case.site_id == site.id)).first()
            assert case is not None
            db.session.add(CaseResponse(case_id=case.id, response_id=response.id, linked_at=now_ms()))
    page = signed_in("product").get(RECOVERY).text
    assert "More satisfied than those for whom nothing went wrong" in page
    rows = page.split('id="h-worth"')[1].split("</table>")[0]
    assert "95%" in rows.split("After a recovery")[1].split("</tr>")[0]
    assert "50%" in rows.split("Without a case")[1].split("</tr>")[0]
    assert "By survey" not in page, "the answers about the recovery are no place where things go wrong"


def test_surveys_are_called_by_their_titles(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        load_library(site, app.extensions["widget_settings"].surveys_dir)
        say(site, 5, 2, now_ms() - DAY)
        newest = db.session.scalars(select(Response).order_by(Response.id.desc()).limit(1)).one()
        newest.survey_key = "hotel-desk"
    by_survey = signed_in("product").get(RECOVERY).text.split('id="by-survey"')[1]
    assert re.findall(r"<bdi>([^<]+)</bdi>", by_survey) == ["Feedback", "Your stay"]
    assert told_apart({"a": "Stay", "b": "Stay", "c": "Pay"}) == {"a": "Stay (a)", "b": "Stay (b)", "c": "Pay"}


@pytest.mark.browser
def test_what_visitors_call_a_page_or_a_release_runs_over_nothing(app: Flask, chromium: Browser, address: str) -> None:
    cases_at(app, 39, HOUR)
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        say(site, 5, 60, now_ms() - DAY)
        of_cases = Response.id.in_(select(CaseResponse.response_id))
        db.session.execute(update(Response).values(release="1"))
        db.session.execute(update(Response).where(of_cases).values(url=f"https://a.example/{'W' * 1500}", release="W" * 100))
    page, complaints = opened(chromium)
    sign_in(page, address)
    page.goto(f"{address}/ternair/recovery")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()
    assert complaints == []


def test_without_cases_it_says_so(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        db.session.execute(update(Case).values(opened_at=now_ms() - 100 * DAY))
    page = signed_in("admin").get(RECOVERY).text
    assert "No cases in the last 28 days" in page
    assert f'href="{RECOVERY}?period=all"' in page
    assert "<dd>1</dd>" in signed_in("admin").get(f"{RECOVERY}?period=all").text
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    assert "0 of 0" not in figures
    assert "none yet, for good" not in figures


def test_a_site_without_any_case_says_so(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        db.session.execute(update(Case).values(closed_as="not_a_failure", state="closed", due=None))
    page = signed_in("viewer").get(f"{RECOVERY}?period=all").text
    assert "Of all cases so far" in page
    assert "No cases so far" in page
    assert "Count all time" not in page


def test_nothing_of_another_site_is_counted(app: Flask, signed_in: SignedIn) -> None:
    cases_at(app, 5, HOUR)
    assert "<dd>1</dd>" in signed_in("admin", "other").get("/console/other/recovery?period=all").text


def test_nothing_is_read_from_end_to_end(app: Flask, signed_in: SignedIn) -> None:
    cases_at(app, 3, HOUR)
    asked: list[tuple[str, Any]] = []
    with app.app_context():
        engine = db.engine
    client = signed_in("product")
    event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, given, *_: asked.append((sql, given)))
    client.get(RECOVERY)
    of_years = re.compile(r"FROM (responses|cases|case_messages|promises|gestures)\b")
    big = [(sql, given) for sql, given in asked if of_years.search(sql)]
    assert len(big) > 10
    with engine.connect() as connection:
        for sql, given in big:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            assert [line for line in plan if line.startswith("SCAN")] == [], sql


def test_the_answers_of_years_are_asked_for_in_pieces(app: Flask, signed_in: SignedIn) -> None:
    """PostgreSQL's driver takes all rows of an answer into memory, unless it is told how many at a time."""
    with app.app_context():
        engine = db.engine
    pieces = []
    client = signed_in("product")

    def note(_connection: Any, _cursor: Any, sql: str, _given: Any, context: Any, _many: bool) -> None:
        if "FROM responses LEFT OUTER JOIN" in sql:
            pieces.append(context.execution_options.get("yield_per"))

    event.listen(engine, "before_cursor_execute", note)
    client.get(f"{RECOVERY}?period=all")
    assert pieces == [recovery_reading.AT_ONCE]


@pytest.mark.parametrize("path", [CASE, RECOVERY])
def test_it_has_its_place_in_the_bar(signed_in: SignedIn, path: str) -> None:
    page = signed_in().get(path).text
    assert f'<a href="{RECOVERY}" id="nav-recovery"' in page
