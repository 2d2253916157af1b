"""Offline, two tabs, a server that is down: no words are lost, nothing counts twice, the page does not notice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Widget, until
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


def sends_by_itself(widget: Widget, visitor: BrowserContext, words: str) -> None:
    """Written offline, put away with Done, and sent in the background."""
    widget.open()
    visitor.set_offline(True)
    widget.say(words)
    widget.press("Skip")
    expect(widget.panel).to_contain_text("You are offline.")
    widget.panel.locator("[data-part=done]").click()
    with widget.page.expect_response(RESPONSES) as sent:
        visitor.set_offline(False)
    assert sent.value.status == 202


def test_what_is_said_after_the_background_has_sent_is_another_answer(
    widget: Widget, visitor: BrowserContext, live: Live, staff: Callable[..., Page]
) -> None:
    words, more = "Fjordside words went out by themselves", "Suitcases are another matter"
    widget.page.goto(f"{live.url}/demo/bags")
    sends_by_itself(widget, visitor, words)
    kept = "JSON.parse(localStorage['fw:tern-air:seen']).surveys.feedback?.answered && localStorage['fw:tern-air:receipts']"
    until(widget.page, kept)
    until(widget.page, "!sessionStorage['fw:tern-air:draft:feedback']")
    widget.open()
    expect(widget.panel.get_by_role("radio", checked=True)).to_have_count(0)
    widget.say(more)
    widget.press("Skip")
    widget.thanked()
    assert (found(staff, words), found(staff, more)) == (1, 1)


def test_a_draft_that_another_tab_has_sent_goes_on_as_another_answer(
    widget: Widget, visitor: BrowserContext, live: Live, staff: Callable[..., Page]
) -> None:
    words, more = "Glaciers calved while this was read again", "Penguins were seen afterwards"
    widget.page.goto(f"{live.url}/demo/bags")
    # as when the other tab sends: nothing is taken out of this one's session
    widget.page.evaluate(
        """() => { const { removeItem } = Storage.prototype;
        Storage.prototype.removeItem = function (name) { if (!name.includes('draft:')) removeItem.call(this, name); }; }"""
    )
    sends_by_itself(widget, visitor, words)
    until(widget.page, "localStorage['fw:tern-air:receipts']")
    widget.open()
    expect(widget.panel.get_by_role("textbox")).to_have_value(words)
    widget.say(more)
    widget.press("Skip")
    widget.thanked()
    assert (found(staff, words), found(staff, more)) == (1, 1)


def loses_answers(page: Page, how_many: int) -> None:
    """The server takes a finished answer in, and the visitor's browser never hears of it."""
    lost = iter(range(how_many))

    def lose(route: Route) -> None:
        if '"finished":true' not in (route.request.post_data or "") or next(lost, None) is None:
            route.continue_()
            return
        assert route.fetch().status == 202
        route.fulfill(status=503, headers={"Retry-After": "60"})

    page.route(RESPONSES, lose)


@pytest.mark.parametrize("more", ["Herrings were added to it afterwards", ""], ids=["other words", "the same words"])
def test_words_that_are_changed_after_an_answer_was_lost_are_another_answer(
    widget: Widget, live: Live, staff: Callable[..., Page], more: str
) -> None:
    words = f"Lighthouses stood {'and fell' if more else 'firm'} when this was sent"
    loses_answers(widget.page, 1)
    widget.page.goto(f"{live.url}/demo/bags")
    widget.complain(words)
    again = widget.panel.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    if more:
        widget.panel.get_by_role("textbox").fill(more)
    again.click()
    widget.thanked()
    until(widget.page, "!localStorage['fw:tern-air:queue']")
    assert found(staff, words) == 1
    assert not more or found(staff, more) == 1


def test_words_that_are_changed_offline_after_an_answer_was_lost_are_another_answer(
    widget: Widget, visitor: BrowserContext, live: Live, staff: Callable[..., Page]
) -> None:
    words, more = "Marmots whistled once while it was sent", "Nightingales sang when it was written anew"
    loses_answers(widget.page, 1)
    widget.page.goto(f"{live.url}/demo/bags")
    widget.complain(words, "marmot@tern.example")
    expect(widget.panel.get_by_role("button", name="Try again")).to_be_visible()
    widget.panel.locator("[data-part=close]").click()
    widget.open()
    visitor.set_offline(True)
    widget.say(more)
    widget.press("Send")
    expect(widget.panel).to_contain_text("You are offline.")
    visitor.set_offline(False)
    widget.thanked()
    until(widget.page, "!localStorage['fw:tern-air:queue']")
    assert (found(staff, words), found(staff, more)) == (1, 1)


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
