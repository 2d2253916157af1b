"""One question of each type in a real Chromium: by keyboard, back and forth, after a reload, narrow, dark, and by axe."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

ANSWERED = {
    "mood": 4, "stars": 2, "helpful": False, "found": True, "reason": "other", "reason_other": "The date",
    "comment": "Words", "order": {"time": 1, "price": 2, "room": 3}, "parts": {"seats": 2, "bags": 1}, "day": "2026-03-31",
    "contact": {"name": "สมชาย", "consent": True},
}  # fmt: skip


class Answering(OnPage):
    def begins(self) -> None:
        self.goes_to("/plain")
        self.page.evaluate("FeedbackWidget.open('each')")
        self.part("step").wait_for()

    def question(self, key: str) -> Locator:
        return self.page.locator(f"[data-question={key}]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def onward(self, key: str) -> None:
        """Next, by keyboard, to the question with this key."""
        self.part("send").focus()
        self.press("Enter")
        expect(self.question(key)).to_be_visible()


@pytest.fixture
def answering(on_page: OnPage) -> Answering:
    return Answering(on_page.page, on_page.host)


def answer_all(who: Answering, look: Any = lambda key: None) -> None:
    """By keyboard alone, through every question; `look` is called at each, once it is answered."""
    who.question("mood").locator("input").first.focus()
    who.press("Space", "ArrowRight", "ArrowRight")
    look("mood")
    who.onward("stars")
    who.press("Space", "ArrowRight")
    look("stars")
    who.onward("helpful")
    who.press("Space", "ArrowRight")
    look("helpful")
    who.onward("found")
    who.press("Space")
    look("found")
    who.onward("reason")
    who.question("reason").get_by_label("Something else").focus()
    who.press("Space")
    expect(who.question("reason_other")).to_be_visible()
    who.press("Tab")
    who.page.keyboard.type("The date")
    look("reason")
    who.press("Enter")
    expect(who.question("comment")).to_be_visible()
    who.page.keyboard.type("Words")
    look("comment")
    who.onward("order")
    who.question("order").get_by_role("button", name="Move On time up").focus()
    who.press("Enter")
    look("order")
    who.onward("parts")
    who.press("Space", "ArrowRight", "Tab", "Space")
    look("parts")
    who.onward("day")
    who.question("day").locator("input").fill("2026-03-31")
    look("day")
    who.onward("rules")
    look("rules")
    who.onward("contact")
    who.page.keyboard.type("สมชาย")
    who.press("Tab", "Tab", "Space")
    look("contact")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_each_type_is_answered_by_keyboard_and_pleases_axe(
    answering: Answering, host: HostPage, width: int, scheme: str
) -> None:
    page = answering.page
    zoomed = width == 320  # as 1280 × 1024 at 400 %, and in the system's own colours
    page.set_viewport_size({"width": width, "height": 256 if zoomed else 800})
    forced: Literal["active", "none"] = "active" if zoomed else "none"
    page.emulate_media(reduced_motion="reduce", color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
    answering.begins()
    small = """() => [...document.querySelector('feedback-widget').shadowRoot
        .querySelectorAll('button,.opt,.grip,.field,textarea')]
        .filter((it) => it.offsetParent && (it.offsetHeight < 24 || it.offsetWidth < 24)).map((it) => it.outerHTML)"""

    def look(key: str) -> None:
        assert faults(page, "feedback-widget") == [], key
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key
        body = answering.part("step")
        assert body.evaluate("it => it.scrollWidth <= it.clientWidth"), f"{key} is wider than the panel"
        assert page.evaluate(small) == [], key

    answer_all(answering, look)
    answering.part("send").focus()
    answering.press("Enter")
    expect(answering.part("thanks")).to_be_visible()
    assert host.finished()[-1]["answers"] == ANSWERED
    assert answering.errors == []


def test_back_and_a_reload_find_every_answer_as_it_was_given(answering: Answering, host: HostPage) -> None:
    answering.begins()
    order = answering.question("order")
    answer_all(answering)
    answering.page.reload()
    answering.part("launcher").wait_for()
    answering.page.evaluate("FeedbackWidget.open('each')")
    answering.part("step").wait_for()
    assert answering.question("mood").locator("input:checked").get_attribute("value") == "4"
    answering.onward("stars")
    answering.onward("helpful")
    assert answering.question("helpful").locator("input:checked").get_attribute("value") == "down"
    answering.onward("found")
    answering.onward("reason")
    expect(answering.question("reason_other").locator("textarea")).to_have_value("The date")
    answering.onward("comment")
    answering.onward("order")
    assert order.locator(".name").all_inner_texts() == ["On time", "Price", "Room for my legs"]
    answering.onward("parts")
    assert order.count() == 0
    assert answering.question("parts").locator("input:checked").count() == 2
    answering.onward("day")
    expect(answering.question("day").locator("input")).to_have_value("2026-03-31")
    answering.onward("rules")
    answering.part("back").click()
    expect(answering.question("day").locator("input")).to_have_value("2026-03-31")
    answering.onward("rules")
    answering.onward("contact")
    expect(answering.question("contact").locator("[autocomplete=name]")).to_have_value("สมชาย")
    answering.part("send").click()
    expect(answering.part("thanks")).to_be_visible()
    assert host.finished()[-1]["answers"] == ANSWERED


def test_a_random_order_is_the_same_on_every_look_and_the_option_with_a_text_stays_last(answering: Answering) -> None:
    answering.begins()

    def seen() -> list[str]:
        while not answering.question("reason").count():
            answering.question("mood").locator("label.opt").first.click() if answering.question("mood").count() else None
            answering.part("send").click()
        return answering.question("reason").locator("label.opt").all_inner_texts()

    first = seen()
    assert first[-1] == "Something else"
    assert sorted(first) == ["No seats together", "Something else", "The price"]
    answering.part("back").click()
    assert seen() == first
    answering.page.reload()
    answering.part("launcher").wait_for()
    answering.page.evaluate("FeedbackWidget.open('each')")
    assert seen() == first


def test_a_ranking_is_dragged_by_its_handle_and_every_move_is_told(answering: Answering, host: HostPage) -> None:
    answering.begins()
    answer_all(answering, lambda key: dragged(answering) if key == "order" else None)
    answering.part("send").click()
    expect(answering.part("thanks")).to_be_visible()
    assert host.finished()[-1]["answers"]["order"] == {"room": 1, "time": 2, "price": 3}


def dragged(who: Answering) -> None:
    """The last one to the top; then nothing of it is lost by letting go outside."""
    grip = who.question("order").locator("li").last.locator(".grip").bounding_box()
    top = who.question("order").locator("li").first.bounding_box()
    assert grip
    assert top
    who.page.mouse.move(grip["x"] + 8, grip["y"] + 20)
    who.page.mouse.down()
    who.page.mouse.move(grip["x"] + 8, grip["y"] - 20, steps=4)
    who.page.mouse.move(grip["x"] + 8, top["y"] - 10, steps=8)
    who.page.mouse.up()
    expect(who.page.locator("feedback-widget .live")).to_have_text("Room for my legs: place 1 of 3")


SNAPSHOTS = {
    "mood": '''
        - group "How was booking today?":
          - radio "Awful"
          - radio "Poor"
          - radio "Good" [checked]
          - radio "Great"''',
    "stars": '''
        - group "How was choosing your seat?":
          - radio "1 of 5, very bad"
          - radio "2 of 5, bad" [checked]
          - radio "3 of 5, okay"
          - radio "4 of 5, good"
          - radio "5 of 5, very good"''',
    "found": '''
        - group "Did you find your booking?":
          - radio "Yes" [checked]
          - radio "No"''',
    "comment": '''
        - text: What would you change?
        - textbox "What would you change?": Words''',
    "helpful": '''
        - group "Did this page help?":
          - radio "Good"
          - radio "Not good" [checked]''',
    "order": '''
        - group "What matters most when you fly?":
          - heading "What matters most when you fly?" [level=2]
          - paragraph: Drag by the dots, or use the arrows. The first one matters most.
          - list:
            - listitem:
              - button "Move On time up" [disabled]
              - button "Move On time down"
            - listitem:
              - button "Move Price up"
              - button "Move Price down"
            - listitem:
              - button "Move Room for my legs up"
              - button "Move Room for my legs down" [disabled]''',
    "parts": '''
        - group "How clear was it?":
          - group "Choosing seats":
            - radio "Not at all"
            - radio "Partly" [checked]
            - radio "Fully"
          - group "Adding bags":
            - radio "Not at all" [checked]
            - radio "Partly"
            - radio "Fully"''',
    "day": '''
        - text: When did you fly?
        - textbox "When did you fly?"''',
    "rules": '''
        - heading "What we do when a flight is late stands on one page." [level=2]
        - paragraph:
          - link "Read it"''',
    "contact": '''
        - textbox "Name": สมชาย
        - textbox "May we write to you about it? E-mail"
        - checkbox "Tern Air may e-mail me about this message." [checked]''',
}


def test_readers_are_told_what_each_question_is(answering: Answering) -> None:
    answering.begins()

    def look(key: str) -> None:
        if key in SNAPSHOTS:
            expect(answering.question(key)).to_match_aria_snapshot(SNAPSHOTS[key])

    answer_all(answering, look)


def test_after_a_bad_rating_contact_says_why_it_asks(answering: Answering) -> None:
    answering.begins()
    answering.question("mood").locator("label.opt").first.click()
    for key in ("stars", "helpful", "found", "reason", "comment", "order", "parts", "day", "rules", "contact"):
        answering.onward(key)
    expect(answering.question("contact")).to_contain_text("May we put this right?")
    assert json.loads(answering.kept("sessionStorage"))


def test_a_question_without_a_field_takes_the_focus_with_its_heading(answering: Answering) -> None:
    answering.begins()
    at = []
    heading = "document.querySelector('feedback-widget').shadowRoot.activeElement?.id"
    answer_all(answering, lambda key: None)
    for key in ("rules", "day", "parts", "order"):
        answering.part("back").click()
        at.append((key, answering.page.evaluate(heading)))
    assert [said for said in at if said[0] in ("rules", "order")] == [("rules", "q-rules-q"), ("order", "q-order-q")]


def test_a_variant_brings_its_own_hint_and_takes_it_back(answering: Answering) -> None:
    answering.goes_to("/plain")
    answering.page.evaluate("FeedbackWidget.open('hinted')")
    stars = answering.question("mood").locator("label.opt")
    panel = answering.part("panel")
    for rating, said, other in (
        (4, "No card numbers.", "Which page was it?"),
        (0, "Which page was it?", "No card numbers."),
        (3, "No card numbers.", "Which page was it?"),
    ):
        stars.nth(rating).click()
        expect(panel).to_contain_text(said)
        expect(panel).not_to_contain_text(other)
    answering.onward("day")
    expect(panel.locator("#q-day-hint")).to_be_hidden()
    answering.part("back").click()
    stars.nth(0).click()
    answering.onward("day")
    expect(answering.question("day").locator("input")).to_have_accessible_description("A guess will do.")
    assert answering.errors == []
