"""The demo airline over HTTP: four languages, whatever address, a bank that fails twice, no cookie, a strict policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import REPOSITORY, make_app, make_settings
from widget_server.accounts.operations import grant
from widget_server.accounts.queries import user_by_email
from widget_server.database import db, writing
from widget_server.demo import gallery, making
from widget_server.intake.identity import is_signed
from widget_server.sites.queries import identity_secrets, site_by_key
from widget_server.surveys.checks import findings
from widget_server.surveys.questions.registry import TYPES

STEPS = ("", "seat", "bags", "pay", "done")


@pytest.fixture(scope="module")
def airline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(make_settings(tmp_path_factory.mktemp("pages"), demo=True))
    with app.app_context():
        making.make_demo(app, history=False)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(airline: Flask) -> FlaskClient:
    return airline.test_client()


@pytest.mark.parametrize("lang", ["en", "nl", "no", "th"])
@pytest.mark.parametrize("step", STEPS)
def test_every_page_speaks_every_language(visitor: FlaskClient, step: str, lang: str) -> None:
    answer = visitor.get(f"/demo/{step}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert '<script async src="/widget.js" data-site="tern-air"></script>' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "from=%00&to=%ed%a0%80",
        "day=99999-99-99&flight=-1",
        "seat=%27%22%3E%3Cscript%3E&bags=٣",
        "lang=../../etc&as=root",
        "bags=" + "9" * 5000,
    ],
    ids=["nul and half a letter", "no such day", "markup and another digit", "a path", "a very long number"],
)
def test_no_address_brings_it_down(visitor: FlaskClient, query: str) -> None:
    for step in STEPS:
        answer = visitor.get(f"/demo/{step}?{query}")
        assert answer.status_code in (200, 400)
        assert "<script>" not in answer.text


def test_the_bank_fails_twice_and_then_it_is_booked(visitor: FlaskClient) -> None:
    page = visitor.get("/demo/pay")
    for _ in range(2):
        page = visitor.post("/demo/pay", data={"tries": re.findall(r'name="tries" value="(\d+)"', page.text)[0]})
        assert "Your card was not charged." in page.text
    page = visitor.post("/demo/pay", data={"tries": re.findall(r'name="tries" value="(\d+)"', page.text)[0]})
    assert page.status_code == 303
    assert "You are booked" in visitor.get(page.headers["Location"]).text


def test_no_page_sets_a_cookie_and_each_forbids_all_that_is_inline(visitor: FlaskClient) -> None:
    for step in STEPS:
        answer = visitor.get(f"/demo/{step}")
        assert "Set-Cookie" not in answer.headers
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>", answer.text)


def test_who_signs_in_is_vouched_for_by_the_airlines_own_server(airline: Flask, visitor: FlaskClient) -> None:
    page = visitor.get("/demo/pay?as=gold").text
    told = json.loads(re.findall(r'<script type="application/json" id="told">(.*?)</script>', page)[0])
    with airline.app_context():
        site = site_by_key(making.SITE_KEY)
        assert site
        secrets = identity_secrets(site.id)
    visitor_claims = {name: value for name, value in told["visitor"].items() if name != "sig"}
    now = int(told["sig"].split(".")[0]) * 1000 - 1
    assert is_signed("facts", told["facts"], told["sig"], secrets, now)
    assert is_signed("visitor", visitor_claims, told["visitor"]["sig"], secrets, now)


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [
        ("nl-BE,nl;q=0.9,en;q=0.5", "nl"),
        ("nb-NO,nb;q=0.9", "no"),
        ("nn", "no"),
        ("fi, th;q=0.4, en;q=0.2", "th"),
        ("fi", "en"),
        (";;q=x,\u00e9,*", "en"),
        (None, "en"),
    ],
)
def test_without_a_language_in_the_address_it_speaks_the_browsers(
    visitor: FlaskClient, wanted: str | None, lang: str
) -> None:
    answer = visitor.get("/demo/", headers={"Accept-Language": wanted} if wanted else {})
    assert f'<html lang="{lang}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]
    assert '<html lang="th">' in visitor.get("/demo/?lang=th", headers={"Accept-Language": "nl"}).text


def test_a_second_start_tells_only_the_logins_that_still_hold(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path, demo=True))
    with app.app_context():
        assert "viewer   anong@" in making.make_demo(app, history=False)
        with writing():
            site = site_by_key(making.SITE_KEY)
            joost, anong = user_by_email("joost@tern-air.example"), user_by_email("anong@tern-air.example")
            assert site
            assert joost
            assert anong
            grant(joost, site, "viewer")
            anong.active = False
        told = making.make_demo(app, history=False)
        db.session.remove()
        db.engine.dispose()
    assert "anong@" not in told
    assert re.search(r"viewer +joost@tern-air\.example +\S+  \(was product\)", told)
    assert re.search(r"admin +tove@harbour-books\.example +\S+  at harbour-books\n", told)


def test_a_history_that_broke_off_is_told_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    app = make_app(make_settings(tmp_path, demo=True))
    with app.app_context():
        monkeypatch.setattr(making.two_weeks, "make", killed)
        with pytest.raises(KeyboardInterrupt):
            making.make_demo(app, history=True)
        told = making.make_demo(app, history=True)
        db.session.remove()
        db.engine.dispose()
    assert f"broke off: for whole ones, remove {tmp_path} and start again" in told


def test_without_the_setting_there_is_no_demo(client: FlaskClient) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.get("/demo/gallery").status_code == 404


@pytest.mark.parametrize("lang", gallery.words())
def test_the_gallery_shows_every_type_as_surveys_that_check_would_pass(visitor: FlaskClient, lang: str) -> None:
    answer = visitor.get(f"/demo/gallery?lang={lang}&theme=own")
    assert answer.status_code == 200
    assert re.search(rf'<html lang="{lang}"( dir="rtl")? data-theme="own">', answer.text)
    assert ('dir="rtl" data' in answer.text) == (lang in ("ar", "he"))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>", answer.text)
    assert f"/s/tern-air/employee?lang={lang}" in answer.text
    assert f"/s/tern-air/hotel-desk?lang={lang}" in answer.text
    shown = dict(gallery.questions(lang))
    assert {question["type"] for question in shown.values()} == set(TYPES)
    for name, question in shown.items():
        assert f'data-survey="{name}"' in answer.text
        faults = [str(one) for one in findings(gallery.content(question, lang)) if one.is_error]
        assert faults == [], name


@pytest.mark.parametrize("query", ["lang=%00&theme=%ff", "lang=../etc", "theme=<script>", "lang=en&lang=nl&theme="])
def test_no_address_brings_the_gallery_down(visitor: FlaskClient, query: str) -> None:
    answer = visitor.get(f"/demo/gallery?{query}")
    assert answer.status_code == 200
    assert 'lang="en"' in answer.text
    assert "<script>" not in answer.text


def test_the_gallery_speaks_what_the_widget_speaks_and_each_language_says_the_same() -> None:
    messages = (REPOSITORY / "widget_js" / "src" / "messages").glob("*.ts")
    assert set(gallery.words()) == {path.stem for path in messages} - {"index"}
    shapes = {lang: {name: type(said).__name__ for name, said in words.items()} for lang, words in gallery.words().items()}
    assert all(shape == shapes["en"] for shape in shapes.values())
    assert {len(words["steps"]) for words in gallery.words().values()} == {5}
