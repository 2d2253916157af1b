"""What a saved reply says in the composer: names in their places, nothing read twice, nothing worked out."""

from __future__ import annotations

import pytest

from tests.growth import least_time
from widget_server.replies.filling import filled

AGENT, SITE, REFERENCE = "Maren Solli", "Tern Air", "TA 1042"


def said(body: str, name: str | None = "Eleanor Whitcombe") -> str:
    return filled(body, name=name, agent=AGENT, site=SITE, reference=REFERENCE)


def test_each_place_is_filled() -> None:
    body = "Dear {name},\n\nthis is about {reference}.\n\n{agent}, {site}"
    assert said(body) == "Dear Eleanor,\n\nthis is about TA 1042.\n\nMaren Solli, Tern Air"


@pytest.mark.parametrize(
    ("body", "without"),
    [
        ("Dear {name},\nit is done.", "Dear,\nit is done."),
        ("Hello {name} and welcome", "Hello and welcome"),
        ("Thank you, {name}.", "Thank you."),
        ("{name}, it is done.", "It is done."),
        ("{name},\n\nit is done.", "It is done."),
        ("First.\n{name}, it is done.", "First.\nIt is done."),
        ("{name}", ""),
        ("{name}{name} {agent}", "Maren Solli"),
        ("คุณ{name} ขออภัย", "คุณ ขออภัย"),
    ],
)
def test_a_name_that_nobody_knows_leaves_no_hole(body: str, without: str) -> None:
    assert said(body, None) == without
    assert said(body, " \n ") == without
    assert said(body, "\u202e\u200b") == without


@pytest.mark.parametrize("name", ["{agent}", "{{agent}}", "{0.__class__}", r"\1\g<0>", "%(x)s", "$&", "<b>Eve</b>"])
def test_what_a_customer_is_called_is_never_looked_into(name: str) -> None:
    assert said("Dear {name},", name) == f"Dear {name},"


def test_of_a_name_the_first_word_is_taken_and_nothing_that_turns_the_line() -> None:
    assert said("{name}!", "สมชาย ใจดี") == "สมชาย!"
    assert said("{name}!", "\u202eEve\x07 Adams") == "Eve!"


@pytest.mark.parametrize(
    "body", ["{other} {} {{}} {Name} {name.__class__} {name!r} { name } {1*1} {{ config }} {% x %} ${HOME}", "}{", "{name"]
)
def test_all_else_in_braces_stays_as_it_is(body: str) -> None:
    assert said(body) == body


def test_ten_thousand_letters_of_places_are_filled_at_once() -> None:
    for body in ("{name}" * 1_666, "{" * 10_000, " {name}" * 1_428):
        assert least_time(lambda body=body: said(body, None), times=2) < 0.2
