"""A survey on a page of ours: what it says to whom, and that it asks like the widget on any page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.axe import faults
from tests.conftest import make_app, make_settings
from tests.widget.test_build import ROOT
from widget_server import database
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.responses.models import Response
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site, set_status
from widget_server.sites.queries import forget, identity_secrets
from widget_server.surveys.operations import load_library
from widget_server.surveys.operations import set_status as set_survey_status
from widget_server.visitor.links import hosted_link

DESK = """
title: {en: Desk}
languages: [en]
show: {hosted_only: true}
questions:
  - {key: words, type: text, required: true, text: {en: What happened?}}
"""
FACTS = {"room": "412", "stay": "short"}


@pytest.fixture
def site(app: Flask) -> Site:
    with database.writing():
        site = create_site(
            "Tern Air", key="tern", language="en", languages=("en", "nl", "ar"), zone="Europe/Oslo"
        )
        load_library(site, ROOT / "surveys")
    return site


def given(html: str) -> dict[str, object]:
    return dict(json.loads(html.split('id="given">')[1].split("</script>")[0]))


def signed(site: Site, facts: dict[str, str] = FACTS, exp: int = 60) -> dict[str, str]:
    link = hosted_link("", "tern", "feedback", facts, identity_secrets(site.id)[0], now_ms() // 1000 + exp)
    return {name: values[0] for name, values in parse_qs(link.partition("?")[2]).items()}


def test_the_page_speaks_the_language_of_the_address_then_that_of_the_browser(
    client: FlaskClient, site: Site
) -> None:
    page = client.get("/s/tern/feedback?lang=nl")
    assert page.status_code == 200
    assert '<html lang="nl"' in page.text
    assert given(page.text)["survey"]["lang"] == "nl"
    page = client.get("/s/tern/feedback", headers={"Accept-Language": "nb-NO,nb;q=0.9"})
    assert given(page.text)["survey"]["lang"] == "no"  # type: ignore[index]
    assert given(client.get("/s/tern/feedback?lang=xx-klingon").text)["survey"]["lang"] == "en"  # type: ignore[index]


def test_it_is_not_indexed_not_framed_not_kept_and_runs_nothing_inline(
    client: FlaskClient, site: Site
) -> None:
    headers = client.get("/s/tern/feedback").headers
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_whoever_has_no_script_is_told_what_is_missing(client: FlaskClient, site: Site) -> None:
    assert "JavaScript" in client.get("/s/tern/feedback").text.split("<noscript>")[1].split("</noscript>")[0]


@pytest.mark.parametrize(
    "path", ["/s/tern/nothing", "/s/nobody/feedback", "/s/tern/recovered", "/s/ทดสอบ/feedback", "/s/tern/%00"]
)
def test_what_there_is_not_looks_like_what_never_was(client: FlaskClient, site: Site, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no page here." in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_paused_survey_and_a_closed_site_say_so(client: FlaskClient, site: Site) -> None:
    with database.writing():
        set_survey_status(site, "feedback", "paused")
    paused = client.get("/s/tern/feedback?lang=nl")
    assert (paused.status_code, "Deze vragenlijst is gesloten." in paused.text) == (410, True)
    with database.writing():
        set_survey_status(site, "feedback", "live")
        set_status(site, "closed")
    forget()
    assert client.get("/s/tern/feedback").status_code == 410


def test_only_attributes_that_the_site_signed_come_in(client: FlaskClient, site: Site) -> None:
    assert given(client.get("/s/tern/feedback", query_string=signed(site)).text)["facts"] == FACTS
    for wrong in (
        {"sig": ""},
        {"facts": signed(site, {"room": "1"})["facts"]},
        {"facts": "%%"},
        signed(site, exp=-5),
    ):
        assert "facts" not in given(client.get("/s/tern/feedback", query_string=signed(site) | wrong).text)


def test_the_languages_beside_it_keep_what_was_signed(client: FlaskClient, site: Site) -> None:
    link = signed(site)
    assert f"?lang=nl&amp;facts={link['facts']}" in client.get("/s/tern/feedback", query_string=link).text


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("hosted")
    server = make_server("127.0.0.1", 0, lambda environ, start: app(environ, start), threaded=True)
    app = make_app(make_settings(folder, base_url=f"http://127.0.0.1:{server.port}"))
    with app.app_context():
        with database.writing():
            site = create_site(
                "Tern Air", key="tern", language="en", languages=("en", "nl", "ar"), zone="Europe/Oslo"
            )
            load_library(site, ROOT / "surveys")
            (folder / "desk.yaml").write_text(DESK)
            load_library(site, folder)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield SimpleNamespace(site=site, url=f"http://127.0.0.1:{server.port}/s/tern/")
    server.shutdown()


@pytest.mark.browser
def test_it_is_answered_and_a_second_visit_is_told_so(served: SimpleNamespace, chromium: Browser) -> None:
    link = signed(served.site)
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{served.url}feedback?facts={link['facts']}&sig={link['sig']}")
    page.locator("label.opt", has_text="Poor").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-question=comment] textarea").fill("The shower was cold")
    for part in ("send", "send", "skip"):
        page.locator(f"[data-part={part}]").click()
    page.locator("[data-part=thanks]").wait_for()
    db.session.rollback()  # the page wrote it meanwhile
    stored = db.session.scalars(select(Response)).one()
    assert stored.context["facts"] == FACTS
    assert stored.facts_verified
    assert stored.context["signals"] == {"trigger": "hosted"}
    assert stored.url == f"{served.url}feedback"
    assert not stored.context.get("trail")
    page.goto(f"{served.url}desk")
    page.locator("textarea").fill("Nobody at the desk")
    page.locator("[data-part=send]").click()
    page.locator("[data-part=thanks]").wait_for()
    page.reload()
    page.get_by_text("You have answered this before.").wait_for()
    assert page.locator("[data-part=panel]").count() == 0
    page.get_by_role("button", name="Answer again").click()
    page.locator("textarea").wait_for()
    assert said == []
    context.close()


@pytest.mark.browser
def test_a_server_that_never_answers_is_tried_again(served: SimpleNamespace, chromium: Browser) -> None:
    page = chromium.new_page()
    page.add_init_script("const { timeout } = AbortSignal; AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 20)")
    stalled: list[Route] = []

    def stall(route: Route) -> None:
        if stalled or '"finished":true' not in (route.request.post_data or ""):
            route.continue_()
        else:
            stalled.append(route)

    page.route("**/responses", stall)
    page.goto(f"{served.url}desk")
    page.locator("textarea").fill("The lift stands still")
    page.locator("[data-part=send]").click()
    page.locator("[data-part=thanks]").wait_for(timeout=8_000)
    assert stalled
    page.close()
