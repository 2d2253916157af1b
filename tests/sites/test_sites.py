"""Making a site, its secrets, and which origins may send."""

from __future__ import annotations

import pytest
from flask import Flask

from widget_server import clock, database
from widget_server.database import db
from widget_server.errors import Invalid
from widget_server.sites import queries
from widget_server.sites.models import Site, SiteKey
from widget_server.sites.operations import (
    add_key,
    create_site,
    ensure_team,
    exact_origin,
    set_origins,
    set_status,
)


def test_a_new_site_has_its_secrets_sealed_and_a_team(air: Site) -> None:
    assert len(queries.identity_secrets(air.id)) == 1
    assert len(queries.blind_key(air.id)) == 64
    assert queries.blind_key(air.id) not in queries.identity_secrets(air.id)
    ciphers = [key.cipher for key in db.session.query(SiteKey).all()]
    assert not any(queries.blind_key(air.id) in cipher for cipher in ciphers)
    assert [team.key for team in queries.teams_of(air.id)] == ["support"]


def test_while_a_secret_rotates_both_are_good_the_newer_first(air: Site) -> None:
    before = queries.identity_secrets(air.id)
    with database.writing():
        newer = add_key(db.session.merge(air), "identity")
    assert queries.identity_secrets(air.id) == [newer, *before]


def test_an_expired_secret_is_good_no_longer(air: Site) -> None:
    site_id = air.id
    with database.writing():
        db.session.query(SiteKey).filter_by(kind="identity").update({"expires_at": clock.now_ms() - 1})
    queries.forget()
    assert queries.identity_secrets(site_id) == []


def test_without_a_blind_key_it_says_so(any_app: Flask) -> None:
    with pytest.raises(LookupError, match="no blind key"):
        queries.blind_key(99)


def test_the_public_face_follows_a_change_at_once_in_this_process(air: Site) -> None:
    assert queries.public_site("tern") is not None
    with database.writing():
        site = db.session.merge(air)
        set_status(site, "closed")
        set_origins(site, ["https://new.tern.example"])
    found = queries.public_site("tern")
    assert found is not None
    assert (found.status, found.origins) == ("closed", {"https://new.tern.example"})


def test_a_team_is_made_once(air: Site) -> None:
    with database.writing():
        site = db.session.merge(air)
        assert ensure_team(site, "payments", "Payments").id == ensure_team(site, "payments", "Payments").id


@pytest.mark.parametrize("key", ["nobody", "", "a\0b", "k" * 41, "กข", "' OR 1=1 --"])
def test_a_key_that_nobody_has_finds_no_site(any_app: Flask, key: str) -> None:
    assert queries.public_site(key) is None


REFUSED = {
    "a key with capitals": ({"key": "Tern"}, "can't be used"),
    "a key that is taken": ({"key": "tern"}, "already"),
    "no such zone": ({"zone": "Europe/Atlantis"}, "no time zone"),
    "a zone that is a path": ({"zone": "../../etc/passwd"}, "no time zone"),
    "an origin with a path": ({"origins": ["https://tern.example/pay"]}, "is not an origin"),
}


@pytest.mark.parametrize(("arguments", "why"), REFUSED.values(), ids=REFUSED)
def test_a_site_that_can_not_be_is_refused_with_a_reason(air: Site, arguments: dict[str, object], why: str) -> None:
    with pytest.raises(Invalid, match=why), database.writing():
        create_site("Other", **arguments)  # type: ignore[arg-type]


ORIGINS = {
    "https://www.tern.example": "https://www.tern.example",
    " HTTPS://WWW.Tern.Example:443/ ": "https://www.tern.example",
    "http://127.0.0.1:8000": "http://127.0.0.1:8000",
    "https://bücher.example": "https://xn--bcher-kva.example",
    "http://[::1]:8080": "http://[::1]:8080",
}


@pytest.mark.parametrize(("said", "origin"), ORIGINS.items(), ids=ORIGINS)
def test_an_origin_is_kept_as_browsers_send_it(said: str, origin: str) -> None:
    assert exact_origin(said) == origin


@pytest.mark.parametrize(
    "said", ["", "tern.example", "null", "*", "https://*.tern.example", "ftp://a.b", "https://a/b", "https://u@a.b",
             "https://a.b?x", "https://a.b:99999", "https://[::1", "javascript:alert(1)", "https://" + "a" * 300]
)
def test_what_is_no_origin_is_refused(said: str) -> None:
    with pytest.raises(Invalid, match="is not an origin"):
        exact_origin(said)
