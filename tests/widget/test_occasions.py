"""The rarer moments to ask at, each made to happen in a real Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage, ref

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Shop</title><style>button, i { cursor: pointer }</style>
<main><h1>Shop</h1><button id="dead" type="button">Nothing</button><button id="works" type="button">Works</button>
<a href="#">Nowhere</a><form><input name="email" type="email" required><button id="order">Order</button></form>
<p id="said"></p><div style="height: 4000px"></div><p id="total">Total</p></main>
<script>document.getElementById('works').onclick = () => { document.getElementById('said').textContent = Math.random(); };
document.querySelector('form').onsubmit = (e) => e.preventDefault();</script>
<script async src="ORIGIN/widget.js" data-site="K"></script></html>"""


class Shop(HostPage):
    def page(self, tagged: bool = True) -> str:
        return PAGE.replace("ORIGIN", self.origin)


@pytest.fixture
def host() -> Any:
    shop = Shop()
    yield shop
    shop.stop()


def asks_at(host: HostPage, **trigger: Any) -> None:
    host.config["surveys"] = [ref("feedback"), ref("exit", triggers=[trigger], silenced_by=["/thanks*"])]


def ready(on_page: OnPage, path: str = "/shop") -> None:
    with on_page.page.expect_response(lambda answer: answer.url.endswith("/occasions.js")):
        on_page.goes_to(path)
    on_page.page.wait_for_timeout(200)


@pytest.mark.parametrize(
    ("trigger", "makes_it_happen"),
    [
        ({"kind": "scroll", "percent": 60}, "scrollTo(0, 3000)"),
        ({"kind": "visible", "selector": "#total"}, "scrollTo(0, document.body.scrollHeight)"),
        ({"kind": "click", "selector": "#works"}, "document.getElementById('works').click()"),
        ({"kind": "rage_click"}, "for (let n = 0; n < 3; n++) document.querySelector('h1').click()"),
        ({"kind": "dead_click"}, "document.getElementById('dead').click()"),
        ({"kind": "form_error", "times": 1}, "document.getElementById('order').click()"),
        ({"kind": "error"}, "setTimeout(() => { throw new Error('seat is undefined') })"),
        ({"kind": "page_view", "pages": 2}, "history.pushState(0, '', '/shop/2')"),
        ({"kind": "idle", "seconds": 1}, "0"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_each_moment_asks(on_page: OnPage, host: HostPage, trigger: dict[str, Any], makes_it_happen: str) -> None:
    asks_at(host, **trigger)
    ready(on_page)
    on_page.page.evaluate(f"() => {{ {makes_it_happen} }}")
    expect(on_page.part("panel")).to_be_visible()


def test_a_click_that_does_something_is_not_dead_and_dead_ones_travel_with_the_next_answer(
    on_page: OnPage, host: HostPage
) -> None:
    asks_at(host, kind="dead_click", times=5)
    ready(on_page)
    on_page.page.click("#works")
    on_page.page.wait_for_timeout(1200)
    on_page.page.click("#dead")
    on_page.page.wait_for_timeout(1200)
    on_page.page.click("#order")  # an empty address: the form refuses
    on_page.sends()
    expect(on_page.part("thanks")).to_be_visible()
    context = host.finished()[0]["context"]
    assert (context["signals"]["dead_clicks"], context["signals"]["form_errors"]) == (1, 1)
    assert [step["what"] for step in context["trail"] if step["kind"] == "dead_click"] == ["Nothing"]


def test_a_goal_that_is_a_path_is_reached_by_arriving_there(on_page: OnPage, host: HostPage) -> None:
    asks_at(host, kind="click", selector="#works")
    ready(on_page, "/thanks/42")
    on_page.page.evaluate("history.pushState(0, '', '/shop')")
    on_page.page.click("#works")
    on_page.page.wait_for_timeout(400)
    expect(on_page.part("panel")).to_have_count(0)
    reasons = on_page.page.evaluate("FeedbackWidget.explain()")
    assert {one["survey"]: one["silent"] for one in reasons}["exit"] == "The goal “/thanks*” was reached."


def test_a_selector_that_the_browser_cannot_read_never_fires_and_harms_nothing(on_page: OnPage, host: HostPage) -> None:
    asks_at(host, kind="visible", selector="p[[")
    ready(on_page)
    on_page.page.click("#works")
    on_page.page.wait_for_timeout(1200)
    assert on_page.errors == []


def test_after_remove_nothing_listens_any_more(on_page: OnPage, host: HostPage) -> None:
    asks_at(host, kind="dead_click")
    ready(on_page)
    on_page.page.evaluate("FeedbackWidget.remove()")
    on_page.page.click("#dead")
    on_page.page.wait_for_timeout(1300)
    expect(on_page.part("panel")).to_have_count(0)
    assert on_page.page.evaluate("[document.querySelector('feedback-widget'), window.FeedbackWidget]") == [None, None]
    assert on_page.errors == []
