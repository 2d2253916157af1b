"""The customer's page in a real browser: without script, by keyboard, on a phone, and nothing for axe to find."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from tests.axe import faults, faults_at
from tests.recovery.people import complaint, fresh
from widget_server import desk
from widget_server.clock import HOUR, now_ms
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.responses.receipts import receipt_token

pytestmark = pytest.mark.browser


@pytest.fixture
def served(app: Flask, desk_at: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A complaint with a case, and the address of its page on a real server."""
    with writing():
        desk_at.site.theme = {"accent": "#14284b"}
        case = complaint(desk_at.site, email="eleanor@example.org")
    response = db.session.get_one(Response, case.first_response_id)
    token = receipt_token(settings().secret_key, response.public_id)
    db.session.rollback()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield SimpleNamespace(case=case, url=f"http://127.0.0.1:{server.port}/r/{token}", **vars(desk_at))
    server.shutdown()
    thread.join()


def test_it_fits_is_accessible_and_breaks_no_policy(served: SimpleNamespace, chromium: Browser) -> None:
    context = chromium.new_context()
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    for address in (served.url, served.url + "?lang=th", served.url + "/delete"):
        page.goto(address)
        assert faults_at(page, {1280: ("light", "dark"), 320: ("light", "dark")}) == []
    assert said == []
    context.close()


COMPOUND = "Arbeidsongeschiktheidsverzekeringsmaatschappij"  # 46 letters that no dictionary of a browser may part
LINK = "https://tern-air.example/pay?" + "&".join(f"verylongparameter{n}=abcdefghijklmnop" for n in range(8))


@pytest.mark.parametrize("width", [390, 320])
def test_no_long_word_makes_it_scroll_sideways(served: SimpleNamespace, chromium: Browser, width: int) -> None:
    with writing():
        case = db.session.get_one(Case, served.case.id)
        theirs = db.session.get_one(Response, case.first_response_id)
        desk.write_again(case, f"{COMPOUND} {'W' * 90}\n{LINK}", response=theirs, token="w")
        gesture = desk.Gift(COMPOUND * 2, 450_000, "EUR")
        promise = desk.Promise(COMPOUND, now_ms() + HOUR)
        desk.reply(
            case, served.maren, expected_version=None, body=f"{COMPOUND} {LINK}", token="t",
            gesture=gesture, promise=promise,
        )  # fmt: skip
    context = chromium.new_context(viewport={"width": width, "height": 800}, is_mobile=True)
    page = context.new_page()
    for language in ("nl", "no", "th", "en"):
        page.goto(f"{served.url}?lang={language}")
        assert page.get_by_text(COMPOUND).count() >= 3
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("visualViewport.scale") == 1
    context.close()


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_language_from_right_to_left_is_mirrored(
    served: SimpleNamespace, chromium: Browser, language: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{served.url}?lang={language}")
    dot, words = (page.locator(f".r-path li:first-child > {part}").bounding_box() for part in (".i", "span"))
    assert dot is not None
    assert words is not None
    assert dot["x"] > words["x"]
    assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
    context.close()


def test_everything_works_without_script(served: SimpleNamespace, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url)
    assert not page.get_by_role("button", name="Copy the link").is_visible()
    page.get_by_label("What would be fair, to you?").last.fill("My money back")
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.get_by_text("Sent. It is read before the answer.").wait_for()
    with writing():
        case = db.session.get_one(Case, served.case.id)
        desk.reply(case, served.maren, expected_version=None, body="Done", token="t", then="resolve")
    page.goto(served.url)
    page.get_by_text("Not yet", exact=True).click()
    page.get_by_label("What is still not right?").fill("No ticket yet")
    page.get_by_role("button", name="Open it again").click()
    page.get_by_text("Thank you for saying so. It is open again.").wait_for()
    assert fresh(served.case).reopened == 1
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_way_back_leads_to_what_was_not_sent_and_never_to_what_was(
    served: SimpleNamespace, chromium: Browser, script: bool
) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(served.url)
    page.locator("#fair-text").fill("My money")
    page.get_by_role("link", name="Delete my message and details").click()
    page.get_by_role("button", name="Delete them").wait_for()
    page.go_back()
    expect(page.locator("#fair-text")).to_have_value("My money")
    page.locator("#fair-text").fill("My money back")
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.get_by_text("Sent. It is read before the answer.").wait_for()
    for words in ("More of it", "And more"):
        page.get_by_text("Write more", exact=True).click()
        page.locator("#more-text").fill(words)
        page.get_by_role("button", name="Send", exact=True).last.click()
        page.get_by_text("Sent. A person reads it.").wait_for()
        page.go_back()
        expect(page.locator("#more-text")).to_have_value("")
    page.go_back()
    expect(page.locator("textarea")).to_have_count(1)
    expect(page.locator("#more-text")).to_have_value("")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_that_it_was_sent_is_in_sight_on_a_phone_and_said_once(
    served: SimpleNamespace, chromium: Browser, script: bool
) -> None:
    phone = {"viewport": {"width": 390, "height": 664}, "is_mobile": True, "has_touch": True}
    context = chromium.new_context(java_script_enabled=script, **phone)
    page = context.new_page()
    page.goto(served.url)
    page.get_by_text("Write more", exact=True).tap()
    page.locator("#more-text").fill("More of it")
    page.get_by_role("button", name="Send", exact=True).last.tap()
    expect(page.get_by_text("Sent. A person reads it.")).to_be_in_viewport()
    if script:
        assert page.url == f"{served.url}?lang=en"
        page.reload()
        expect(page.locator("h1")).to_be_in_viewport()
        expect(page.get_by_text("Sent. A person reads it.")).to_have_count(0)
    context.close()


def test_the_link_can_be_copied(served: SimpleNamespace, chromium: Browser) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served.url + "?lang=nl")
    page.get_by_role("button", name="Link kopiëren").click()
    page.get_by_text("Gekopieerd").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == served.url
    context.close()
