"""How it ends, for everybody: what readers are told, axe, what can be touched, and where the focus is, in each ending."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

FOCUS = "document.querySelector('feedback-widget').shadowRoot.activeElement?.textContent"
SMALL = """(least) => [...document.querySelector('feedback-widget').shadowRoot
  .querySelectorAll('button, .opt, input, textarea')]
  .map((it) => (it.matches('.check input') ? it.parentElement : it))
  .map((it) => [it, it.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (width < least || height < least)).map(([it]) => it.outerHTML)"""

ENDINGS = {
    "contact": '''
      - dialog "May we write to you about it?":
        - button "Back"
        - text: 3 of 3
        - button "Close"
        - text: May we write to you about it?
        - paragraph: Only about this. Leave it empty and your message still counts.
        - text: E-mail
        - textbox "May we write to you about it? E-mail": maren@tern.example
        - checkbox "Tern Air may e-mail me about this message."
        - text: Tern Air may e-mail me about this message.
        - alert: Tick the box, or choose Skip.
        - button "Skip"
        - button "Send"''',
    "refused": '''
      - dialog "We could not take it in just now.":
        - text: Not sent yet
        - button "Close"
        - alert:
          - paragraph: We could not take it in just now. Your words are still here.
        - textbox "Your message": The seat map hid its button
        - button "Copy text"
        - button "Back"''',
    "trouble": '''
      - dialog "We could not take it in just now.":
        - text: Not sent yet
        - button "Close"
        - alert:
          - paragraph: We could not take it in just now. Your words are still here.
        - textbox "Your message": The seat map hid its button
        - button "Copy text"
        - button "Try again"''',
    "offline": '''
      - dialog "You are offline.":
        - text: Not sent yet
        - button "Close"
        - status:
          - paragraph: You are offline. Your message is kept on this device and goes out by itself.
        - button "Discard"
        - button "Close"''',
    "thanks": '''
      - dialog "Thank you. A person will read this.":
        - text: Sent
        - button "Close"
        - status:
          - heading "Thank you. A person will read this." [level=2]
        - paragraph: It is read today. If something went wrong, we write to you here.
        - text: /Your receipt [0-9A-F]{4} [0-9A-F]{4}/
        - button "Copy link"
        - link "Follow it and write more on your own page"''',
    "away": '''
      - dialog "Your message is kept on this device and goes out by itself.":
        - text: Not sent yet
        - button "Close"
        - status:
          - paragraph: Your message is kept on this device and goes out by itself.
        - button "Discard"
        - button "Close"''',
}


def looks(on_page: OnPage, name: str, least: int = 24) -> None:
    panel = on_page.part("panel")
    expect(panel).to_match_aria_snapshot(ENDINGS[name])
    assert faults(on_page.page, "feedback-widget") == [], name
    assert on_page.page.evaluate(SMALL, least) == [], f"{name}: too small to press"
    assert panel.evaluate("it => it.scrollWidth <= it.clientWidth"), f"{name} is wider than the panel"
    assert on_page.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def ends(on_page: OnPage, host: HostPage, least: int) -> None:
    """Through every ending on one page, each reached as a visitor would."""
    page = on_page.page
    on_page.writes("The seat map hid its button")
    page.locator("[type=email]").fill("maren@tern.example")
    on_page.part("send").click()
    looks(on_page, "contact", least)
    expect(page.locator("[type=email]")).to_be_focused()

    def busy(route: Route) -> None:
        route.fulfill(status=503, headers={"Retry-After": "600"}, body="{}")

    page.route("**/responses", busy)
    page.route("**/trouble-*", lambda route: route.abort())
    on_page.part("skip").click()
    expect(on_page.part("offline")).to_be_visible()
    looks(on_page, "away", least)
    page.keyboard.press("Escape")
    page.unroute_all()

    host.status = 422
    reopens(on_page)
    sends(on_page)
    expect(on_page.part("trouble")).to_be_visible()
    looks(on_page, "refused", least)
    page.keyboard.press("Escape")
    expect(on_page.part("launcher")).to_be_focused()

    page.route("**/responses", busy)
    reopens(on_page)
    sends(on_page)
    expect(on_page.part("again")).to_be_visible()
    looks(on_page, "trouble", least)
    page.unroute("**/responses", busy)
    page.keyboard.press("Escape")

    reopens(on_page)
    page.context.set_offline(True)
    sends(on_page)
    expect(on_page.part("offline")).to_be_visible()
    looks(on_page, "offline", least)
    on_page.part("discard").click()
    expect(on_page.part("launcher")).to_be_focused()
    page.context.set_offline(False)

    host.status = 202
    on_page.sends()
    expect(on_page.part("thanks")).to_be_visible()
    looks(on_page, "thanks", least)
    assert page.evaluate(FOCUS) == "Thank you. A person will read this."
    page.keyboard.press("Escape")
    expect(on_page.part("launcher")).to_be_focused()
    assert on_page.errors == []


def reopens(on_page: OnPage) -> None:
    """What was written is there."""
    on_page.part("launcher").click()
    expect(on_page.page.locator("textarea")).to_have_value("The seat map hid its button")


def sends(on_page: OnPage) -> None:
    for part in ("send", "send", "skip"):
        on_page.part(part).click()


SCREENS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"},
    "400 % zoom, forced colours, no motion": {
        "viewport": {"width": 320, "height": 256}, "device_scale_factor": 4, "forced_colors": "active",
        "reduced_motion": "reduce",
    },
}  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_each_ending_is_told_to_readers_pleases_axe_and_can_be_pressed(
    screen: str, chromium: Any, host: HostPage
) -> None:
    context = chromium.new_context(**SCREENS[screen])
    try:
        on_page = OnPage(context.new_page(), host)
        on_page.goes_to()
        ends(on_page, host, 44)
        if "motion" in screen:
            moving = "document.querySelector('feedback-widget').getAnimations({subtree: true}).length"
            on_page.part("launcher").click()
            assert on_page.page.evaluate(moving) == 0
        assert json.loads(on_page.kept("sessionStorage"))
    finally:
        context.close()
