"""Configs and surveys, served from memory in front of Flask, on both databases."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.sites.conftest import SURVEY
from widget_server import clock, database, edge
from widget_server.database import db
from widget_server.sites import sightings
from widget_server.sites.models import Site, SiteSighting
from widget_server.sites.operations import create_site
from widget_server.sites.operations import set_status as set_site_status
from widget_server.sites.queries import sightings as seen
from widget_server.sites.sightings import host_of, record
from widget_server.surveys.operations import publish, set_status

CONFIG = "/v1/sites/tern/config"


def test_a_config_is_cached_for_a_minute_and_readable_from_anywhere(web: FlaskClient) -> None:
    answer = web.get(CONFIG)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.get_json()["button"]["survey"] == "feedback"
    again = web.get(CONFIG, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_survey_never_changes_at_its_address(web: FlaskClient, version: str) -> None:
    answer = web.get(f"/v1/sites/tern/surveys/feedback/{version}/nl")
    assert answer.get_json()["questions"][0]["text"] == "Ging het goed?"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("language", ["fi", "en-GB", "zh-Hant-TW"])
def test_a_language_that_is_not_there_is_answered_in_the_sites(web: FlaskClient, version: str, language: str) -> None:
    answer = web.get(f"/v1/sites/tern/surveys/feedback/{version}/{language}")
    assert answer.get_json()["lang"] == "en"
    assert "immutable" not in answer.headers["Cache-Control"], "the site's default may change"


NOWHERE = {
    "unknown site": "/v1/sites/nobody/config",
    "unknown survey": "/v1/sites/tern/surveys/nothing/0000000000000000/en",
    "unknown version": "/v1/sites/tern/surveys/feedback/0000000000000000/en",
    "a version that is none": "/v1/sites/tern/surveys/feedback/latest/en",
    "a language that is none": "/v1/sites/tern/surveys/feedback/0000000000000000/e%00n",
    "unknown site's survey": "/v1/sites/nobody/surveys/feedback/0000000000000000/en",
}


@pytest.mark.parametrize("path", NOWHERE.values(), ids=NOWHERE)
def test_what_is_not_there_is_a_problem_that_a_page_can_read(web: FlaskClient, path: str) -> None:
    for _ in range(2):  # the second time from memory
        answer = web.get(path)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["status"] == 404
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("at_once")
def test_a_closed_site_is_gone(web: FlaskClient, air: Site, version: str) -> None:
    with database.writing():
        set_site_status(db.session.merge(air), "closed")
    for path in (CONFIG, f"/v1/sites/tern/surveys/feedback/{version}/en"):
        answer = web.get(path)
        assert (answer.status_code, answer.get_json()["title"]) == (410, "Closed")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("at_once")
def test_a_paused_survey_leaves_the_config_and_stays_readable_for_those_who_have_it_open(
    web: FlaskClient, air: Site, version: str
) -> None:
    with database.writing():
        set_status(db.session.merge(air), "feedback", "paused")
    config = web.get(CONFIG).get_json()
    assert (config["surveys"], config["button"]) == ([], None)
    assert web.get(f"/v1/sites/tern/surveys/feedback/{version}/en").status_code == 200


@pytest.mark.usefixtures("at_once")
def test_a_new_version_stands_in_the_config_and_the_old_one_is_served_on(
    web: FlaskClient, air: Site, version: str
) -> None:
    with database.writing():
        publish(db.session.merge(air), "feedback", SURVEY | {"minutes": 3})
    assert web.get(CONFIG).get_json()["surveys"][0]["version"] != version
    assert web.get(f"/v1/sites/tern/surveys/feedback/{version}/en").status_code == 200


def test_the_database_is_asked_once_in_five_seconds(web: FlaskClient, any_app: Flask) -> None:
    web.get(CONFIG)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for _ in range(50):
        web.get(CONFIG)
    assert asked == []


@pytest.mark.usefixtures("at_once")
def test_without_its_database_the_edge_serves_what_it_knows(
    web: FlaskClient, version: str, without_tables: Callable[[], None]
) -> None:
    survey = f"/v1/sites/tern/surveys/feedback/{version}/en"
    before = web.get(CONFIG).data, web.get(survey).data
    without_tables()
    assert (web.get(CONFIG).data, web.get(survey).data) == before


@pytest.mark.usefixtures("at_once")
def test_without_its_database_and_without_memory_it_says_when_to_come_back(
    web: FlaskClient, without_tables: Callable[[], None]
) -> None:
    without_tables()
    answer = web.get(CONFIG)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert answer.content_type == "application/problem+json"


def test_a_failing_database_is_left_alone_for_a_second(
    web: FlaskClient, without_tables: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_tables()
    web.get(CONFIG)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert web.get(CONFIG).status_code == 503
    assert asked == []


@pytest.mark.usefixtures("at_once")
def test_many_threads_at_once_are_all_answered(any_app: Flask, air: Site) -> None:
    def ask(_: int) -> int:
        return any_app.test_client().get(CONFIG).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(80))) == {200}


def test_keys_that_nobody_has_fill_no_memory(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "MOST_MISSING", 10)
    for number in range(50):
        assert web.get(f"/v1/sites/k{number}/config").status_code == 404
    assert web.get(CONFIG).status_code == 200


HOSTS = {
    "an origin": ({"HTTP_ORIGIN": "https://www.tern.example"}, "www.tern.example"),
    "a port": ({"HTTP_ORIGIN": "http://127.0.0.1:5000"}, "127.0.0.1:5000"),
    "a referer": ({"HTTP_REFERER": "https://WWW.tern.example/pay?card=1"}, "www.tern.example"),
    "a name and password": ({"HTTP_REFERER": "https://me:pw@tern.example/"}, "tern.example"),
    "IPv6": ({"HTTP_ORIGIN": "http://[::1]:80"}, "[::1]:80"),
    "null": ({"HTTP_ORIGIN": "null"}, None),
    "nothing": ({}, None),
    "markup": ({"HTTP_ORIGIN": "https://<script>"}, None),
    "a broken bracket": ({"HTTP_ORIGIN": "https://[::1"}, None),
    "NUL": ({"HTTP_ORIGIN": "https://a\0b"}, None),
}


@pytest.mark.parametrize(("environ", "host"), HOSTS.values(), ids=HOSTS)
def test_a_host_is_read_from_origin_or_referer(environ: dict[str, str], host: str | None) -> None:
    assert host_of(environ) == host


@pytest.mark.usefixtures("at_once")
def test_the_tag_is_seen_without_the_visitor_waiting(
    web: FlaskClient, air: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "IDLE_SECONDS", 0.1)
    monkeypatch.setattr(sightings, "BREATH_SECONDS", 0.0)
    for _ in range(20):
        web.get(CONFIG, headers={"Origin": "https://www.tern.example"})
    assert [one.host for one in eventually_seen(air.id)] == ["www.tern.example"]


def eventually_seen(site_id: int) -> list[SiteSighting]:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        db.session.rollback()
        if found := seen(site_id):
            return found
        time.sleep(0.02)
    return []


def test_a_host_is_written_at_most_once_a_minute(any_app: Flask, air: Site) -> None:
    start = clock.now_ms()
    site_id = air.id
    for after in (0, 59_999, 60_000, 60_001):
        with database.writing_connection(db.engine) as connection:
            record(connection, site_id, "www.tern.example", start + after)
    db.session.rollback()
    assert [one.seen_at for one in seen(site_id)] == [start + 60_000]


def test_made_up_hosts_are_bounded_and_a_listed_one_is_always_seen(
    any_app: Flask, air: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "MOST_STRANGERS", 3)
    site_id = air.id
    with database.writing_connection(db.engine) as connection:
        for number in range(10):
            record(connection, site_id, f"stranger{number}.example", 1)
        record(connection, site_id, "www.tern.example", 1)
        record(connection, site_id + 99, "www.tern.example", 1)  # a site that has gone meanwhile
    db.session.rollback()
    assert len(seen(site_id)) == 4
    assert "www.tern.example" in [one.host for one in seen(site_id)]


def test_a_site_made_later_is_found(web: FlaskClient, any_app: Flask) -> None:
    with database.writing():
        create_site("Reef Rail", key="reef")
    assert web.get("/v1/sites/reef/config").get_json()["site"]["name"] == "Reef Rail"
