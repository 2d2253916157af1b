"""Surveys that come by themselves: when somebody moves to leave the payment, or stays long on the bags page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Widget, until
from tests.live import Live

READY = "window.FeedbackWidget && !Array.isArray(FeedbackWidget) && FeedbackWidget.explain().then((all) => all.length > 0)"


def arrive(widget: Widget, address: str) -> None:
    """Open a page with a clock of ours, and wait until the widget watches."""
    widget.page.clock.install()
    widget.page.goto(address)
    until(widget.page, READY)


def leave_by_the_top(widget: Widget) -> None:
    mouse = widget.page.mouse
    for y in (500, 300, 120, 40, 1):
        mouse.move(700, y)


def test_moving_to_leave_the_payment_asks_what_stopped_them(widget: Widget, live: Live) -> None:
    arrive(widget, f"{live.url}/demo/pay")
    widget.page.clock.fast_forward(6_000)
    leave_by_the_top(widget)
    expect(widget.panel).to_contain_text("What stopped you today?")
    widget.choose("The payment did not work")
    widget.panel.get_by_role("textbox").fill("The bank never answered.")
    for _ in range(3):
        if widget.panel.get_by_text("Thank you").count():
            break
        widget.panel.get_by_role("button").last.click()
        widget.page.clock.run_for(1_000)
    widget.thanked()


def test_leaving_sooner_than_five_seconds_asks_nothing(widget: Widget, live: Live) -> None:
    arrive(widget, f"{live.url}/demo/pay")
    leave_by_the_top(widget)
    widget.page.clock.run_for(2_000)
    expect(widget.panel).to_have_count(0)


def test_leaving_after_paying_asks_nothing(widget: Widget, live: Live) -> None:
    widget.page.goto(f"{live.url}/demo/done")
    until(widget.page, "localStorage.getItem('fw:tern-air:seen')?.includes('purchase')")
    arrive(widget, f"{live.url}/demo/pay")
    widget.page.clock.fast_forward(6_000)
    leave_by_the_top(widget)
    widget.page.clock.run_for(2_000)
    expect(widget.panel).to_have_count(0)


def test_staying_long_on_the_bags_page_asks_whether_the_allowance_is_clear(widget: Widget, live: Live) -> None:
    arrive(widget, f"{live.url}/demo/bags")
    widget.page.clock.run_for(20_000)
    expect(widget.panel).to_have_count(0)
    widget.page.clock.run_for(12_000)
    expect(widget.panel).to_be_visible()
    expect(widget.panel.get_by_role("radio")).to_have_count(3)


def test_what_comes_by_itself_takes_no_focus_from_what_is_being_typed(widget: Widget, live: Live) -> None:
    arrive(widget, f"{live.url}/demo/bags")
    widget.page.get_by_role("radio").first.focus()
    widget.page.clock.run_for(32_000)
    expect(widget.panel).to_be_visible()
    assert widget.page.evaluate("document.activeElement.name") == "bags"
    widget.page.keyboard.press("F6")
    assert widget.page.evaluate("document.activeElement.localName") == "feedback-widget"
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_have_count(0)


def test_a_page_in_a_tab_behind_asks_only_after_it_was_seen_for_long(widget: Widget, live: Live) -> None:
    widget.page.add_init_script(
        "let behind = true; Object.defineProperty(document, 'hidden', { get: () => behind });"
        "addEventListener('seen', () => { behind = false; document.dispatchEvent(new Event('visibilitychange')); });"
    )
    arrive(widget, f"{live.url}/demo/bags")
    widget.page.clock.run_for(60_000)
    widget.page.evaluate("dispatchEvent(new Event('seen'))")
    widget.page.clock.run_for(20_000)
    expect(widget.panel).to_have_count(0)
    widget.page.clock.run_for(15_000)
    expect(widget.panel).to_be_visible()
