"""Offline, two tabs, a server that is down: no words are lost, nothing counts twice, the page does not notice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Widget
from tests.live import Live

RESPONSES = re.compile(r"/v1/sites/[^/]+/responses$")


def found(staff: Callable[..., Page], words: str) -> int:
    """How many responses the desk has with these words."""
    desk = staff("support", at=f"responses?q={words.split(' ')[0]}")
    return desk.get_by_role("main").get_by_text(words).count()


def test_words_written_offline_go_out_when_the_visitor_is_back(
    widget: Widget, visitor: BrowserContext, live: Live, staff: Callable[..., Page]
) -> None:
    words = "Tunnelled through a mountain while the page was still loading"
    widget.page.goto(f"{live.url}/demo/bags")
    widget.open()
    visitor.set_offline(True)
    widget.say(words)
    widget.press("Skip")
    expect(widget.panel).to_contain_text("You are offline.")
    assert found(staff, words) == 0
    with widget.page.expect_response(RESPONSES) as sent:
        visitor.set_offline(False)
    assert sent.value.status == 202
    assert found(staff, words) == 1


def test_two_tabs_send_what_was_queued_once(
    widget: Widget, visitor: BrowserContext, live: Live, staff: Callable[..., Page]
) -> None:
    words = "Twofold windows were open while the train went under"
    other = visitor.new_page()
    other.goto(f"{live.url}/demo/")
    widget.page.goto(f"{live.url}/demo/bags")
    widget.open()
    visitor.set_offline(True)
    widget.say(words)
    widget.press("Skip")
    expect(widget.panel).to_contain_text("You are offline.")
    visitor.set_offline(False)
    widget.thanked()
    other.reload()
    assert found(staff, words) == 1


def test_trouble_at_the_server_keeps_the_words_and_trying_again_sends_them_once(
    widget: Widget, live: Live, staff: Callable[..., Page]
) -> None:
    words = "Stubborn gateway answered with a page of its own"
    answers = iter([503] * 4)

    def sometimes(route: Route) -> None:
        status = next(answers, None)
        route.continue_() if status is None else route.fulfill(status=status, body="<h1>Bad gateway</h1>")

    widget.page.clock.install()
    widget.page.route(RESPONSES, sometimes)
    widget.page.goto(f"{live.url}/demo/bags")
    widget.complain(words)
    for _ in range(40):
        if widget.panel.get_by_text("Thank you. A person will read this.").count():
            break
        if widget.panel.get_by_role("button", name="Try again").count():
            assert words in (widget.panel.get_by_role("textbox").input_value())
            widget.press("Try again")
        widget.page.clock.run_for(5_000)
    widget.thanked()
    assert found(staff, words) == 1


def test_a_server_that_is_down_leaves_the_page_unharmed(widget: Widget, live: Live, errors: list[str]) -> None:
    page = widget.page
    page.route(re.compile(r"/(widget\.js|widget/|v1/)"), lambda route: route.abort())
    page.goto(f"{live.url}/demo/pay")
    page.get_by_role("button", name="Pay €").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(widget.launcher).to_have_count(0)
    assert [error for error in errors if "net::ERR_FAILED" not in error] == []


def test_a_server_that_goes_down_later_leaves_the_page_unharmed(
    widget: Widget, live: Live, errors: list[str]
) -> None:
    page = widget.page
    page.goto(f"{live.url}/demo/pay")
    expect(widget.launcher).to_be_visible()
    page.route(re.compile(r"/(widget/|v1/)"), lambda route: route.abort())
    widget.launcher.click()
    page.get_by_label("Name on card").fill("E Whitcombe")
    page.get_by_role("button", name="Pay €").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert [error for error in errors if "net::ERR_FAILED" not in error] == []


BROKEN = {
    "a page": ("<!doctype html><h1>Sorry</h1>", "text/html"),
    "half of it": ('{"p": 1, "site": ', "application/json"),
    "another shape": ("[]", "application/json"),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_broken_config_leaves_the_page_unharmed(
    widget: Widget, live: Live, errors: list[str], answer: tuple[str, str]
) -> None:
    body, kind = answer

    def broken(route: Route) -> None:
        route.fulfill(body=body, content_type=kind)

    widget.page.route("**/config", broken)
    with widget.page.expect_response("**/config"):
        widget.page.goto(f"{live.url}/demo/pay")
    widget.page.get_by_role("button", name="Pay €").click()
    expect(widget.page.get_by_role("alert")).to_be_visible()
    expect(widget.launcher).to_have_count(0)
    assert errors == []
