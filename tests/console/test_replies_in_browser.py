"""A reply to begin with goes into what is being written, and nothing that was typed goes for it: in a real Chromium."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.axe import faults_at
from tests.console.test_in_browser import ALL, opened, sign_in
from tests.replies.test_worked import DONE, put_right
from widget_server import database
from widget_server.accounts.models import User
from widget_server.database import db
from widget_server.desk.saved_replies import Typed, save_reply
from widget_server.sites.models import Site

pytestmark = pytest.mark.browser
SORRY = "I am sorry, Eleanor."
SAVED = "Dear {name},\n\nit takes five days."
FILLED = "Dear Eleanor,\n\nit takes five days."


@pytest.fixture
def case(app: Flask, address: str) -> str:
    """The address of a case where one reply is saved and one has worked."""
    with app.app_context():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        put_right(site)
        with database.writing():
            site = db.session.merge(site)
            admin = db.session.scalars(select(User).where(User.email == "admin@ternair.example")).one()
            save_reply(site, admin, Typed("en", "Refunds", SAVED))
    return f"{address}/ternair/cases/1005"


def at_the_case(chromium: Browser, address: str, case: str, **options: object) -> tuple[Page, list[str]]:
    page, complaints = opened(chromium, **options)
    sign_in(page, address)
    page.goto(case)
    return page, complaints


def test_a_reply_goes_into_a_half_written_one_and_stays_there(chromium: Browser, address: str, case: str) -> None:
    page, complaints = at_the_case(chromium, address, case)
    box = page.locator("#reply-body")
    box.fill(f"{SORRY} \n")
    page.click("#replies > summary")
    page.get_by_role("link", name="Refunds").click()
    expect(box).to_have_value(f"{SORRY}\n\n{FILLED}")
    expect(box).to_be_focused()
    expect(page.locator("#replies .sheet")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(box).to_have_value(f"{SORRY} \n")
    page.click("#replies > summary")
    page.get_by_role("link", name="Refunds").click()
    expect(box).to_have_value(f"{SORRY}\n\n{FILLED}")
    box.evaluate("box => box.setSelectionRange(0, 0)")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.locator("#replies .worked").get_by_role("link", name="Use").click()
    whole = f"{DONE}{SORRY}\n\n{FILLED}"
    expect(box).to_have_value(whole)
    page.reload()
    expect(box).to_have_value(whole)
    page.click("#panel-reply button.main")
    expect(page.locator("#told")).to_contain_text("Sent.")
    expect(page.locator(".thread .said").first).to_contain_text(SORRY)
    expect(box).to_have_value("")
    page.context.close()
    assert complaints == []


def test_by_keyboard_alone_into_an_empty_one(chromium: Browser, address: str, case: str) -> None:
    page, complaints = at_the_case(chromium, address, case)
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.get_by_role("link", name="Refunds")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#replies .sheet")).to_be_hidden()
    expect(page.locator("#replies > summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-body")).to_have_value(FILLED)
    page.context.close()
    assert complaints == []


def test_what_would_be_too_long_or_cant_be_loaded_changes_nothing(chromium: Browser, address: str, case: str) -> None:
    page, _ = at_the_case(chromium, address, case)
    box, refunds = page.locator("#reply-body"), page.get_by_role("link", name="Refunds")
    box.fill("x" * 9_990)
    page.click("#replies > summary")
    refunds.click()
    expect(page.locator("#replies-told")).to_contain_text("letters too many")
    page.context.set_offline(True)
    refunds.click()
    expect(page.locator("#replies-told")).to_contain_text("can’t be reached")
    page.context.set_offline(False)
    page.context.clear_cookies()
    refunds.click()
    expect(page.locator("#replies-told")).to_contain_text("signed out")
    expect(box).to_have_value("x" * 9_990)
    page.context.close()


def test_without_script_the_page_comes_with_the_reply_in_it(chromium: Browser, address: str, case: str) -> None:
    page, _ = at_the_case(chromium, address, case, java_script_enabled=False)
    page.click("#replies > summary")
    page.get_by_role("link", name="Refunds").click()
    expect(page.locator("#reply-body")).to_have_value(FILLED)
    page.click("#panel-reply button.main")
    expect(page.locator(".thread .said").first).to_contain_text("it takes five days.")
    expect(page.locator("#reply-body")).to_have_value("")
    page.context.close()


def test_axe_finds_nothing_in_the_open_list_and_nothing_runs_over(chromium: Browser, address: str, case: str) -> None:
    page, complaints = at_the_case(chromium, address, case)
    page.click("#replies > summary")
    found = faults_at(page, ALL)
    page.context.close()
    assert not found
    assert complaints == []
