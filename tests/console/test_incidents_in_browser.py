"""The whole way of an incident in a real Chromium: chosen by keyboard, gathered, answered, read at a case."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.console.test_in_browser import CHANGED, look, opened, sign_in
from widget_server.database import db
from widget_server.recovery.models import CaseMessage

pytestmark = pytest.mark.browser


def test_from_the_queue_to_a_message_in_each_thread(chromium: Browser, app: Flask, address: str) -> None:
    page, complaints = opened(chromium)
    sign_in(page, address)
    page.locator(".case .words a").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("2 chosen")
    page.get_by_role("button", name="Claim the chosen").click()
    page.locator(".case .box.free").first.check()
    page.locator(".case .box:not(.free)").first.check()
    page.locator(".case .box:not(.free)").nth(1).check()
    expect(page.get_by_role("button", name="Claim the chosen")).to_be_visible()
    page.locator(".case .box.free").first.uncheck()
    expect(page.get_by_role("button", name="Claim the chosen")).to_be_hidden()
    found = look(page, "rows chosen", CHANGED)
    page.keyboard.press("i")
    page.get_by_label("Title").fill("TA 417 cancelled")
    found += look(page, "gathering", CHANGED)
    page.get_by_role("button", name="Gather them").click()
    expect(page.get_by_role("heading", name="TA 417 cancelled")).to_be_visible()
    page.get_by_label("What it says").fill("Dear {name}, your flight is cancelled, and I am sorry.")
    found += look(page, "an incident", CHANGED)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#told")).to_contain_text("Sent to 2 customers.")
    found += look(page, "an incident that was answered", CHANGED)
    page.locator("main a[href*='/cases/']").first.click()
    expect(page.locator(".thread")).to_contain_text("your flight is cancelled")
    page.get_by_role("button", name="Take it out of the incident").click()
    page.locator("#incident summary").click()
    found += look(page, "a case that can be made part of one", CHANGED)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".casemain")).to_contain_text("Part of an incident: TA 417 cancelled")
    page.context.close()
    assert found == []
    assert complaints == []
    with app.app_context():
        assert len(db.session.scalars(select(CaseMessage).where(CaseMessage.kind == "reply")).all()) == 2
