"""How the console says times, sums and names: tables of cases, no application needed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from widget_server.console import case_form, languages, times, words
from widget_server.console.case_thread import page_of, where_said
from widget_server.console.times import DAY, HOUR, MINUTE
from widget_server.errors import Invalid

OSLO = ZoneInfo("Europe/Oslo")
NOW = int(datetime(2026, 11, 21, 10, 0, tzinfo=OSLO).timestamp() * 1000)  # a Saturday


@pytest.mark.parametrize(
    ("due", "look", "said", "group"),
    [
        (None, "rest", "nothing owed", "rest"),
        (NOW - 12 * MINUTE, "over", "12 min over", "over"),
        (NOW - 3 * DAY, "over", "3 days over", "over"),
        (NOW + 18 * MINUTE, "soon", "18 min", "hour"),
        (NOW + 4 * HOUR + 30 * MINUTE, "later", "14:30", "today"),
        (NOW + DAY, "later", "tomorrow 10:00", "later"),
        (NOW + 3 * DAY, "later", "Tue 10:00", "later"),
        (NOW + 30 * DAY, "later", "21 Dec", "later"),
    ],
)
def test_a_due_time_in_words(due: int | None, look: str, said: str, group: str) -> None:
    assert times.due_in_words(due, NOW, OSLO) == times.Due(look, said, group)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "10:00"),
        (NOW - DAY, "yesterday 10:00"),
        (NOW - 4 * DAY, "Tuesday 10:00"),
        (NOW - 60 * DAY, "22 Sept"),
        (NOW - 400 * DAY, "17 Oct 2025"),
        (NOW + 400 * DAY, "26 Dec 2027"),
    ],
)
def test_a_moment_in_words(at: int, said: str) -> None:
    assert times.moment(at, NOW, OSLO) == said


def test_a_day_ends_at_its_own_midnight_also_when_the_clocks_change() -> None:
    before = int(datetime(2026, 10, 25, 0, 30, tzinfo=OSLO).timestamp() * 1000)
    assert times.end_of_day(before, OSLO) - before == 24 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (0, "0 min"),
        (59 * MINUTE, "59 min"),
        (144 * MINUTE, "2 h 24 min"),
        (30 * HOUR, "1 day"),
        (12 * HOUR + MINUTE, "12 h"),
    ],
)
def test_a_span_in_words(span: int, said: str) -> None:
    assert times.span(span) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (0, "0 min"),
        (144 * MINUTE, "2 h 24 min"),
        (10 * HOUR + 39 * MINUTE, "11 h"),
        (25 * HOUR, "25 h"),
        (47 * HOUR, "47 h"),
        (95 * HOUR, "4 days"),
    ],
)
def test_what_something_took_is_a_figure_and_rounded(span: int, said: str) -> None:
    assert times.took(span) == said, "25 and 47 hours had been a day each"


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("45", "EUR", 4500),
        ("45,50", "NOK", 4550),
        ("0.5", "USD", 50),
        (" 1 200 ", "THB", 120000),
        ("300", "JPY", 300),
    ],
)
def test_money_as_people_type_it(typed: str, currency: str, minor: int) -> None:
    assert case_form.minor_units(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("", "EUR"), ("-5", "EUR"), ("1e9", "EUR"), ("5.123", "EUR"), ("5.5", "JPY"), ("5", "XXX"), ("٥", "EUR")],
)  # fmt: skip
def test_what_is_no_sum_is_refused_at_its_field(typed: str, currency: str) -> None:
    with pytest.raises(Invalid) as refused:
        case_form.minor_units(typed, currency)
    assert refused.value.faults[0].pointer.startswith("/gesture_")


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [(4500, "EUR", "€45.00"), (1234567, "NOK", "12,345.67 NOK"), (300, "JPY", "300 JPY"), (4500, "KWD", "4.500 KWD")],
)
def test_money_as_we_say_it(amount: int, currency: str, said: str) -> None:
    assert words.money(amount, currency) == said


def test_names_languages_and_steps_of_feeling() -> None:
    assert [words.initials(name) for name in ("Maren Solli", "Joost de Wit", "", "a@b.c")] == [
        "MS",
        "JW",
        "?",
        "AB",
    ]
    assert [words.language_name(code) for code in ("th", "nl-BE", "xx", None)] == [
        "Thai",
        "Dutch",
        "xx",
        "Unknown language",
    ]
    assert [words.sentiment_word(p) for p in (-0.9, -0.3, 0.0, 0.3, 1.0)] == [
        "Very negative", "Negative", "Neutral", "Positive", "Very positive",
    ]  # fmt: skip
    assert words.signed(-0.714) == "−0.71"
    assert [words.ordinal(n) for n in (1, 2, 3, 11, 22)] == ["1st", "2nd", "3rd", "11th", "22nd"]


def test_a_language_that_is_none_is_left_out() -> None:
    assert str(languages.attributes("nb-NO")) == 'lang="nb-NO" dir="auto"'
    assert str(languages.attributes('"><script>')) == 'dir="auto"'


def test_where_something_was_said() -> None:
    assert (
        where_said("https://a.example/book/pay?step=4#x", {"signals": {"trigger": "exit_intent"}})
        == "on /book/pay, while leaving"
    )
    assert where_said("", {"signals": "nonsense"}) == ""
    assert page_of("https://a.example") == ""


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/%E0%B9%84%E0%B8%97%E0%B8%A2/caf%C3%A9", "/ไทย/café"),
        ("/%D7%A9%D7%9C%D7%95%D7%9D", "/שלום"),
        ("/a%2Fb%20c%3Cb%3E%25", "/a%2Fb%20c%3Cb%3E%25"),  # what tells one page from another stays
        ("/caf%E9/%C3", "/caf%E9/%C3"),  # not UTF-8
        ("/x%E2%80%AEy%C2%85", "/x%E2%80%AEy%C2%85"),  # turns the line; breaks it
        ("/%", "/%"),
    ],
)
def test_a_page_is_called_by_its_letters(path: str, read: str) -> None:
    """Browsers send a path in ASCII: nobody knows a Thai page by its percent signs."""
    assert page_of(f"https://a.example{path}?q=%C3%A9") == read
