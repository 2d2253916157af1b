"""Every sentence of the widget in every language: none missing, none empty, the same gaps to be filled; and it reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

MESSAGES = Path(__file__).parents[2] / "widget_js" / "src" / "messages"
LANGUAGES = ["en", "nl", "no", "th", "de", "fr", "es", "it", "pt", "sv", "da", "fi", "pl", "tr", "ar", "he", "ja", "zh"]
SENTENCE = re.compile(r"^export const (\w+) =\s+(?:'([^']*)'|\"([^\"]*)\");$", re.MULTILINE)
RIGHT_TO_LEFT = ("ar", "he")
RUNS_OVER = """(panel) => [...panel.querySelectorAll('*')]
  .filter((el) => el.clientWidth && el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).display !== 'inline')
  .map((el) => el.className || el.tagName)"""


def sentences(language: str) -> dict[str, str]:
    text = (MESSAGES / f"{language}.ts").read_text("utf-8")
    return {name: single or double for name, single, double in SENTENCE.findall(text)}


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert sorted(path.stem for path in MESSAGES.glob("*.ts") if path.stem != "index") == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_english_says(language: str) -> None:
    english, here = sentences("en"), sentences(language)
    assert list(here) == list(english)
    assert all(here.values())
    gaps = {name: sorted(re.findall(r"\{\w+\}", text)) for name, text in here.items()}
    assert gaps == {name: sorted(re.findall(r"\{\w+\}", text)) for name, text in english.items()}
    assert here["language"] == language


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_was_left_in_english(language: str) -> None:
    english, here = sentences("en"), sentences(language)
    same = {name for name, text in here.items() if text == english[name] and len(text) > 4}
    assert same <= {"email"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_says_whether_a_native_speaker_has_reviewed_it(language: str) -> None:
    assert re.match(r"/\*\* .*Reviewed by a native speaker: (no|yes)", (MESSAGES / f"{language}.ts").read_text("utf-8"))


@pytest.mark.browser
def test_the_panel_speaks_every_language_and_nothing_runs_over_on_a_narrow_screen(on_page: OnPage, host: HostPage) -> None:
    on_page.page.set_viewport_size({"width": 320, "height": 640})
    host.config["site"]["languages"] = LANGUAGES
    host.config["surveys"][0]["languages"] = LANGUAGES
    for language in LANGUAGES:
        host.language = language
        on_page.goes_to(f"/{language}")
        on_page.part("launcher").click()
        panel = on_page.part("panel")
        words = sentences(language)
        on_page.page.locator("label.opt").first.click()
        expect(on_page.part("send")).to_have_text(words["next"])
        expect(on_page.part("close")).to_have_attribute("aria-label", words["close"])
        direction = panel.evaluate("(panel) => getComputedStyle(panel).direction")
        assert direction == ("rtl" if language in RIGHT_TO_LEFT else "ltr"), language
        assert panel.get_attribute("dir") == direction, "by the language: a title may begin with a Latin name"
        assert panel.evaluate(RUNS_OVER) == [], language
        on_page.part("close").click()
    assert on_page.errors == []
