"""'Show us where': a part of the page is pointed at, by mouse, finger or key, and the page hears of none of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.rich_page import RichPage

pytestmark = pytest.mark.browser

HEARD = """window.heard = [];
for (const name of ['click', 'pointerdown', 'mousedown', 'keydown', 'keyup', 'focusin'])
  document.addEventListener(name, (event) => {
    const ours = event.target.tagName === 'FEEDBACK-WIDGET';
    if (!ours || name.startsWith('key')) heard.push(name);
  }, true);"""


READ = """
- group "Where did it go wrong?":
  - status
  - button "Show us where"
- button "Next"
"""
"""The question as readers have it."""


class Pointing(OnPage):
    def begins(self, path: str = "/pay") -> None:
        self.goes_to(path)
        self.page.evaluate("scrollTo(0, 800)")
        self.part("launcher").click()
        expect(self.part("step")).to_match_aria_snapshot(READ)
        self.part("pick-start").click()
        expect(self.part("panel")).to_be_hidden()

    def points_at(self, selector: str) -> None:
        """Where it is on the screen; the widget's own veil lies over it."""
        box = self.page.locator(selector).bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def takes(self, selector: str) -> dict[str, Any]:
        self.points_at(selector)
        self.page.mouse.down()
        self.page.mouse.up()
        expect(self.part("panel")).to_be_visible()
        return self.picked()

    def picked(self) -> dict[str, Any]:
        kept = json.loads(self.page.evaluate("sessionStorage['fw:K:draft:feedback']"))
        return dict(kept["answers"]["where"] or {})

    def again(self) -> None:
        self.part("pick-start").click()


@pytest.fixture
def host() -> Iterator[RichPage]:
    host = RichPage()
    yield host
    host.stop()


@pytest.fixture
def pointing(visitor: BrowserContext, host: RichPage) -> Pointing:
    return Pointing(visitor.new_page(), host)


def test_by_mouse_a_part_is_taken_by_what_its_author_called_it(pointing: Pointing, host: RichPage) -> None:
    pointing.page.add_init_script(HEARD)
    pointing.begins()
    pointing.page.evaluate("heard.length = 0")
    pointing.points_at("#pay")
    expect(pointing.part("pick-told")).to_have_text("Button: Pay now")
    taken = pointing.takes("#pay")
    assert (taken["selector"], taken["tag"], taken["kind"], taken["name"]) == ("#pay", "button", "button", "Pay now")
    assert taken["viewport"] == [1280, 800]
    assert [abs(a - b) <= 1 for a, b in zip(taken["rect"], _rect(pointing, "#pay"), strict=True)] == [True] * 4
    assert pointing.page.evaluate("heard") == []
    expect(pointing.part("picked")).to_have_text("Button: Pay now")
    expect(pointing.part("pick-start")).to_be_focused()
    for selector, address in (
        ("[data-testid=seat]", '[data-testid="seat"]'),
        ("div.bar button", "div:nth-of-type(1) > button"),
        ("header a", "header > a"),
    ):
        pointing.again()
        assert pointing.takes(selector)["selector"].endswith(address), selector
    for _ in range(3):
        pointing.part("send").click()
    expect(pointing.part("thanks")).to_be_visible()
    assert host.finished()[0]["answers"]["where"]["name"] == "Help"
    assert pointing.errors == []


def _rect(pointing: Pointing, selector: str) -> list[int]:
    box = pointing.page.locator(selector).bounding_box()
    assert box
    return [round(box[side]) for side in ("x", "y", "width", "height")]  # type: ignore[literal-required]


def test_an_address_finds_its_element_again_and_holds_no_generated_name_and_nothing_typed(pointing: Pointing) -> None:
    pointing.begins()
    first = True
    for selector, name in (
        ("button:text-is('Second')", "Second"),
        ("#card", "Card number"),
        ("textarea", ""),
        ("#editable", ""),
        ("#private", ""),
        ("a[href='#own']", ""),
        ("my-card button", "In the shadow"),
        ("iframe", "Map"),
    ):
        if not first:
            pointing.again()
        first = False
        pointing.page.locator(selector).scroll_into_view_if_needed()
        taken = pointing.takes(selector)
        assert taken.get("name", "") == name, selector
        said = json.dumps(taken)
        assert not any(secret in said for secret in ("4111", "secret", "Maren", "css-")), taken
        meant = pointing.page.locator(selector).evaluate(
            """(el, selector) => {
              let root = document;
              const found = selector.split(' >>> ').reduce((_, part) => {
                const one = root.querySelectorAll(part);
                root = one[0]?.shadowRoot ?? root;
                return one.length === 1 ? one[0] : null;
              }, null);
              return found === el || found?.contains(el);
            }""",
            taken["selector"],
        )
        assert meant, (selector, taken["selector"])


def test_what_is_in_a_frame_cannot_be_taken_by_itself_and_says_so(pointing: Pointing) -> None:
    pointing.begins()
    pointing.page.locator("iframe").scroll_into_view_if_needed()
    pointing.points_at("iframe")
    expect(pointing.part("pick-told")).to_have_text("Frame: Map What is inside this frame can’t be taken by itself.")


def test_by_key_parts_come_one_after_the_other_and_the_page_hears_no_key(pointing: Pointing) -> None:
    pointing.page.add_init_script(HEARD)
    pointing.goes_to()
    pointing.page.keyboard.press("Tab")
    pointing.part("launcher").focus()
    pointing.page.keyboard.press("Enter")
    pointing.part("pick-start").wait_for()
    pointing.page.keyboard.press("Enter")
    pointing.part("pick").wait_for()
    pointing.page.evaluate("heard.length = 0")
    told = []
    for key in ("Tab", "ArrowDown", "Tab", "ArrowUp", "Shift+Tab", "End", "Home"):
        pointing.page.keyboard.press(key)
        told.append(pointing.part("pick-told").inner_text())
    names = [one.rpartition(" (")[0] for one in told]
    assert names[:5] == ["Link: Help", "Button: OK", "Heading: Pay", "Button: OK", "Link: Help"]
    assert names[6] == "Link: Help"
    for _ in range(3):
        pointing.page.keyboard.press("ArrowRight")
    assert not {"keydown", "keyup"} & set(pointing.page.evaluate("heard"))
    pointing.page.keyboard.press("Enter")
    expect(pointing.part("panel")).to_be_visible()
    assert pointing.picked()["kind"] in ("part", "button")
    pointing.page.keyboard.press("Enter")
    pointing.part("pick").wait_for()
    pointing.page.keyboard.press("Escape")
    expect(pointing.part("panel")).to_be_visible()
    expect(pointing.part("pick")).to_have_count(0)
    assert pointing.picked()["kind"] in ("part", "button")  # leaving changes nothing


def test_what_scrolls_under_the_pointer_scrolls_on(pointing: Pointing) -> None:
    pointing.begins()
    pointing.page.locator(".scroll").scroll_into_view_if_needed()
    pointing.points_at(".scroll")
    pointing.page.mouse.wheel(0, 120)
    pointing.page.wait_for_timeout(200)
    assert pointing.page.locator(".scroll").evaluate("(el) => el.scrollTop") > 0
    before = pointing.page.evaluate("scrollY")
    pointing.page.mouse.move(900, 300)
    pointing.page.mouse.wheel(0, 200)
    pointing.page.wait_for_timeout(300)
    assert pointing.page.evaluate("scrollY") > before


def test_the_page_may_close_the_panel_meanwhile(pointing: Pointing) -> None:
    pointing.begins()
    pointing.page.evaluate("FeedbackWidget.close()")
    for part in ("pick", "veil", "panel"):
        expect(pointing.part(part)).to_have_count(0)
    expect(pointing.part("launcher")).to_be_visible()
    assert pointing.errors == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_finger_shows_first_and_takes_with_the_button(chromium: Browser, host: RichPage, language: str) -> None:
    host.language = language
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    pointing = Pointing(context.new_page(), host)
    pointing.goes_to()
    pointing.page.evaluate("scrollTo(0, 800)")
    pointing.part("launcher").tap()
    pointing.part("pick-start").tap()
    box = pointing.page.locator("#pay").bounding_box()
    assert box
    pointing.page.touchscreen.tap(box["x"] + 20, box["y"] + 10)
    expect(pointing.part("pick-told")).to_contain_text("Pay now")
    assert faults(pointing.page, "feedback-widget") == []
    pointing.part("pick-take").tap()
    assert pointing.picked()["selector"] == "#pay"
    assert pointing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
