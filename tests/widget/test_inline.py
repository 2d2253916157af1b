"""A survey in an element of the page: part of the page, in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage, ref

pytestmark = pytest.mark.browser

PLACE = '<div id="here" data-feedback-survey="feedback"></div>'


@pytest.fixture
def inline(on_page: OnPage, host: HostPage) -> OnPage:
    host.inside = PLACE + '<p id="below">What follows</p>'
    host.config["places"] = "*"
    host.config["button"] |= {"position": "tab-end", "hidden": True}  # what moves the button moves nothing in the page
    on_page.goes_to()
    on_page.page.locator("#here [data-part=step]").wait_for()
    return on_page


def test_it_is_drawn_in_its_element_and_asks_like_any_other(inline: OnPage, host: HostPage) -> None:
    page = inline.page
    here = page.locator("#here")
    inside = here.locator("[data-part=panel]").bounding_box()
    assert inside == here.bounding_box()
    expect(here.locator("[data-part=panel]")).to_have_attribute("role", "group")
    expect(here.locator("[data-part=close]")).to_be_hidden()
    above, below = here.bounding_box(), page.locator("#below").bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"] + 1, "it takes its own room and covers nothing"
    here.locator("label.opt", has_text="Poor").click()
    here.locator("textarea").fill("The seat map hid its button")
    for part in ("send", "send", "skip"):
        here.locator(f"[data-part={part}]").click()
    expect(here.locator("[data-part=thanks]")).to_be_visible()
    finished = host.finished()
    assert [answer["answers"] for answer in finished] == [{"mood": 2, "comment": "The seat map hid its button"}]
    assert finished[0]["context"]["signals"]["trigger"] == "inline"
    assert inline.errors == []


def test_it_moves_no_focus_and_takes_no_keys(inline: OnPage) -> None:
    page = inline.page
    assert page.evaluate("document.activeElement === document.body")
    page.evaluate("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented; })")
    page.keyboard.press("F6")
    assert page.evaluate("window.taken") is False
    page.locator("#here label.opt", has_text="Poor").click()
    page.keyboard.press("Escape")
    expect(page.locator("#here [data-part=step]")).to_be_visible()
    page.locator("#here textarea").focus()
    for _ in range(12):  # no trap: the keyboard comes out of it again
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id !== 'here' && !document.activeElement.closest?.('#here')"):
            break
    else:
        pytest.fail("Tab never left the survey")


def test_axe_finds_nothing_in_it(inline: OnPage) -> None:
    assert faults(inline.page, "#here") == []


def test_the_button_beside_it_opens_its_own_panel_and_a_trigger_asks_nothing_twice(on_page: OnPage, host: HostPage) -> None:
    leaving: list[dict[str, Any]] = [{"kind": "exit_intent", "min_dwell_seconds": 0}]
    host.config["surveys"] = [ref("feedback"), ref("exit", triggers=leaving)]
    host.inside = '<div id="here" data-feedback-survey="exit"></div>'
    on_page.goes_to()
    on_page.page.locator("#here [data-part=step]").wait_for()
    on_page.leaves()
    on_page.page.wait_for_timeout(300)
    assert on_page.page.locator("[data-part=panel]").count() == 1
    on_page.part("launcher").click()
    expect(on_page.page.locator("[data-part=panel][role=dialog]")).to_be_visible()
    on_page.closes()
    expect(on_page.page.locator("[data-part=panel]")).to_have_count(1)


def test_elements_may_come_and_go_and_an_unknown_survey_is_told_to_the_console(on_page: OnPage, host: HostPage) -> None:
    said: list[str] = []
    on_page.page.on("console", lambda message: said.append(message.text))
    host.inside = '<div data-feedback-survey="nonsense"></div><div id="app"></div>'
    on_page.goes_to()
    page = on_page.page
    page.evaluate("html => { document.getElementById('app').innerHTML = html }", PLACE)
    page.locator("#here label.opt", has_text="Poor").click()
    page.evaluate("html => { document.getElementById('app').innerHTML = html }", PLACE)
    expect(page.locator("#here label.opt input:checked")).to_have_count(1)  # a framework drew it anew: nothing is lost
    page.evaluate("document.getElementById('here').replaceChildren()")
    expect(page.locator("#here [data-part=step]")).to_be_visible()
    page.evaluate("FeedbackWidget.remove()")
    expect(page.locator("feedback-widget")).to_have_count(0)
    assert any("no survey 'nonsense'" in line for line in said)
    assert on_page.errors == []


def test_it_is_as_wide_as_its_element_and_mirrored_where_people_read_from_the_right(on_page: OnPage, host: HostPage) -> None:
    host.language = "ar"
    for survey in host.config["surveys"]:
        survey["languages"] = ["ar"]
    host.inside = f'<section dir="rtl" style="width: 280px">{PLACE}</section>'
    on_page.page.set_viewport_size({"width": 320, "height": 600})
    on_page.goes_to()
    panel = on_page.page.locator("#here [data-part=panel]")
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] <= 280
    assert panel.evaluate("el => getComputedStyle(el).direction") == "rtl"
    assert on_page.page.evaluate("document.documentElement.scrollWidth") <= 320


COUNTS = """window.loops = 0; const add = window.addEventListener;
window.addEventListener = function (name, heard, how) {
  if (name === 'online' && !how.once) window.loops++;
  return add.call(this, name, heard, how);
};"""


def test_what_several_surveys_could_not_send_is_sent_by_one_loop(on_page: OnPage, host: HostPage) -> None:
    host.inside = PLACE + '<div id="there" data-feedback-survey="exit"></div>'
    page = on_page.page
    page.add_init_script(COUNTS)
    page.route("**/responses", lambda route: route.fulfill(status=503, headers={"Retry-After": "60"}))
    on_page.goes_to()
    for place in ("#here", "#there"):
        with page.expect_response("**/responses"):
            page.locator(f"{place} label.opt").first.click()
    page.wait_for_function("window.loops")
    page.wait_for_timeout(500)
    assert page.evaluate("loops") == 1
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("!localStorage['fw:K:queue']")
    assert {answer["survey"] for answer in host.answers} == {"feedback", "exit"}
