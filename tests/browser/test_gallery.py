"""The gallery, as people see it: every question type in each language and theme, mirrored, narrow, in forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import BUT_COLOURS, faults
from tests.live import Live
from widget_server.demo import gallery

PANELS = """els => els.map(el => {
  const panel = el.shadowRoot.querySelector('[data-part=panel]'), box = panel.getBoundingClientRect();
  return {key: el.parentElement.dataset.survey, dir: getComputedStyle(panel).direction, left: box.left, right: box.right,
          asked: panel.querySelectorAll('[data-question]').length, words: panel.innerText, high: box.height};
})"""
FACES = """els => els.map(el => [...el.shadowRoot.querySelectorAll('.smileys svg')])
  .map(faces => new Set(faces.map(face => Math.round(face.getBoundingClientRect().top))).size)"""
EDGELESS = """els => els.flatMap(el => [...el.shadowRoot.querySelectorAll('.opt > span, textarea, .field, .b, .check input')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().width > 1)
  .filter(one => one.type !== 'checkbox' && parseFloat(getComputedStyle(one).borderTopWidth) === 0
                 && !one.querySelector('svg, i'))
  .map(one => el.parentElement.dataset.survey + ': ' + one.className + one.textContent))"""


class Gallery:
    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url
        self.errors: list[str] = []
        self.sent: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda one: self.sent.append(one.url) if one.method == "POST" else None)

    def opens(self, lang: str, theme: str = "light") -> None:
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.goto(f"{self._url}/demo/gallery?lang={lang}&theme={theme}")
        self.page.locator("html[data-ready]").wait_for()

    def panels(self) -> list[dict[str, Any]]:
        return list(self.page.eval_on_selector_all("[data-survey] feedback-widget", PANELS))


@pytest.fixture(scope="module")
def shelf(chromium: Browser, live: Live) -> Iterator[Gallery]:
    context = chromium.new_context(reduced_motion="reduce")
    yield Gallery(context.new_page(), live.url)
    context.close()


@pytest.mark.parametrize("lang", gallery.words())
def test_every_type_is_drawn_in_every_language_and_fits_the_narrowest_screen(shelf: Gallery, lang: str) -> None:
    shelf.opens(lang)
    names = [name for name, _ in gallery.questions(lang)]
    drawn = shelf.panels()
    assert [one["key"] for one in drawn] == names
    assert {one["asked"] for one in drawn} == {1}
    assert {one["dir"] for one in drawn} == {"rtl" if lang in ("ar", "he") else "ltr"}
    spoken = {one["key"]: one["words"] for one in drawn}
    assert not [key for key, said in spoken.items() if not said.strip() or "undefined" in said or "{" in said]
    assert faults(shelf.page, options=BUT_COLOURS) == []  # those are looked at by theme
    shelf.page.set_viewport_size({"width": 320, "height": 640})
    assert shelf.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not [one["key"] for one in shelf.panels() if one["left"] < 0 or one["right"] > 320]
    rows = shelf.page.eval_on_selector_all("[data-survey] feedback-widget", FACES)
    assert max(rows) == 1  # faces stand in a line, though one's words take two
    assert shelf.errors == []


@pytest.mark.parametrize("theme", gallery.THEMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_theme_can_be_read(shelf: Gallery, theme: str, scheme: Any) -> None:
    shelf.page.emulate_media(color_scheme=scheme)
    shelf.opens("en", theme)
    assert faults(shelf.page) == []
    shelf.page.emulate_media(color_scheme="light")


def test_in_forced_colours_every_control_keeps_its_edge(shelf: Gallery) -> None:
    shelf.page.emulate_media(forced_colors="active")
    for lang in ("en", "ar"):
        shelf.opens(lang)
        assert shelf.page.eval_on_selector_all("[data-survey] feedback-widget", EDGELESS) == []
    shelf.page.emulate_media(forced_colors="none")


def test_what_is_answered_there_goes_nowhere(shelf: Gallery) -> None:
    shelf.opens("en")
    mood = shelf.page.locator("[data-survey=smiley]")
    mood.get_by_role("radio", name="Poor").check(force=True)
    mood.get_by_role("button", name="Send").click()
    expect(mood.get_by_text("Thank you. A person will read this.")).to_be_visible()
    shelf.page.wait_for_timeout(300)
    assert shelf.sent == []
    assert shelf.page.evaluate("localStorage.length + sessionStorage.length") == 0
