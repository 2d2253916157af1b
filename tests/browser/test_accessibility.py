"""axe-core finds nothing on any screen, light and dark, on a desk and on a phone; and nothing is wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Widget
from tests.browser.screens import SCREENS, People, Screen
from tests.live import Live

LOOKS = {"light": (1280, 800), "dark": (390, 844)}
"""Both schemes and both sizes, without all four pairs."""


@pytest.fixture(scope="module")
def people(chromium: Browser, live: Live) -> People:
    return People(chromium, live)


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.name for screen in SCREENS])
def test_axe_finds_nothing(screen: Screen, chromium: Browser, live: Live, people: People) -> None:
    options = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "reduced_motion": "reduce"}
    context = chromium.new_context(**options, **people.state(screen.role))  # type: ignore[arg-type]
    page = context.new_page()
    try:
        screen.reach(page, live)
        for scheme, (width, height) in LOOKS.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            assert _faults(page) == [], scheme
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width}"
    finally:
        context.close()


def _faults(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found.response["violations"] for node in fault["nodes"]]


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
