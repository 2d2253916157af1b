"""A site's list of help: what an entry must be, which language is spoken, and what pages get of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from widget_server import database
from widget_server.sites.help import Entry, entries_from, faults, put, spoken_to, without, words_of
from widget_server.sites.operations import create_site
from widget_server.sites.queries import site_by_key

READ_ON = "https://tern.example/refunds"
REFUND = Entry("a1", "en", "Where is my refund?", "It takes five days.", READ_ON, ("refund",), ("topic.payment",))
TERUG = Entry("a2", "nl", "Waar blijft mijn geld?", "Het duurt vijf dagen.", words=("geld terug",))


def test_an_entry_that_is_whole_has_no_fault_and_comes_back_as_it_was() -> None:
    assert faults(REFUND) == faults(TERUG) == {}
    assert entries_from([REFUND.as_row(), TERUG.as_row()]) == [REFUND, TERUG]
    assert entries_from(None) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"text": "x" * 601}, "text"),
        ({"text": "nul \0"}, "text"),
        ({"text": "", "url": ""}, "text"),
        ({"url": "http://tern.example"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://tern.example/ a"}, "url"),
        ({"url": "https://" + "x" * 500}, "url"),
        ({"words": ("x" * 61,)}, "words"),
        ({"words": tuple(map(str, range(21)))}, "words"),
        ({"words": ("nul \0",)}, "words"),
        ({"words": (), "topics": ()}, "words"),
        ({"topics": tuple(map(str, range(21)))}, "topics"),
    ],
)
def test_what_cant_be_kept_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert list(faults(replace(REFUND, **changes))) == [field]


def test_words_are_one_a_line_or_with_commas_and_each_is_there_once() -> None:
    assert words_of(" refund \nmoney   back, refund،استرداد、返金\n\n,") == ("refund", "money back", "استرداد", "返金")


def test_an_entry_is_changed_in_its_place_and_goes_alone() -> None:
    kept = put(put(None, REFUND), TERUG)
    changed = put(kept, replace(REFUND, title="Refunds"))
    assert [one.title for one in entries_from(changed)] == ["Refunds", TERUG.title]
    assert entries_from(without(changed, "a1")) == [TERUG]
    assert without(changed, "nobody") == changed


@pytest.mark.parametrize(
    ("wanted", "default", "spoken"),
    [("nl", "en", "nl"), ("nl-BE", "en", "nl"), ("th", "en", "en"), ("th", "nl", "nl"), ("th", "fi", "en")],
)
def test_who_reads_a_language_without_entries_gets_the_sites_own(wanted: str, default: str, spoken: str) -> None:
    language, entries = spoken_to([REFUND, TERUG], wanted, default)
    assert (language, {one.language for one in entries}) == (spoken, {spoken})
    assert spoken_to([], "th", "nl") == ("nl", [])


def test_pages_hear_of_a_list_only_where_there_is_one_and_get_it_in_their_language(app: Any, client: FlaskClient) -> None:
    with database.writing():
        create_site("Tern Air", key="tern", language="en", languages=("en", "nl"))
        create_site("Books", key="books")
        site = site_by_key("tern")
        assert site
        site.help = [REFUND.as_row(), TERUG.as_row()]
    told = client.get("/v1/sites/tern/config").get_json()
    assert (told["help"], told["places"]) == (True, "*")
    assert {"help", "places"} & set(client.get("/v1/sites/books/config").get_json()) == set()
    answer = client.get("/v1/sites/tern/help/nl-BE")
    assert answer.get_json() == {
        "p": 1, "lang": "nl",
        "entries": [{"title": TERUG.title, "text": TERUG.text, "words": ["geld terug"]}],
    }  # fmt: skip
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=60" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert client.get("/v1/sites/tern/help/ja").get_json()["entries"][0]["topics"] == ["topic.payment"]
    assert client.get("/v1/sites/books/help/en").get_json()["entries"] == []
    for path in ("tern/help/..", "tern/help/", "tern/help/%00", "nowhere/help/en", "tern/help/" + "x" * 5000):
        assert client.get(f"/v1/sites/{path}").status_code == 404, path
    assert client.post("/v1/sites/tern/help/en").status_code == 405
