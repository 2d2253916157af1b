"""Results of a survey in a period, beside those of the period before: counted, compared, and told as what it is."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, update

from tests.console.conftest import SignedIn
from widget_server import database
from widget_server.clock import DAY, now_ms
from widget_server.console.changes import EVER, Compared, beyond_chance, means, net_scores, shares, spans
from widget_server.console.figures import Mean, mean, net_score, share
from widget_server.console.survey_reading import counts_by_survey
from widget_server.database import db
from widget_server.recovery.models import Case
from widget_server.responses.models import Answer, Display, Response
from widget_server.sites.models import Site
from widget_server.surveys.operations import load_library

FEEDBACK = "/console/ternair/surveys/feedback"
SURVEYS = "/console/ternair/surveys"
_numbers = itertools.count(1)


# What is decided, pure -------------------------------------------------------------------------------------------------


def test_a_period_and_the_one_before_it_are_of_one_length() -> None:
    now = 1_800_000_000_000
    span, before = spans("28", now)
    assert (span.since, span.until) == (now - 28 * DAY, None)
    assert before is not None
    assert (before.since, before.until) == (now - 56 * DAY, now - 28 * DAY)
    assert spans("all", now)[1] is None


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((230, 1000), (370, 1000), 9.13e-12),  # z = 6.8168
        ((50, 100), (60, 100), 0.155218),  # z = 1.4213
        ((0, 40), (0, 40), 1.0),
        ((40, 40), (40, 40), 1.0),
    ],
)
def test_two_shares_are_compared_by_their_pooled_error(
    before: tuple[int, int], now: tuple[int, int], expected: float
) -> None:
    """By hand: p = (b + n) / whole, z = difference / √(p (1 − p) (1/b + 1/n)), two-sided."""
    found = shares("x", share(*before), share(*now))
    assert found.p == pytest.approx(expected, rel=0.01)
    assert found.rose is (now[0] / now[1] > before[0] / before[1])


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((0, 30), (1, 30)),
        ((0, 30), (4, 30)),  # by z: 0.038
        ((30, 30), (26, 30)),
        ((5, 5000), (1, 30)),  # by z: 3e-7
        ((0, 2000), (3, 40)),
        ((39, 40), (1960, 2000)),
    ],
)
def test_rare_shares_are_compared_exactly(before: tuple[int, int], now: tuple[int, int]) -> None:
    """All ways to deal the parts, counted out: where less than five are expected a normal distribution is none."""
    whole, parts = before[1] + now[1], before[0] + now[0]
    dealt = [comb(now[1], k) * comb(before[1], parts - k) for k in range(min(parts, now[1]) + 1)]
    expected = Fraction(sum(ways for ways in dealt if ways <= dealt[now[0]]), comb(whole, parts))
    assert shares("x", share(*before), share(*now)).p == pytest.approx(float(expected), rel=1e-6)


def test_the_rarest_and_the_largest_shares_are_compared_too() -> None:
    assert shares("x", share(0, 10**6), share(30, 30)).p == pytest.approx(0.0, abs=1e-100)
    assert shares("x", share(10**6, 10**6), share(10**6 - 4, 10**6)).p == pytest.approx(0.125, abs=1e-4)
    assert shares("x", share(40, 40), share(41, 40)).p == 1.0, "an answer that came between two counts"


def test_too_few_answers_are_not_compared() -> None:
    assert shares("x", share(0, 29), share(500, 500)).p is None
    assert (few := means("x", mean({1: 29}), mean({5: 500}))) is not None
    assert few.p is None
    assert means("x", None, mean({5: 500})) is None
    assert net_scores("x", None, net_score({10: 500})) is None


def test_a_mean_knows_its_error_and_its_interval() -> None:
    found = mean({1: 50, 5: 50})
    assert found == Mean(3.0, pytest.approx(0.2010, abs=1e-4), 100)  # s = 2.0101, √100
    assert found is not None
    assert (found.words, found.interval) == ("3.0", "2.6 to 3.4")
    assert mean({}) is None
    same = means("x", mean({3: 40}), mean({3: 60}))
    moved = means("x", mean({3: 40}), mean({4: 60}))
    assert same is not None
    assert moved is not None
    assert (same.p, moved.p) == (1.0, 0.0), "without any spread the least difference is one"


def test_a_change_is_told_with_as_many_decimals_as_it_has() -> None:
    """Of many answers the least difference is beyond chance, and stands there."""
    found = means("x", mean({4: 80_000, 5: 20_000}), mean({4: 78_500, 5: 21_500}))
    assert found is not None
    assert (found.before, found.now) == ("4.20", "4.21")
    assert beyond_chance([found]) == [found]
    same = means("x", mean({4: 40}), mean({4: 50}))
    assert same is not None
    assert (same.before, same.now) == ("4.0", "4.0")
    rare = shares("x", share(200, 10**6), share(400, 10**6))
    assert (rare.before, rare.now) == ("0.02%", "0.04%")


def one(p: float | None, what: str = "x") -> Compared:
    return Compared(what, "1", "2", True, p)


def test_several_figures_are_held_to_one_chance_in_twenty_together() -> None:
    assert beyond_chance([one(0.04)]) == [one(0.04)]
    assert beyond_chance([one(0.04), one(0.5)]) == [], "alone it would be, among two it is not"
    assert [found.p for found in beyond_chance([one(0.9), one(0.02), one(0.001), one(None)])] == [0.001, 0.02]
    assert beyond_chance([one(0.026), one(0.03)]) == [], "the first that does not hold ends it"
    assert beyond_chance([one(None)]) == []
    assert beyond_chance([]) == []


# The pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(app: Flask) -> Flask:
    """Forty answers in the last weeks, mostly bad; sixty in those before, mostly good; ten of two years ago."""
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        load_library(site, app.extensions["widget_settings"].surveys_dir)
        for moods, days in (({1: 30, 5: 10}, 3), ({1: 12, 5: 48}, 40), ({5: 10}, 700)):
            for mood, count in moods.items():
                say(site, mood, count, now_ms() - days * DAY)
    return app


def say(
    site: Site, mood: int, count: int, at: int, survey: str = "feedback", question: str = "mood", kind: str = "smiley"
) -> None:
    """So many answers, each of a display; and for each display that led to one, another that did not."""
    for _ in range(count):
        display = f"{next(_numbers):036d}"
        response = Response(
            site_id=site.id, survey_key=survey, version="v1", finished=True, seq=1, received_at=at, updated_at=at,
            local_day="2026-11-21", local_hour=9, zone="UTC", language="en", processed_at=at, url="https://a.example/",
            context={}, answers={question: mood}, display_id=display,
        )  # fmt: skip
        db.session.add(response)
        db.session.flush()
        db.session.add(Answer(response_id=response.id, question=question, kind=kind, number=mood))
        ids = [display, f"{next(_numbers):036d}"]
        row = {"site_id": site.id, "survey_key": survey, "version": "v1", "shown_at": at - 1000}
        db.session.execute(insert(Display), [{**row, "display_id": id} for id in ids])


def test_a_survey_tells_what_changed_and_what_it_was_before(answered: Flask, signed_in: SignedIn) -> None:
    page = signed_in("product").get(FEEDBACK).text
    assert "What changed" in page
    assert "The last 28 days, against the 28 before" in page
    assert '<a href="#q-mood">The mean of “How was it?”</a> fell from 4.2 to <b>2.0</b>.' in page
    assert "60 in the 28 days before" in page
    assert "mean 2.0, 95% interval 1.5 to 2.5, was 4.2" in page
    assert '<td class="n quiet opt">20%</td>' in page, "of the sixty before, twelve"


def test_each_period_counts_its_own(answered: Flask, signed_in: SignedIn) -> None:
    client = signed_in("product")
    for period, said in (("7", "40 answers"), ("90", "100 answers"), ("all", "110 answers"), ("no", "40 answers")):
        page = client.get(f"{FEEDBACK}?period={period}").text
        assert said in page, period
    assert "against" not in client.get(f"{FEEDBACK}?period=all").text
    week = client.get(f"{FEEDBACK}?period=7").text
    assert "Too few answers to say what changed" in week
    assert "A figure is compared from 30 answers on" in week


def test_what_chance_explains_is_not_called_a_change(app: Flask, signed_in: SignedIn) -> None:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        load_library(site, app.extensions["widget_settings"].surveys_dir)
        for days in (3, 40):
            for mood in (1, 3, 5):
                say(site, mood, 12, now_ms() - days * DAY)
    page = signed_in("product").get(FEEDBACK).text
    assert "Nothing changed beyond chance" in page


def test_a_survey_without_answers_in_the_period_leads_to_all_of_them(answered: Flask, signed_in: SignedIn) -> None:
    client = signed_in("product")
    with answered.app_context(), database.writing():
        for response in db.session.scalars(select(Response).where(Response.received_at > now_ms() - 60 * DAY)):
            response.state = "spam"
    page = client.get(FEEDBACK).text
    assert "No answers in the last 28 days" in page
    assert f'href="{FEEDBACK}?period=all"' in page
    assert "10 answers" in client.get(f"{FEEDBACK}?period=all").text


def test_the_list_counts_the_period_and_says_when_the_last_answer_came(answered: Flask, signed_in: SignedIn) -> None:
    client = signed_in("product")
    page = client.get(SURVEYS).text
    assert '<dd class="num">41 <span class="small quiet">was 60</span></dd>' in page
    assert '<dd class="num">80</dd>' in page
    assert f'href="{FEEDBACK}"' in page
    assert '<dd class="num">111</dd>' in (ever := client.get(f"{SURVEYS}?period=all").text)
    assert f'href="{FEEDBACK}?period=all"' in ever


def test_what_was_no_failure_became_no_case(answered: Flask) -> None:
    with answered.app_context(), database.writing():
        site_id = db.session.scalars(select(Site.id).where(Site.key == "ternair")).one()
        assert counts_by_survey(site_id, EVER)["feedback"].cases == 1
        db.session.execute(update(Case).values(closed_as="not_a_failure", state="closed", closed_at=now_ms()))
        assert counts_by_survey(site_id, EVER)["feedback"].cases == 0


def test_an_anonymous_survey_has_no_periods_since_two_of_them_may_differ_by_one_answer(
    answered: Flask, signed_in: SignedIn
) -> None:
    client = signed_in("product")
    page = client.get(f"{SURVEYS}/employee?period=7").text
    assert "Working here" in page
    assert "Period:" not in page
    assert "last 7 days" not in page
    assert "Period:" in client.get(FEEDBACK).text


def test_a_display_counts_in_the_period_in_which_it_was_shown(answered: Flask) -> None:
    now = now_ms()
    with answered.app_context():
        site_id = db.session.scalars(select(Site.id).where(Site.key == "ternair")).one()
        span, before = spans("28", now)
        assert before is not None
        for asked, shown, answered_here in ((span, 80, 41), (before, 120, 60)):  # one of today was not asked
            counts = counts_by_survey(site_id, asked)["feedback"]
            assert (counts.shown, counts.rate.part, counts.answered) == (shown, shown // 2, answered_here)
            assert counts_by_survey(site_id, asked, "feedback") == {"feedback": counts}
            assert counts_by_survey(site_id, asked, "exit") == {}


def test_what_is_older_than_the_period_is_not_looked_at(answered: Flask, signed_in: SignedIn) -> None:
    """Neither page reads a table of the years from end to end: each statement about them goes by an index."""
    asked: list[tuple[str, Any]] = []
    with answered.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, given, *_: asked.append((sql, given)))
    client = signed_in("product")
    asked.clear()
    client.get(FEEDBACK)
    client.get(SURVEYS)
    big = [(sql, given) for sql, given in asked if "FROM responses" in sql or "FROM displays" in sql or "answers" in sql]
    assert len(big) > 10
    with engine.connect() as connection:
        for sql, given in big:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            scans = [line for line in plan if line.startswith("SCAN") and "sites" not in line and "subquery" not in line]
            assert scans == [], sql
            if "EXISTS" in sql:  # which answers came of displays: each display is looked up by its key
                assert [line for line in plan if "displays" in line and "display_id=?" in line], plan
