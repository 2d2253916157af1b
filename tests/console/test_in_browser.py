"""Login, queue and case in a real Chromium: nothing for axe to find, nothing blocked by our own policy, all by keyboard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.axe import Sizes, faults_at
from tests.console.desk_data import PASSWORD, Complaint, complain
from widget_server import database, desk
from widget_server.accounts.models import User
from widget_server.accounts.operations import set_budgets
from widget_server.database import db
from widget_server.recovery.models import Case
from widget_server.sites.models import Site

pytestmark = pytest.mark.browser
ALL: Sizes = {1280: ("light", "dark"), 390: ("light", "dark"), 320: ("light",)}
CHANGED: Sizes = {1280: ("light",), 320: ("dark",)}


def opened(chromium: Browser, **options: Any) -> tuple[Page, list[str]]:
    """A page, and all that it complains of."""
    context = chromium.new_context(reduced_motion="reduce", **{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(15_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def sign_in(page: Page, address: str, email: str = "support@ternair.example") -> None:
    page.goto(f"{address}/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.wait_for_url("**/queue")


def test_axe_finds_nothing_and_nothing_runs_over(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    page.goto(f"{address}/login")
    found = look(page, "login")
    sign_in(page, address)
    found += look(page, "queue")
    for path in ("ternair/queue?view=closed", "ternair/cases/1005?view=open", "ternair/cases/1007", "no/such/page"):
        page.goto(f"{address}/{path}")
        found += look(page, path)
    page.context.close()
    assert not found
    assert [line for line in complaints if "404" not in line] == []


def test_axe_finds_nothing_where_something_is_changed(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address, "admin@ternair.example")
    page.goto(f"{address}/ternair/cases/1005")
    page.fill("#reply-body", "I am sorry, Eleanor.")
    page.click("#promise-part summary")
    page.fill("#promise", "The refund is on your account")
    page.fill("#promise_day", (date.today() + timedelta(days=2)).isoformat())
    page.click("#panel-reply button.main")
    page.click("[data-tab=reply]")
    found = look(page, "a case with a promise", CHANGED)
    for path in (
        "me/password", "ternair/settings", "ternair/settings/origins/remove?origin=https://ternair.example",
        "ternair/responses?q=nowhere",
    ):  # fmt: skip
        page.goto(f"{address}/{path}")
        found += look(page, path, CHANGED)
    page.goto(f"{address}/ternair/settings")
    page.click("text=Remove >> nth=1")
    found += look(page, "removing somebody", CHANGED)
    page.context.close()
    assert not found
    assert complaints == []


def look(page: Page, name: str, sizes: Sizes = ALL) -> list[str]:
    """And then as it was."""
    found = [f"{name}: {fault}" for fault in faults_at(page, sizes)]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    return found


def test_the_queue_is_worked_by_keyboard(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address)
    page.keyboard.press("j")
    expect(page.locator("#words-1002")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("1 chosen")
    page.keyboard.press("c")
    expect(page.locator("#case-1003 .who")).to_contain_text("You")
    expect(page.locator("#words-1003")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("Claimed. 9 open.")
    page.keyboard.press("?")
    expect(page.locator("#keyhelp")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jjc?")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/1003**")
    page.keyboard.press("u")
    page.wait_for_url("**/queue**")
    expect(page.locator("#words-1003")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/responses")
    page.context.close()
    assert complaints == []


def test_c_claims_the_chosen_rows(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address)
    for key in "jxjxj":
        page.keyboard.press(key)
    expect(page.locator("#bulk-count")).to_have_text("2 chosen")
    page.keyboard.press("c")
    expect(page.locator("#told")).to_contain_text("Claimed 2 cases. 9 open.")
    expect(page.locator(".case .who")).to_have_count(2)
    expect(page.locator("#count-mine")).to_have_text("2")
    page.locator(".case .box.free").first.check()
    page.locator(".case:has(.box:checked) form button").click()
    expect(page.locator("#count-mine")).to_have_text("3")
    expect(page.locator("#bulk-count")).to_have_text("")
    page.context.close()
    assert complaints == []


def test_a_case_is_answered_by_keyboard_once(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address)
    page.goto(f"{address}/ternair/cases/1005?view=open")
    page.keyboard.press("n")
    expect(page.locator("#note-body")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator("#gesture")).to_be_focused()
    page.fill("#gesture", "Upgrade to Comfort")
    page.fill("#gesture_amount", "45")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("I am sorry, Eleanor.")
    page.reload()
    expect(page.locator("#reply-body")).to_have_value("I am sorry, Eleanor.")
    page.focus("#reply-body")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("Sent.")
    expect(page.locator(".thread .said").first).to_have_text("I am sorry, Eleanor.")
    expect(page.locator("#reply-body")).to_have_value("")
    page.context.close()
    assert complaints == []


def test_a_reply_sent_offline_stays_where_it_was_written(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    sign_in(page, address)
    page.goto(f"{address}/ternair/cases/1005")
    page.fill("#reply-body", "I am sorry, Eleanor.")
    page.context.set_offline(True)
    page.click("#panel-reply button.main")
    expect(page.locator("#unsent")).to_be_in_viewport()
    expect(page.locator("#reply-body")).to_have_value("I am sorry, Eleanor.")
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden()
    page.click("#panel-reply button.main")
    expect(page.locator(".thread .said").first).to_have_text("I am sorry, Eleanor.")
    expect(page.locator("#apology-warning")).to_be_hidden()
    page.click("[data-tab=reply]")
    page.check("#apology")
    expect(page.locator("#apology-warning")).to_be_visible()
    page.context.close()


def test_what_is_new_waits_and_moves_nothing(chromium: Browser, address: str, app: Flask) -> None:
    page, complaints = opened(chromium)
    page.clock.install()
    sign_in(page, address)
    before = page.locator("#case-1002").bounding_box()
    with app.app_context(), database.writing():
        complain(db.session.scalars(select(Site).where(Site.key == "ternair")).one(), Complaint(words="Something new"))
    page.clock.run_for(16_000)
    expect(page.locator("#news-link")).to_contain_text("1 new case, press . to see it")
    assert page.locator("li.case").count() == 9
    assert page.locator("#case-1002").bounding_box() == before
    page.keyboard.press(".")
    expect(page.locator("li.case")).to_have_count(10)
    page.context.close()
    assert complaints == []


def test_single_keys_can_be_off_and_everything_works_without_script(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium, java_script_enabled=False)
    sign_in(page, address)
    page.click(".menu.right > summary")
    page.click("text=Turn single-key shortcuts off")
    page.wait_for_url("**/queue")
    page.click("#case-1003 button")
    expect(page.locator("#told")).to_contain_text("Claimed. 9 open.")
    page.click("#words-1003")
    page.click("text=Internal note")
    page.fill("#note-body", "Looked at without script.")
    page.click("text=Add note")
    expect(page.locator(".thread .note")).to_have_text("Looked at without script.")
    page.context.close()
    assert complaints == []


def test_a_colour_is_picked_beside_the_field_that_is_sent(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address, "admin@ternair.example")
    page.goto(f"{address}/ternair/settings/look")
    field, swatch = page.locator("#l-accent"), page.get_by_label("Accent: button and marks, light pages: pick")
    field.fill("#abc")
    expect(swatch).to_have_value("#aabbcc")
    with page.expect_response(lambda answer: "/look/sample" in answer.url and "%23aa1155" in answer.url):
        swatch.fill("#aa1155")
    expect(field).to_have_value("#aa1155")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#l-accent")).to_have_value("#aa1155")
    assert complaints == []
    page.context.close()


def test_a_value_that_does_not_fit_the_look_is_in_sight_with_the_focus(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    sign_in(page, address, "admin@ternair.example")
    page.goto(f"{address}/ternair/settings/look")
    page.fill("#l-radius", "99")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#l-radius")).to_be_focused()
    expect(page.locator("#l-radius-wrong")).to_be_in_viewport()
    assert look(page, "a look that does not fit", CHANGED) == []
    page.locator("[role=alert] a").click()
    expect(page.locator("#l-radius")).to_be_focused()
    page.context.close()


def test_no_due_time_runs_into_the_severity_and_nothing_touches_the_edge(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    sign_in(page, address)
    page.locator(".case .due").first.evaluate("one => one.classList.add('over')")  # the widest: bold
    for words in ("6 h 54 min over", "yesterday 08:28", "tomorrow 19:40", "Wednesday 22:22", "29 Sept 2025"):
        page.locator(".case .due").first.evaluate("(one, words) => { one.lastChild.textContent = words; }", words)
        due, bars = (page.locator(f".case {part}").first.bounding_box() for part in (".due", ".c-sev"))
        assert due is not None
        assert bars is not None
        assert due["x"] + due["width"] + 8 <= bars["x"], words
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        along = page.get_by_text("Take 9 cases along as").bounding_box()
        heading = page.locator("h1").bounding_box()
        assert along is not None
        assert heading is not None
        assert along["x"] == heading["x"]
    page.context.close()


def test_enter_in_a_reason_against_a_gesture_is_no_yes(app: Flask, chromium: Browser, address: str) -> None:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        set_budgets(site, 0, "EUR")
        case = db.session.scalars(select(Case).where(Case.site_id == site.id, Case.number == 1001)).one()
        asker = db.session.scalars(select(User).where(User.email == "support@ternair.example")).one()
        desk.ask_to_give(case, asker, desk.Gift("A hotel", 70000, "EUR"), expected_version=None, token="a1")
    page, _ = opened(chromium)
    sign_in(page, address, "admin@ternair.example")
    page.goto(f"{address}/ternair/cases/1001")
    page.press("#answer", "Enter")
    expect(page.locator("#answer")).to_have_accessible_description("Say why not: whoever asked reads it.")
    page.fill("#answer", "A refund is enough.")
    page.press("#answer", "Enter")
    expect(page.locator("#told")).to_contain_text("Declined.")
    page.context.close()
