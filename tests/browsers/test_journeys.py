"""The main journeys in Chromium, Firefox and WebKit. What a machine lacks is named in the reason for a skip."""

from __future__ import annotations

import pytest

from tests.browsers.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
POOR = 1


def complains(visitor: Visitor, words: str) -> None:
    """Up to the way to be reached."""
    visitor.clicks("[data-part=launcher]")
    visitor.clicks("label.opt", POOR)
    visitor.writes("[data-question=comment] textarea", words)
    visitor.clicks("[data-part=send]")
    visitor.rect("[data-question=topic]")
    visitor.clicks("[data-part=send]")
    visitor.rect("[data-question=contact]")


def test_a_complaint_with_an_address_is_thanked_for_with_a_receipt(visitor: Visitor) -> None:
    visitor.goes_to()
    complains(visitor, "Seat map hid it")
    visitor.writes("[type=email]", "maren@tern.example")
    visitor.clicks("[data-question=contact] [type=checkbox]")
    visitor.clicks("[data-part=send]")
    visitor.sees("thanks")
    visitor.sees("receipt-link")
    sent = visitor.host.finished()[-1]
    assert sent["answers"]["comment"] == "Seat map hid it"
    assert sent["answers"]["contact"] == {"email": "maren@tern.example", "consent": True}
    visitor.clicks("[data-part=close]")
    visitor.sees("launcher")


def test_leaving_asks_and_takes_no_focus(visitor: Visitor) -> None:
    visitor.goes_to()
    visitor.until("performance.now() > 300")
    visitor.leaves()
    visitor.sees("panel")
    assert visitor.focused() == "outside"
    assert "A choice question?" in visitor.text()


def test_staying_asks(visitor: Visitor) -> None:
    before = visitor.host.config["surveys"]
    visitor.host.config["surveys"] = [before[0], before[1] | {"triggers": [{"kind": "dwell", "seconds": 1}]}]
    try:
        visitor.goes_to()
        visitor.sees("panel")
    finally:
        visitor.host.config["surveys"] = before
    assert visitor.focused() == "outside"


def test_by_keyboard_alone(visitor: Visitor) -> None:
    """Focus goes where the eye goes, is never trapped, and comes back to the button."""
    visitor.goes_to()
    if not visitor.asks("document.hasFocus()"):
        pytest.skip("no window has the focus here, and then Enter presses no button in Firefox, not even a page's own")
    for _ in range(6):  # past what the page itself has
        visitor.presses("Tab")
        if visitor.focused() == "launcher":
            break
    visitor.presses("Enter")
    visitor.until("document.querySelector('feedback-widget').shadowRoot.activeElement?.type === 'radio'")
    visitor.presses("Space", "ArrowRight")
    assert visitor.focused() == "radio chosen"
    visitor.presses("Tab")
    assert visitor.focused() == "textarea"
    visitor.driver.types("By keys")
    visitor.presses("Tab")
    assert visitor.focused() == "send"
    visitor.presses("Enter")
    visitor.until("document.querySelector('feedback-widget').shadowRoot.activeElement?.closest('[data-question=topic]')")
    visitor.presses("Escape")
    visitor.sees("launcher")
    assert visitor.focused() == "launcher"


def test_offline_the_words_are_kept_and_go_out_when_the_network_is_back(visitor: Visitor) -> None:
    visitor.goes_to()
    complains(visitor, "No network here")
    visitor.offline(True)
    visitor.clicks("[data-part=skip]")
    visitor.sees("offline")
    assert "No network here" in visitor.asks("JSON.stringify(localStorage)")
    visitor.offline(False)
    visitor.sees("thanks")
    assert [answer["answers"]["comment"] for answer in visitor.host.finished()] == ["No network here"]


def test_help_comes_up_for_what_is_typed_and_goes_with_it(visitor: Visitor) -> None:
    entry = {"title": "Where is my refund?", "text": "It takes five days.", "words": ["refund"]}
    before = dict(visitor.host.config)
    visitor.host.config |= {"help": True, "places": "*"}
    visitor.host.help = {"p": 1, "lang": "en", "entries": [entry]}
    shown = "(document.querySelector('feedback-widget').shadowRoot.querySelector('[data-part=help]')?.innerText ?? '')"
    try:
        visitor.goes_to()
        visitor.clicks("[data-part=launcher]")
        visitor.clicks("label.opt", POOR)
        visitor.writes("[data-question=comment] textarea", "My refund")
        visitor.until(f"{shown}.includes('Where is my refund?')")
        assert visitor.focused() == "textarea"
        visitor.clicks("[data-part=help] summary")
        visitor.until(f"{shown}.includes('It takes five days.')")
        visitor.clicks("[data-part=send]")
        visitor.rect("[data-question=topic]")
        visitor.until("FeedbackWidget.remove() || !document.querySelector('feedback-widget')")
    finally:
        visitor.host.config, visitor.host.help = before, None


def test_what_was_begun_is_there_after_a_reload(visitor: Visitor) -> None:
    visitor.goes_to()
    visitor.clicks("[data-part=launcher]")
    visitor.clicks("label.opt", POOR)
    visitor.writes("[data-question=comment] textarea", "Half a")
    visitor.goes_to()
    visitor.clicks("[data-part=launcher]")
    visitor.rect("[data-question=comment] textarea")
    root = "document.querySelector('feedback-widget').shadowRoot"
    assert visitor.asks(f"{root}.querySelector('[data-question=comment] textarea').value") == "Half a"
    assert visitor.asks(f"[...{root}.querySelectorAll('label.opt input')].findIndex((one) => one.checked)") == POOR
