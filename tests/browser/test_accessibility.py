"""axe-core finds nothing on any screen, light and dark, on a desk and on a phone; and nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import Sizes, faults_at
from tests.browser.conftest import Widget
from tests.browser.people import People
from tests.browser.screens import SCREENS, Screen
from tests.live import Live

LOOKS: Sizes = {1280: ("light",), 390: ("dark",)}
"""Both schemes and both sizes, without all four pairs."""


class Walker:
    """One page for all screens: before each it is anybody's, with nothing kept of the screen before."""

    def __init__(self, chromium: Browser, live: Live, people: People) -> None:
        self._live, self._people = live, people
        self._context = chromium.new_context(reduced_motion="reduce")
        self.page = self._context.new_page()
        self._storage = self._context.new_cdp_session(self.page)

    def becomes(self, role: str | None) -> Page:
        self._context.set_offline(False)
        self.page.goto(f"{self._live.url}/healthz")  # no script of a screen before writes there as it is left
        self.page.evaluate("sessionStorage.clear()")
        self._storage.send("Storage.clearDataForOrigin", {"origin": self._live.url, "storageTypes": "all"})
        self._context.clear_cookies()
        self._context.add_cookies(self._people.state(role).get("storage_state", {}).get("cookies", []))
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        return self.page

    def ends(self) -> None:
        self._context.close()


@pytest.fixture(scope="module")
def walker(chromium: Browser, live: Live, people: People) -> Iterator[Walker]:
    walker = Walker(chromium, live, people)
    yield walker
    walker.ends()


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.name for screen in SCREENS])
def test_axe_finds_nothing(screen: Screen, live: Live, walker: Walker) -> None:
    page = walker.becomes(screen.role)
    screen.reach(page, live)
    assert faults_at(page, LOOKS) == []


def test_the_demo_can_be_booked_by_keyboard_alone(visitor_page: Page, live: Live) -> None:
    page = visitor_page
    page.goto(f"{live.url}/demo/")
    for heading in ("Choose your seat", "Bags", "Payment"):
        page.locator("main button").last.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for _ in range(3):
        page.get_by_role("button", name="Pay €").focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state("load")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")


def test_the_widget_can_be_used_by_keyboard_alone(widget: Widget, live: Live) -> None:
    page = widget.page
    page.goto(f"{live.url}/demo/bags")
    widget.launcher.focus()
    page.keyboard.press("Enter")
    expect(widget.panel.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(widget.panel.get_by_role("radio", name="Poor")).to_be_checked()
    page.keyboard.press("Tab")
    expect(widget.panel.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("By keyboard.")
    page.keyboard.press("Escape")
    expect(widget.panel).to_have_count(0)
    expect(widget.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget.panel.get_by_role("textbox")).to_have_value("By keyboard.")
