"""Links and short answers in the panel while somebody writes or chooses: shown, read by keyboard, and never in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.axe import faults
from tests.widget.conftest import OnPage

pytestmark = pytest.mark.browser

REFUND = {"title": "Where is my refund?", "text": "It takes <b>five</b> days.\nOr six.", "url": "https://tern.example/refunds?a=1"}
WAITING = "While you write, answers that may help appear here."
LIST = [
    REFUND | {"words": ["refund", "คืนเงิน"]},
    {"title": "Bags", "url": "https://tern.example/bags", "words": ["bag", "suitcase"]},
    {"title": "Seat map", "text": "Press a seat.", "topics": ["topic.search"]},
]


class Helped(OnPage):
    @property
    def help(self) -> Locator:
        return self.part("help")

    def asked(self, path: str = "/plain") -> None:
        self.host.config |= {"help": True, "places": "*"}
        self.host.help = {"p": 1, "lang": "en", "entries": LIST}
        self.goes_to(path)

    def types(self, words: str) -> None:
        self.page.locator("[data-question=comment] textarea").fill(words)


@pytest.fixture
def helped(on_page: OnPage) -> Helped:
    return Helped(on_page.page, on_page.host)


def test_it_comes_up_for_what_is_typed_by_keyboard_and_the_way_to_a_person_stays(helped: Helped) -> None:
    helped.asked("/strict")
    helped.rates()
    expect(helped.help).to_have_text(WAITING, use_inner_text=True)
    helped.types("Where is my refund? And my bag")
    expect(helped.help.get_by_role("listitem")).to_have_count(2)
    expect(helped.help).to_contain_text("Not what you need? Just go on: a person reads your message.")
    expect(helped.help.get_by_role("status")).to_have_text("This may help: Where is my refund?, Bags")
    # by keyboard: the short answer opens in place, what is in it is text, and the focus stays
    helped.page.locator("[data-question=comment] textarea").focus()
    helped.page.keyboard.press("Tab")
    helped.page.keyboard.press("Enter")
    expect(helped.help.get_by_text("It takes <b>five</b> days.")).to_be_visible()
    helped.page.keyboard.press("Tab")
    link = helped.help.get_by_role("link", name="tern.example/refunds (opens in a new tab)")
    expect(link).to_be_focused()
    assert link.get_attribute("rel") == "noopener"
    assert [fault for fault in faults(helped.page) if "feedback-widget" in fault] == []
    # more is typed, and what is open stays open
    helped.types("Where is my refund? And my bag, please")
    helped.page.wait_for_timeout(600)
    expect(helped.help.get_by_text("It takes <b>five</b> days.")).to_be_visible()
    helped.types("Something else altogether")
    expect(helped.help).to_have_text(WAITING, use_inner_text=True)
    # sending works as ever
    helped.part("send").click()
    helped.part("send").click()
    helped.part("skip").click()
    helped.part("thanks").wait_for()
    expect(helped.help).to_have_count(0)
    assert helped.host.finished()[0]["answers"]["comment"] == "Something else altogether"
    assert helped.errors == []


def test_a_chosen_answer_brings_its_entry_along_to_the_next_step_and_to_no_other(helped: Helped) -> None:
    helped.asked()
    helped.rates()
    helped.part("send").click()
    helped.page.locator("[data-question=topic] label.opt").first.click()
    helped.page.locator("[data-question=contact]").wait_for()
    expect(helped.help).to_contain_text("Seat map")
    # told once: it does not stand in the way of the other steps
    helped.part("back").click()
    helped.page.locator("[data-question=topic]").wait_for()
    expect(helped.help).to_be_hidden()
    helped.part("send").click()
    expect(helped.help).to_contain_text("Seat map")


def test_ten_thousand_letters_thai_and_a_phone(helped: Helped) -> None:
    helped.page.set_viewport_size({"width": 320, "height": 640})
    helped.asked()
    helped.rates()
    helped.types("ยังไม่ได้รับการคืนเงินเลย " * 380)
    expect(helped.help).to_contain_text("Where is my refund?")
    helped.help.locator("summary").click()
    box = helped.help.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    for row in helped.help.locator("summary, li > a").all():
        assert row.bounding_box()["height"] >= 44  # type: ignore[index]
    assert helped.page.evaluate("document.documentElement.scrollWidth") <= 320
    helped.part("send").click()
    helped.page.locator("[data-question=topic]").wait_for()


def test_nothing_of_it_is_loaded_without_a_list_and_what_fails_costs_nothing(helped: Helped) -> None:
    asked: list[str] = []
    helped.page.on("request", lambda request: asked.append(request.url))
    helped.goes_to("/plain")
    helped.sends()
    helped.part("thanks").wait_for()
    assert not [url for url in asked if "/help" in url]
    # a list that can't be had
    helped.host.config |= {"help": True, "places": "*"}
    helped.host.help = None
    helped.goes_to("/plain")
    helped.sends("The list was away")
    helped.part("thanks").wait_for()
    assert [url for url in asked if url.endswith("/help/en")]
    expect(helped.help).to_have_count(0)
    assert helped.errors == []


def test_it_stands_in_a_survey_in_the_page_too(helped: Helped) -> None:
    helped.host.inside = '<div data-feedback-survey="feedback"></div>'
    helped.asked()
    helped.page.locator("feedback-widget label.opt", has_text="Poor").click()
    helped.types("my suitcase")
    expect(helped.help.get_by_role("link", name="Bags")).to_be_visible()
