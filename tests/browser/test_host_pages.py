"""Other people's pages: another origin under a strict policy, with and without a nonce, loaded twice, left and come back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Widget, until
from tests.live import Live

POLICIES = {
    "the server named": "default-src 'none'; img-src data:; script-src {server}; connect-src {server}",
    "the server named, trusted types": (
        "default-src 'none'; img-src data:; script-src {server}; connect-src {server}; require-trusted-types-for 'script'"
    ),
    "a nonce": "default-src 'none'; img-src data:; script-src 'nonce-a2f9' 'strict-dynamic'; connect-src {server}",
}


class HostPage(BaseHTTPRequestHandler):
    """A page of another origin, with our tag on it, under whatever policy its test asks for."""

    html, policy = "", ""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/checkout") else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        self.wfile.write(self.html.encode())

    def log_message(self, *_given: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def other_server(live: Live) -> Iterator[ThreadingHTTPServer]:
    """Another web server; our site listens to its origin by address, and not to the same by name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), HostPage)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    live.listen_to(f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()


@pytest.fixture
def host(widget: Widget, live: Live, other_server: ThreadingHTTPServer) -> Callable[..., Page]:
    """`host(policy=…, body=…, tags=2)`: the visitor on that page."""

    def go(policy: str = "", body: str = "", tags: int = 1, name: str = "127.0.0.1") -> Page:
        tag = f'<script async nonce="a2f9" src="{live.url}/widget.js" data-site="{live.demo["site_key"]}"></script>'
        HostPage.html = f'<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">{tag * tags}'
        HostPage.html += f"<h1>Shop</h1>{body}"
        HostPage.policy = policy
        widget.page.goto(f"http://{name}:{other_server.server_port}/checkout/pay")
        return widget.page

    return go


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_under_a_strict_policy_the_widget_is_complete_and_breaks_no_rule(
    widget: Widget, live: Live, host: Callable[..., Page], errors: list[str], policy: str
) -> None:
    host(policy.format(server=live.url))
    expect(widget.launcher).to_have_css("position", "fixed")
    widget.complain("The shop's page is strict, and this went through all the same.")
    expect(widget.panel).to_have_css("background-color", "rgb(255, 255, 255)")
    widget.thanked()
    assert errors == []


def test_an_origin_that_the_site_does_not_list_is_refused_and_the_page_does_not_notice(
    widget: Widget, host: Callable[..., Page]
) -> None:
    faults: list[str] = []
    widget.page.on("pageerror", lambda error: faults.append(str(error)))
    host(name="localhost")
    widget.open()
    widget.say("From nowhere that you know.")
    with widget.page.expect_response(re.compile("/responses$")) as answer:
        widget.press("Skip")
    assert answer.value.status == 403
    assert faults == []


def test_loaded_twice_there_is_one_button(widget: Widget, host: Callable[..., Page], errors: list[str]) -> None:
    host(tags=2)
    expect(widget.launcher).to_be_visible()
    expect(widget.page.locator("feedback-widget")).to_have_count(1)
    assert errors == []


def test_removed_it_leaves_nothing_behind(widget: Widget, host: Callable[..., Page]) -> None:
    page = host()
    expect(widget.launcher).to_be_visible()
    page.evaluate("FeedbackWidget.remove()")
    expect(page.locator("feedback-widget")).to_have_count(0)
    assert page.evaluate("'FeedbackWidget' in window") is False


def test_storage_that_throws_keeps_nobody_from_complaining(
    widget: Widget, host: Callable[..., Page], errors: list[str]
) -> None:
    widget.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });"
    )
    host()
    widget.complain("No storage here, and still it went through.")
    widget.thanked()
    assert errors == []


def test_it_covers_nothing_but_its_button(widget: Widget, host: Callable[..., Page]) -> None:
    page = host(body="<style>button{all:revert} * {transition: all 2s !important}</style>")
    expect(widget.launcher).to_be_visible()
    covered = page.evaluate(
        """() => {
          const hits = [];
          for (let x = 10; x < innerWidth; x += 40)
            for (let y = 10; y < innerHeight; y += 40)
              if (document.elementFromPoint(x, y)?.localName === 'feedback-widget') hits.push([x, y]);
          return hits;
        }"""
    )
    box = widget.launcher.bounding_box()
    assert box
    assert all(x >= box["x"] and y >= box["y"] for x, y in covered)


def test_coming_back_from_the_page_cache_it_still_works(widget: Widget, live: Live) -> None:
    page = widget.page
    page.goto(f"{live.url}/demo/")
    expect(widget.launcher).to_be_visible()
    page.goto(f"{live.url}/demo/seat")
    page.go_back()
    until(page, "document.readyState === 'complete'")
    widget.open()
    expect(widget.panel).to_be_visible()
