"""The main job: a visitor complains in a real browser, staff recover it, the visitor sees it and answers."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget
from tests.live import Live

WORDS = "The payment failed twice and I could not find another way to pay."


def complain(widget: Widget, live: Live, words: str = WORDS, email: str = "eleanor@example.com") -> str:
    """From the failed payment to the receipt; returns its address."""
    widget.page.goto(f"{live.url}/demo/pay")
    widget.page.get_by_role("button", name="Pay €").click()
    expect(widget.page.get_by_role("alert")).to_contain_text("Your card was not charged.")
    widget.complain(words, email)
    widget.thanked()
    return widget.receipt()


def open_case(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("link", name=words).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def reload_until(page: Page, text: str, seconds: float = 10) -> None:
    """Look again, as people do, until the page says it."""
    end = time.monotonic() + seconds
    while not page.get_by_role("main").get_by_text(text).count():
        assert time.monotonic() < end, f"the page never said: {text}"
        page.reload()


def test_a_complaint_becomes_a_case_is_recovered_and_the_visitor_sees_it(
    widget: Widget, live: Live, staff: Callable[..., Page], errors: list[str]
) -> None:
    receipt = complain(widget, live)
    assert errors == []
    visitor = widget.page
    visitor.goto(receipt)
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("We have your message.")
    reload_until(visitor, "What would be fair, to you?")
    visitor.get_by_role("textbox", name="What would be fair, to you?").fill("My seat, at the price that I saw.")
    visitor.get_by_role("button", name="Send", exact=True).first.click()

    desk = staff("support")
    row = desk.get_by_role("listitem").filter(has_text=WORDS)
    expect(row).to_contain_text("low smiley")
    expect(row).to_contain_text("payment failed")
    open_case(desk, WORDS)
    desk.get_by_role("button", name="Claim").click()
    expect(desk.get_by_text("Yours", exact=True)).to_be_visible()
    desk.get_by_label("Reply to").fill("I am sorry that paying went wrong. I am looking at it now.")
    desk.get_by_role("button", name="Send apology").click()
    desk.locator("#found-body").fill("The bank answered after the page had given up.")
    desk.get_by_role("button", name="Note what happened").click()

    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("I am sorry that paying went wrong.")
    expect(visitor.get_by_role("main")).not_to_contain_text("The bank answered after")

    desk.locator("#reply-body").fill("Your booking is complete, at the price that you saw.")
    desk.locator("#gesture-part summary").click()
    desk.get_by_label("What they get").fill("Seat 12A free of charge")
    desk.get_by_label("Worth").fill("15.00")
    desk.get_by_role("button", name="Send and mark resolved").click()
    expect(desk.get_by_text("Resolved", exact=True).first).to_be_visible()

    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("Seat 12A free of charge")
    expect(visitor.get_by_role("heading", name="Is it right now?")).to_be_visible()
    visitor.get_by_text("Not yet").click()
    visitor.get_by_label("What is still not right?").fill("The confirmation says 14C.")
    visitor.get_by_role("button", name="Open it again").click()
    expect(visitor.get_by_role("status").first).to_contain_text("It is open again.")

    desk.reload()
    expect(desk.get_by_text("Opened again")).to_be_visible()
    expect(desk.get_by_role("main")).to_contain_text("The confirmation says 14C.")


def ask(live: Live, path: str) -> dict[str, Any]:
    """The API, with the site's token."""
    headers = {"Authorization": f"Bearer {live.demo['api_token']}"}
    request = urllib.request.Request(f"{live.url}/api/v1/{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_a_case_stands_in_the_queue_within_two_seconds_of_the_thanks(
    widget: Widget, live: Live, staff: Callable[..., Page]
) -> None:
    words = "I was charged twice and the seat is still not mine."
    name = complain(widget, live, words, "ravi@example.com").rpartition("/")[2].partition(".")[0]
    desk = staff("support")
    reload_until(desk, words)
    expect(desk.get_by_role("main").get_by_role("link", name=words)).to_be_visible()
    response, cases = ask(live, f"responses/{name}"), ask(live, f"cases?response_id={name}")["items"]
    assert cases[0]["opened_at"] - response["updated_at"] < 2_000


def test_a_reply_puts_a_dot_on_the_visitors_button_until_they_have_gone_to_read_it(
    widget: Widget, live: Live, staff: Callable[..., Page]
) -> None:
    words = "Nothing came after the payment, and the booking is not in my list."
    complain(widget, live, words, "dora@example.com")
    desk = staff("support")
    reload_until(desk, words)
    open_case(desk, words)
    desk.get_by_role("button", name="Claim").click()
    expect(desk.get_by_text("Yours", exact=True)).to_be_visible()
    desk.get_by_label("Reply to").fill("I am sorry. Your booking is in your list now.")
    desk.get_by_role("button", name="Send apology").click()
    expect(desk.get_by_role("main")).to_contain_text("I am sorry. Your booking is in your list now.")

    page, launcher = widget.page, widget.page.locator("[data-part=launcher]")
    page.goto(f"{live.url}/demo/seat")
    expect(launcher).to_have_class(re.compile(r"\bdot\b"))
    expect(launcher).to_have_accessible_name("Feedback (New answer)")
    launcher.click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Read the answer").click()
    expect(opened.value.get_by_role("main")).to_contain_text("I am sorry. Your booking is in your list now.")
    expect(launcher).not_to_have_class(re.compile(r"\bdot\b"))
    page.reload()
    expect(widget.launcher).to_have_accessible_name("Feedback")
    widget.open()
    expect(widget.panel).to_contain_text("How was it?")


def test_a_viewer_reads_a_case_and_can_do_nothing_to_it(widget: Widget, live: Live, staff: Callable[..., Page]) -> None:
    words = "Payment error again, and nobody answers the phone."
    complain(widget, live, words, "grace@example.com")
    desk = staff("viewer")
    desk.reload()
    open_case(desk, words)
    expect(desk.get_by_role("button", name="Claim")).to_have_count(0)
    expect(desk.get_by_role("button", name="Send apology")).to_have_count(0)


def test_a_complaint_in_thai_is_answered_on_a_thai_page(widget: Widget, live: Live) -> None:
    page = widget.page
    page.goto(f"{live.url}/demo/seat?lang=th")
    page.get_by_role("button", name="ความคิดเห็น").click()
    expect(widget.panel).to_be_visible()
    assert widget.panel.evaluate("panel => panel.closest('[lang]')?.lang || panel.getRootNode().host.lang") == "th"
    widget.panel.get_by_role("radio").nth(0).click()
    widget.panel.get_by_role("textbox").fill("หาปุ่มยืนยันไม่เจอ")
    widget.panel.locator("form button, button").last.click()
    expect(widget.panel).to_be_visible()
