"""A name is one line that can be seen, wherever it is given; what nobody can see is not written."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api.rules import ask, case_of, complaint, refused, token_for
from tests.worker.conftest import Tern, tern_at
from widget_server.accounts.operations import create_user
from widget_server.database import db, writing
from widget_server.desk.words import required, tidy
from widget_server.errors import Invalid
from widget_server.recovery.models import CaseMessage
from widget_server.sites.names import name_of
from widget_server.sites.operations import create_site
from widget_server.visible import is_seen

UNSEEN = ("", " ", "\u200b", "\u200b\n\u2060", "\u00ad", "\ufeff", "\u3164", "\u2800", "\ufe0f", "\u034f", "\x00\x1b")
SEEN = ("a", "อ", "…", "❤️", "👩‍👩‍👧", "\u200ba", "\u0301", "\U0001fae9")
NOT_A_LINE = ("Tern\nAir", "Tern\rAir", "Tern\tAir", "Tern\u2028Air", "Tern\u202eriA", "Tern\u2066Air", "Tern\x1b[31m")
LINES = ("Tern Air", "ترن إير", "טרן\u200f אוויר", "می\u200cخواهم", "O’Brien & Sons", "👩‍👧 Shop")


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_what_can_not_be_seen_is_not_written(text: str) -> None:
    assert not is_seen(text)
    assert tidy(text) == ""
    with pytest.raises(Invalid, match="Write it"):
        required(text, "Write it.")
    with pytest.raises(Invalid, match="Give one"):
        name_of(text, "Give one.")


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_one_sign_that_can_be_seen_is_words(text: str) -> None:
    assert required(text, "Write it.") == text


@pytest.mark.parametrize("name", NOT_A_LINE, ids=ascii)
def test_a_name_of_more_than_a_plain_line_is_refused_for_sites_and_people(any_app: Flask, name: str) -> None:
    with pytest.raises(Invalid, match="one line"), writing():
        create_site(name)
    with pytest.raises(Invalid, match="one line"), writing():
        create_user("wren@tern.example", None, name)


@pytest.mark.parametrize("name", LINES, ids=ascii)
def test_a_name_in_any_writing_is_kept(name: str) -> None:
    assert name_of(f" {name} ", "Give one.") == name


def test_a_name_of_too_many_letters_is_refused() -> None:
    with pytest.raises(Invalid, match="200 letters at most"):
        name_of("x" * 201, "Give one.")


def test_nobody_writes_what_can_not_be_seen_to_a_case(any_app: Flask) -> None:
    tern = tern_at(any_app)
    token = token_for(tern.site_id)
    case = case_of(tern, token, complaint(tern))["id"]
    for path in ("note", "reply"):
        refused(ask(tern, "POST", f"/cases/{case}/{path}", token, {"body": "\u200b"}, {"If-Match": "*"}), 422)
    assert tern.all(CaseMessage) == []
    db.session.rollback()


def test_a_customer_does_not_either(tern: Tern) -> None:
    sent = tern.body("I lost my booking and nobody helped. Terrible.")
    answer = tern.app.test_client().post(
        "/v1/sites/tern/responses", json=sent, headers={"Origin": "https://www.tern-air.example"}
    )
    page = answer.json["receipt_url"].partition("/r/")[2]  # type: ignore[index]
    for words, status in (("\u200b", 422), ("Please call.", 303)):
        told = tern.app.test_client().post(f"/r/{page}", data={"do": "write", "text": words})
        assert told.status_code == status, told.text


@pytest.fixture
def tern(app: Flask) -> Tern:
    return tern_at(app)
