"""A site's own people see on the page why surveys show or stay silent; nobody else sees anything."""

from __future__ import annotations

import pytest

from tests.axe import faults
from tests.widget.conftest import OnPage

pytestmark = pytest.mark.browser


def test_a_signed_link_says_for_each_survey_in_a_sentence(on_page: OnPage) -> None:
    on_page.host.explains = True
    on_page.goes_to("/pay?fw-explain=T")
    listed = on_page.part("explain").locator("li")
    listed.first.wait_for()
    said = {item.locator("b").inner_text(): item.inner_text() for item in listed.all()}
    assert "It has no trigger" in said["feedback"]
    assert "Stays silent" in said["feedback"]
    assert "Would show" in said["exit"]
    assert "exit intent" in said["exit"]
    assert faults(on_page.page, "feedback-widget") == []
    on_page.page.evaluate("FeedbackWidget.goal('purchase')")
    on_page.part("explain-again").click()
    on_page.page.get_by_text("The goal “purchase” was reached.").wait_for()
    on_page.page.keyboard.press("Escape")
    assert on_page.part("explain").count() == 0
    on_page.page.evaluate("FeedbackWidget.remove()")
    assert on_page.page.locator("feedback-widget").count() == 0
    assert on_page.errors == []


def test_without_the_server_s_yes_nothing_is_seen(on_page: OnPage) -> None:
    with on_page.page.expect_response("**/explain") as refused:
        on_page.goes_to("/pay?fw-explain=forged")
    assert refused.value.status == 403
    assert on_page.part("explain").count() == 0
    assert on_page.errors == []
