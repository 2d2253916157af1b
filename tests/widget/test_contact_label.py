"""The box for an address: a word stands at it, and its name still holds the question."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.axe import faults
from tests.widget.conftest import OnPage

pytestmark = pytest.mark.browser


def test_the_box_for_an_address_says_what_belongs_in_it(on_page: OnPage) -> None:
    on_page.goes_to()
    on_page.writes("words")
    word = on_page.page.locator("[data-question=contact]").get_by_text("E-mail", exact=True)
    expect(word).to_be_visible()
    box = on_page.page.get_by_role("textbox", name="May we write to you about it? E-mail")
    word.click()
    expect(box).to_be_focused()
    assert faults(on_page.page, "feedback-widget") == []
