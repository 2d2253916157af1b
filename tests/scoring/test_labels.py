"""Which word counts about a response, and when there are enough of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.scoring.labelled import label, store
from widget_server.database import writing
from widget_server.scoring.labelling import count_of, needs_of
from widget_server.scoring.labels import VALUES, Count, agreed, counted, of_cases, refusal, to_learn_from
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with writing():
        yield create_site("Tern Air", key="tern")


def test_a_correction_counts_before_a_case_and_a_case_before_a_rating() -> None:
    said = [(1, "rating", "yes", 5), (1, "not_a_failure", "no", 6), (2, "outcome", "yes", 7), (2, "correction", "no", 4)]
    assert [(one.response_id, one.value, one.source) for one in agreed(said)] == [
        (2, "no", "correction"),
        (1, "no", "not_a_failure"),
    ]


def test_ratings_never_outnumber_people_and_count_a_quarter() -> None:
    people = [(n, "correction", "yes" if n % 2 else "no", n) for n in range(100)]
    ratings = [(n, "rating", "yes", n) for n in range(200, 900)]
    labels = agreed([*people, *ratings])
    assert len(to_learn_from(labels)) == 200
    assert min(one.response_id for one in to_learn_from(labels) if not one.by_people) == 800
    assert counted(labels) == Count(50, 50, 100)
    assert counted(labels).total == 125
    assert to_learn_from(agreed(ratings)) == []


def test_it_takes_two_hundred_and_twenty_of_each_kind() -> None:
    assert Count(100, 100, 0).enough
    assert Count(181, 19, 0).lacking == ("19 of 20 that needed none",)
    assert Count(19, 123, 0).lacking == ("142 of 200 labels", "19 of 20 that needed help")


@pytest.mark.parametrize(
    ("dismissed", "by_hand", "helped", "said"),
    [
        (True, True, False, ("not_a_failure", "no")),
        (False, True, False, ("opened_by_hand", "yes")),
        (False, False, True, ("outcome", "yes")),
        (False, False, False, None),
    ],
)
def test_a_case_says_something_once_staff_have_spoken(
    dismissed: bool, by_hand: bool, helped: bool, said: tuple[str, str] | None
) -> None:
    assert of_cases({"dismissed": dismissed, "by_hand": by_hand, "helped": helped}) == said


def test_only_what_is_on_the_list_can_be_said() -> None:
    assert all(refusal(aspect, value) is None for aspect, values in VALUES.items() for value in values)
    assert refusal("mood", "yes")
    assert refusal("sentiment", "<b>")


def test_ratings_of_either_end_with_words_count_where_nobody_said_more(site: Site) -> None:
    corrected = store(site, 1, "It broke")
    label(corrected, False)
    for mood, text in ((1, "Bad"), (5, "Good"), (3, "Hm"), (5, None)):
        for _ in range(2):
            label(store(site, 3, None), True)
            store(site, mood, text)
    found = needs_of(site.id)
    assert sorted((one.source, one.value) for one in found if not one.by_people) == [("rating", "no")] * 2 + [
        ("rating", "yes")
    ] * 2
    assert [one.value for one in found if one.response_id == corrected.id] == ["no"]


def test_nothing_is_learned_from_spam_and_from_what_was_erased(site: Site) -> None:
    label(store(site, 1, None), True)
    label(store(site, 1, None, state="spam"), True)
    label(store(site, 1, None, context={"erased": 1}), True)
    assert count_of(site.id) == Count(1, 0, 0)
