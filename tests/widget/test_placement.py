"""Where button and panel stand, what opens a survey besides the button, and what stands over the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage, ref

pytestmark = pytest.mark.browser

OPENERS = """<a id="link" href="/elsewhere" data-feedback-open="exit">Tell us</a>
<feedback-button id="own" data-feedback-open style="color: rgb(1, 2, 3)">Say it</feedback-button>
<button id="named" class="help" type="button">Help</button>"""


def stands(host: HostPage, position: str) -> None:
    host.config["places"] = "*"
    host.config["button"] |= {"position": position, "hidden": True}


def middle(page: Page, part: str) -> tuple[float, float]:
    """Of the part, in shares of the window."""
    box = page.locator(f"[data-part={part}]").bounding_box()
    assert box is not None
    return (box["x"] + box["width"] / 2) / 1280, (box["y"] + box["height"] / 2) / HEIGHT


HEIGHT = 800
PLACES: list[tuple[str, str, str, str]] = [
    ("bottom-end", "en", "right", "bottom"),
    ("bottom-start", "en", "left", "bottom"),
    ("bottom", "en", "middle", "bottom"),
    ("top-end", "en", "right", "top"),
    ("top-start", "ar", "right", "top"),
    ("top", "en", "middle", "top"),
    ("end", "en", "right", "middle"),
    ("end", "ar", "left", "middle"),
    ("tab-end", "en", "right", "middle"),
    ("tab-start", "en", "left", "middle"),
    ("tab-end", "ar", "left", "middle"),
    ("tab-top", "en", "middle", "top"),
    ("tab-bottom", "en", "middle", "bottom"),
]
NEAR = {"left": (0, 0.25), "top": (0, 0.4), "middle": (0.35, 0.65), "right": (0.75, 1), "bottom": (0.6, 1)}


def test_the_button_stands_where_the_site_says_and_the_panel_beside_it(on_page: OnPage, host: HostPage) -> None:
    page = on_page.page
    for position, language, across, down in PLACES:
        host.language = language
        host.inside = f'<script>document.documentElement.dir = "{"rtl" if language == "ar" else "ltr"}"</script>'
        stands(host, position)
        on_page.goes_to()
        x, y = middle(page, "launcher")
        told = f"{position} in {language}: {x:.2f}, {y:.2f}"
        assert NEAR[across][0] <= x <= NEAR[across][1], told
        assert NEAR[down][0] <= y <= NEAR[down][1], told
        box = on_page.part("launcher").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, told
        if position.startswith("tab"):
            edges = (box["x"], box["y"], 1280 - box["x"] - box["width"], HEIGHT - box["y"] - box["height"])
            assert min(abs(edge) for edge in edges) < 1, told
            assert min(box["width"], box["height"]) < 50, told
        on_page.part("launcher").click()
        px, py = middle(page, "panel")
        assert NEAR[across][0] <= px <= NEAR[across][1], told
        assert (py < 0.5) == (down == "top") or down != "top", told
        on_page.closes()
        expect(on_page.part("launcher")).to_be_focused()
    assert on_page.errors == []


def test_a_site_without_a_button_opens_by_the_page(on_page: OnPage, host: HostPage) -> None:
    stands(host, "none")
    host.inside = OPENERS
    page = on_page.page
    page.goto(host.origin + "/pay")
    expect(page.locator("#own[role=button]")).to_be_visible()
    expect(on_page.part("launcher")).to_be_hidden()
    page.locator("#own").click()
    expect(page.locator("[data-part=panel]")).to_be_visible()
    on_page.closes()
    expect(page.locator("#own")).to_be_focused()
    expect(on_page.part("launcher")).to_be_hidden()


@pytest.fixture
def openers(on_page: OnPage, host: HostPage) -> OnPage:
    surveys: list[dict[str, Any]] = host.config["surveys"]
    surveys[2]["opened_by"] = ".help"
    host.config["places"] = "*"
    host.inside = OPENERS
    on_page.goes_to()
    on_page.page.locator("#own[role=button]").wait_for()
    return on_page


def test_elements_of_the_page_open_a_survey_and_have_the_focus_again(openers: OnPage, host: HostPage) -> None:
    page, title = openers.page, "[data-part=panel] .q"
    page.locator("#link").click()
    expect(page.locator(title)).to_have_text("A choice question?")
    expect(page.locator("#link")).to_have_attribute("aria-expanded", "true")
    openers.closes()
    expect(page.locator("#link")).to_be_focused()
    assert page.url.endswith("/pay"), "a link that opens does not lead away"
    page.locator("#named").click()
    expect(page.locator(title)).to_have_text("A nps question?")
    openers.closes()
    for key in ("Enter", "Space"):
        page.locator("#own").focus()
        page.keyboard.press(key)
        expect(page.locator("[data-part=panel]")).to_be_visible()
        expect(page.locator("[data-part=panel] input").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#own")).to_be_focused()
    assert page.locator("#own").evaluate("el => getComputedStyle(el).color") == "rgb(1, 2, 3)", "the page styles it"
    page.evaluate("FeedbackWidget.remove()")
    assert page.locator("[role=button], [aria-haspopup], [aria-expanded]").count() == 0, "nothing is left behind"
    page.locator("#link").click()
    page.wait_for_url("**/elsewhere")
    assert openers.errors == []


def test_a_modal_survey_covers_the_page_holds_the_focus_and_gives_it_back(openers: OnPage, host: HostPage) -> None:
    page = openers.page
    host.config["surveys"] = [ref("feedback", display="modal"), ref("exit"), ref("every_type")]
    openers.goes_to()
    page.locator("#own[role=button]").wait_for()
    page.locator("#own").click()
    panel = page.locator("[data-part=panel]")
    expect(panel).to_have_attribute("aria-modal", "true")
    inside = "document.querySelector('feedback-widget').shadowRoot.activeElement !== null"
    for key in ("Tab",) * 4 + ("Shift+Tab",) * 5:
        page.keyboard.press(key)
        assert page.evaluate(inside), "the focus stays inside"
    assert page.evaluate("document.querySelector('main').inert")
    page.mouse.click(20, 20)
    expect(panel).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#own")).to_be_focused()
    assert not page.evaluate("document.querySelector('main').inert")
    page.locator("#own").click()
    page.evaluate("FeedbackWidget.remove()")
    assert not page.evaluate("document.querySelector('main').inert")
    assert openers.errors == []


def test_a_panel_that_came_by_itself_steps_aside_from_the_field_that_is_used(on_page: OnPage, host: HostPage) -> None:
    field = "position: fixed; right: 40px; bottom: 60px; width: 200px"
    host.inside = f'<input id="low" aria-label="Low" style="{field}">'
    host.config["surveys"][1]["triggers"] = [{"kind": "event", "name": "now"}]
    on_page.goes_to()
    page = on_page.page
    page.wait_for_function("FeedbackWidget.explain")
    page.evaluate("FeedbackWidget.track('now')")
    panel = page.locator("[data-part=panel]")
    expect(panel).to_be_visible()
    page.wait_for_timeout(300)
    before = panel.bounding_box()
    page.locator("#low").focus()
    page.wait_for_timeout(100)
    after = panel.bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] > 640 > after["x"] + after["width"], "it stood over the field, and stands on the other side now"
    page.set_viewport_size({"width": 390, "height": 700})
    page.locator("[name=card]").focus()
    page.locator("#low").focus()
    page.wait_for_timeout(100)
    sheet = panel.bounding_box()
    assert sheet is not None
    assert sheet["y"] == 0, "a sheet has no other side: it goes to the top"


def test_the_logo_stands_small_at_the_top_and_goes_where_the_page_forbids_pictures(on_page: OnPage, host: HostPage) -> None:
    logo = {"url": "/v1/sites/K/logo/x", "alt": "Tern Air", "width": 240, "height": 60, "plate": "#ffffff"}
    host.config["theme"] |= {"logo": logo}
    host.config["places"] = "*"
    on_page.page.emulate_media(color_scheme="dark")
    on_page.goes_to("/plain")
    on_page.part("launcher").click()
    image = on_page.part("panel").get_by_role("img", name="Tern Air")
    expect(image).to_be_visible()
    box = image.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (88, 24), "80 × 20 and its plate"
    assert image.evaluate("el => el.decode().then(() => el.naturalWidth)") == 240
    assert faults(on_page.page, "feedback-widget") == []
    for width in (320, 1280):
        on_page.page.set_viewport_size({"width": width, "height": 700})
        assert on_page.part("panel").evaluate("it => it.scrollWidth <= it.clientWidth")
    assert on_page.errors == []
    on_page.goes_to("/strict")
    on_page.part("launcher").click()
    expect(on_page.part("step")).to_be_visible()
    expect(image).to_have_count(0)


def test_a_panel_that_was_quicker_than_its_place_gets_all_that_comes_with_it(on_page: OnPage, host: HostPage) -> None:
    """A hand presses the button while the chunk is on its way, over a slow line."""
    logo = {"url": "/v1/sites/K/logo/x", "alt": "Tern", "width": 240, "height": 60, "plate": "#ffffff"}
    host.config["theme"] |= {"logo": logo}
    host.config["surveys"][0]["display"] = "modal"
    host.config |= {"places": "*", "help": True}
    host.help = {"p": 1, "lang": "en", "entries": [{"title": "Refunds", "text": "Five days.", "words": ["refund"]}]}
    host.late["placement"] = 1
    on_page.goes_to("/plain")
    on_page.rates()
    panel = on_page.part("panel")
    assert panel.get_attribute("aria-modal") is None, "it is there first"
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(panel.get_by_role("img", name="Tern")).to_be_visible()
    on_page.page.locator("[data-question=comment] textarea").fill("My refund")
    expect(on_page.part("help")).to_contain_text("Refunds")
    on_page.page.keyboard.press("Escape")
    expect(on_page.part("launcher")).to_be_focused()
    assert not on_page.page.evaluate("document.querySelector('main').inert")
    assert on_page.errors == []


INSIDE = """() => [...document.querySelector('feedback-widget').shadowRoot
  .querySelectorAll('[data-part=launcher], [data-part=panel]')]
  .map((it) => it.getBoundingClientRect()).filter((it) => it.width)
  .every((it) => it.left >= 0 && it.top >= 0 && it.right <= innerWidth && it.bottom <= innerHeight)"""


def test_every_place_holds_at_400_percent_in_forced_colours_and_without_motion(on_page: OnPage, host: HostPage) -> None:
    page = on_page.page
    page.set_viewport_size({"width": 320, "height": 256})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    places = ["bottom-start", "top", "end", "tab-end", "tab-start", "tab-top", "tab-bottom", "modal"]
    for position in places:
        if position == "modal":
            host.config["surveys"][0]["display"] = "modal"
        else:
            stands(host, position)
        on_page.goes_to()
        assert page.evaluate(INSIDE), position
        edge = "getComputedStyle(document.querySelector('feedback-widget').shadowRoot.querySelector('button')).borderStyle"
        assert page.evaluate(edge) == "solid", f"{position}: forced colours leave the border alone"
        on_page.part("launcher").click()
        page.locator("label.opt").first.wait_for()
        assert page.evaluate(INSIDE), f"{position}: the panel"
        moving = "document.querySelector('feedback-widget').shadowRoot.getAnimations().length"
        assert page.evaluate(moving) == 0, position
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), position
        page.keyboard.press("F6")
        page.keyboard.press("F6")
        page.keyboard.press("Escape")
        expect(on_page.part("launcher")).to_be_focused()
    assert on_page.errors == []
