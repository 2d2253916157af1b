"""A survey that leads on by its answers, in a real Chromium: the example of surveys/README.md, walked to both its ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

SHOUTED = "The <b>seat</b> map {answers.reason|x}"


def test_answers_lead_on_come_back_are_said_again_and_are_held_to_their_rule(on_page: OnPage, host: HostPage) -> None:
    page = on_page.page
    send, step = on_page.part("send"), on_page.part("step")
    on_page.goes_to("/plain")
    page.evaluate("FeedbackWidget.open('leading')")
    page.locator("label.opt", has_text="Something else").click()
    field = page.locator("[data-question=what] textarea")
    field.fill(SHOUTED)
    send.click()
    expect(step).to_contain_text(f"You said: {SHOUTED}. Which order was it?")
    assert step.locator("b").count() == 0

    on_page.part("back").click()
    on_page.part("back").click()
    page.locator("label.opt", has_text="I had paid already").click()
    order = page.locator("[data-question=order]")
    expect(step).to_contain_text("You said: I had paid already. Which order was it?")
    order.locator("textarea, input").fill("4711")
    send.click()
    expect(on_page.part("problem")).to_have_text("That does not look right. It looks like this: TA-4711")
    assert host.finished() == []
    order.locator("textarea, input").fill("TA-0042")
    send.click()
    expect(on_page.part("thanks")).to_contain_text("We look for order TA-0042.")
    assert host.finished()[-1]["answers"] == {"reason": "paid", "order": "TA-0042"}

    on_page.part("close").click()
    page.evaluate("FeedbackWidget.open('leading')")
    page.locator("label.opt", has_text="The price").click()
    send.click()
    expect(on_page.part("thanks")).to_contain_text("We look at prices every week.")
    assert host.finished()[-1]["answers"] == {"reason": "price"}
    assert on_page.errors == []
