"""What staff typed on the page of a case stays until it was sent, and no longer: in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.desk_data import PASSWORD
from tests.console.test_in_browser import opened, sign_in

pytestmark = pytest.mark.browser
SORRY = "I am sorry, Eleanor."


def at_a_case(chromium: Browser, address: str, number: int = 1005) -> Page:
    page, _ = opened(chromium)
    sign_in(page, address)
    page.goto(f"{address}/ternair/cases/{number}")
    return page


def test_a_reply_stays_while_something_else_is_done_with_the_case(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.fill("#reply-body", SORRY)
    page.uncheck("#apology")
    page.click("#gesture-part summary")
    page.fill("#gesture", "Upgrade to Comfort")
    page.click("#claim")
    expect(page.locator("#told")).to_contain_text("It is yours.")
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    expect(page.locator("#gesture")).to_have_value("Upgrade to Comfort")
    expect(page.locator("#gesture")).to_be_visible()
    expect(page.locator("#apology")).not_to_be_checked()
    page.click("#more summary")
    page.select_option("#severity", "2")
    page.fill("#severity-reason", "A wedding")
    page.get_by_role("button", name="Change severity").click()
    expect(page.locator("#told")).to_contain_text("Severity changed.")
    page.click("[data-tab=note]")
    page.fill("#note-body", "Finance knows.")
    page.click("text=Add note")
    expect(page.locator("#told")).to_contain_text("Noted.")
    expect(page.locator("#note-body")).to_have_value("")
    expect(page.locator("#severity-reason")).to_have_value("")
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    page.context.close()


def test_asking_for_an_approval_takes_the_gesture_out_of_the_reply_and_nothing_else(chromium: Browser, address: str) -> None:
    admin, _ = opened(chromium)
    sign_in(admin, address, "admin@ternair.example")
    admin.goto(f"{address}/ternair/settings")
    admin.fill("#budget-amount", "250")
    admin.get_by_role("button", name="Save what each may give").click()
    expect(admin.locator("#told")).to_contain_text("Saved.")
    page = at_a_case(chromium, address)
    page.fill("#reply-body", SORRY)
    ask = page.get_by_role("button", name="Ask for approval of the gesture")
    expect(ask).to_be_hidden()
    page.click("#gesture-part summary")
    page.fill("#gesture", "Two nights at a hotel")
    page.fill("#gesture_amount", "700")
    ask.click()
    expect(page.locator("#told")).to_contain_text("Asked.")
    expect(page.locator("#approval")).to_contain_text("Two nights at a hotel, €700.00")
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    expect(page.locator("#gesture")).to_have_value("")
    page.goto(f"{address}/ternair/queue")
    page.go_back()
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    admin.goto(f"{address}/ternair/queue")
    admin.get_by_role("link", name="To approve 1").click()
    admin.locator("main a[href*='/cases/']").first.click()
    admin.get_by_role("button", name="Approve").click()
    expect(admin.locator("#told")).to_contain_text("Approved.")
    page.reload()
    expect(page.locator("#gesture")).to_have_value("Two nights at a hotel")
    expect(page.locator("#gesture")).to_be_visible()
    page.click("#panel-reply button.main")
    expect(page.locator("#told")).to_contain_text("Sent.")
    expect(page.locator(".thread")).to_contain_text("Gesture: Two nights at a hotel, €700.00.")
    for one in (admin, page):
        one.context.close()


def test_sending_clears_what_was_sent_and_nothing_else(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.click("[data-tab=note]")
    page.fill("#note-body", "Finance knows.")
    page.click("[data-tab=reply]")
    page.fill("#reply-body", SORRY)
    page.click("#panel-reply button.main")
    expect(page.locator("#told")).to_contain_text("Sent.")
    expect(page.locator("#reply-body")).to_have_value("")
    expect(page.locator("#note-body")).to_have_value("Finance knows.")
    page.reload()
    expect(page.locator("#reply-body")).to_have_value("")
    expect(page.locator("#note-body")).to_have_value("Finance knows.")
    page.context.close()


def test_what_was_mended_after_a_refusal_is_there_after_signing_in_again(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.fill("#reply-body", "I am sory.")
    page.click("#promise-part summary")
    page.fill("#promise", "The refund is on your account")
    page.click("#panel-reply button.main")
    expect(page.locator("#promise_day-wrong")).to_be_visible()
    page.fill("#reply-body", SORRY)
    page.fill("#promise_day", "2031-01-05")
    page.context.clear_cookies()
    page.click("#panel-reply button.main")
    expect(page.locator("h1")).to_have_text("You were signed out.")
    expect(page.locator("main")).to_contain_text("your text is kept in this browser")
    page.get_by_role("link", name="Sign in").click()
    page.fill("#email", "support@ternair.example")
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.wait_for_url("**/ternair/cases/1005")
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    expect(page.locator("#promise_day")).to_have_value("2031-01-05")
    page.context.close()


def test_a_reply_that_was_begun_beside_a_shown_address_is_the_same_draft(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url("**/show")
    page.fill("#reply-body", SORRY)
    page.goto(f"{address}/ternair/cases/1005?view=open")
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    page.context.close()


def test_the_way_back_after_sending_leads_to_an_empty_form(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.fill("#reply-body", SORRY)
    page.click("#gesture-part summary")
    page.fill("#gesture", "Upgrade to Comfort")
    page.fill("#gesture_amount", "45")
    page.click("#panel-reply button.main")
    expect(page.locator("#told")).to_contain_text("Sent.")
    page.go_back()
    expect(page.locator("#told")).to_be_empty()
    expect(page.locator("#reply-body")).to_have_value("")
    expect(page.locator("#gesture")).to_have_value("")
    page.context.close()


def test_the_way_back_leads_to_what_was_not_sent(chromium: Browser, address: str) -> None:
    page = at_a_case(chromium, address)
    page.fill("#reply-body", SORRY)
    page.click("#back")
    page.wait_for_url("**/queue**")
    page.go_back()
    expect(page.locator("#reply-body")).to_have_value(SORRY)
    page.context.close()
