"""What somebody wrote is kept on every way out of a page and back: closing, back, a second tab, a quicker page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser


def heard(page: Page, host: HostPage, words: str) -> list[dict[str, Any]]:
    """The snapshots with these words, once there are any."""
    for _ in range(200):
        if found := [one for one in host.answers if one["answers"].get("comment") == words]:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"never arrived: {words}")


def writes(on_page: OnPage, words: str) -> None:
    on_page.rates()
    on_page.page.locator("[data-question=comment] textarea").fill(words)


def says(on_page: OnPage, words: str) -> None:
    """In place of what is written there, and is done with it."""
    area = on_page.page.locator("[data-question=comment] textarea")
    area.fill(words)
    area.dispatch_event("change")


def test_a_page_that_is_closed_or_left_sends_what_was_written(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    writes(on_page, "left by a link")
    on_page.page.evaluate("location.href = '/next'")
    on_page.part("launcher").wait_for()
    assert [one["finished"] for one in heard(on_page.page, host, "left by a link")] == [False]
    on_page.part("launcher").click()
    area = on_page.page.locator("[data-question=comment] textarea")
    expect(area).to_have_value("left by a link")
    on_page.page.go_back()
    on_page.part("launcher").click()
    expect(area).to_have_value("left by a link")
    area.fill("closed at once")
    another = on_page.page.context.new_page()
    on_page.page.close()
    assert len({one["id"] for one in heard(another, host, "closed at once") + host.answers}) == 1, "one answer all along"


def test_two_tabs_answer_for_themselves(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    other = OnPage(on_page.page.context.new_page(), host)
    other.goes_to()
    writes(on_page, "from the first")
    other.sends("from the second")
    expect(other.part("thanks")).to_be_visible()
    for part in ("send", "send", "skip"):
        on_page.part(part).click()
    expect(on_page.part("thanks")).to_be_visible()
    assert [one["answers"]["comment"] for one in host.finished()] == ["from the second", "from the first"]
    assert len({one["id"] for one in host.finished()}) == 2


def test_a_copied_tab_gives_an_answer_of_its_own_and_a_reload_goes_on_with_the_same(
    on_page: OnPage, host: HostPage
) -> None:
    """A window that a page opens gets a copy of its session, as a tab that somebody duplicates does."""
    page = on_page.page
    on_page.goes_to()
    writes(on_page, "begun")
    begun = heard(page, host, "begun")[0]["id"]
    page.reload()
    on_page.part("launcher").click()
    says(on_page, "gone on with")
    assert {one["id"] for one in heard(page, host, "gone on with")} == {begun}
    with page.expect_popup() as opened:
        page.evaluate("void open(location.href)")
    copy = OnPage(opened.value, host)
    copy.part("launcher").click()
    expect(copy.page.locator("[data-question=comment] textarea")).to_have_value("gone on with")
    says(copy, "from the copy")
    heard(page, host, "from the copy")
    for one in (on_page, copy):
        for part in ("send", "send", "skip"):
            one.part(part).click()
        expect(one.part("thanks")).to_be_visible()
    assert [one["answers"]["comment"] for one in host.finished()] == ["gone on with", "from the copy"]
    assert len({one["id"] for one in host.finished()}) == 2
    with page.expect_popup() as opened:
        copy.page.bring_to_front()
        page.evaluate("void open(location.href)")
    late = OnPage(opened.value, host)
    late.sends("a third one")
    expect(late.part("thanks")).to_be_visible()
    assert len({one["id"] for one in host.finished()}) == 3


def test_a_page_that_comes_back_after_its_answer_was_finished_elsewhere_says_more_under_another_id(
    on_page: OnPage, host: HostPage
) -> None:
    """As from a browser's cache of pages: the panel stands as it was left, the draft was finished on the next page."""
    on_page.goes_to()
    writes(on_page, "first words")
    on_page.part("send").click()
    first = heard(on_page.page, host, "first words")[0]["id"]
    on_page.page.evaluate("sessionStorage.removeItem('fw:K:draft:feedback'), localStorage['fw:K:marks'] = '[\"its\"]'")
    on_page.part("back").click()
    on_page.page.locator("[data-question=comment] textarea").fill("and more")
    for part in ("send", "send", "skip"):
        on_page.part(part).click()
    expect(on_page.part("thanks")).to_be_visible()
    last = host.finished()[-1]
    assert last["answers"]["comment"] == "and more"
    assert last["id"] != first


NAMES = "JSON.stringify([...Object.keys(localStorage), ...Object.keys(sessionStorage)].map((key) => key.slice(5)))"


def names(page: Page) -> set[str]:
    return set(json.loads(page.evaluate(NAMES)))


@pytest.mark.parametrize("mode", ["open", "ask"])
def test_consent_that_is_taken_back_leaves_nothing_but_what_waits_to_be_sent(
    on_page: OnPage, host: HostPage, mode: str
) -> None:
    host.config["site"]["consent"] = mode
    host.config["surveys"][1]["percent"] = 100
    page = on_page.page
    on_page.goes_to()
    page.evaluate("FeedbackWidget.consent(true)")
    on_page.leaves()
    expect(on_page.part("panel")).to_be_visible()
    on_page.part("close").click()
    on_page.sends("an answer with a receipt")
    expect(on_page.part("thanks")).to_be_visible()
    on_page.part("close").click()
    on_page.rates()
    says(on_page, "never sent")
    heard(page, host, "never sent")
    on_page.part("close").click()
    page.wait_for_function("!localStorage['fw:K:queue']")
    personal = {"visitor", "lot", "marks", "seen", "receipts", "tab", "visit", "draft:feedback", "asked"}
    assert names(page) >= personal
    page.evaluate("FeedbackWidget.consent(false)")
    for _ in range(100):
        if not names(page) & personal - {"seen"}:
            break
        page.wait_for_timeout(50)
    # in mode `open` what happens from now on is noticed again
    assert names(page) == set()
    page.locator("h1").click()
    assert "never sent" not in on_page.kept("sessionStorage")
    assert "Feedback" not in on_page.kept("sessionStorage")
    assert on_page.kept("sessionStorage").count("click") == (1 if mode == "open" else 0)


def test_consent_that_is_taken_back_drops_no_answer_that_waits(on_page: OnPage, host: HostPage) -> None:
    page = on_page.page
    on_page.goes_to()
    on_page.writes("waits with an address")
    page.locator("[type=email]").fill("maren@tern.example")
    page.locator("[data-question=contact] [type=checkbox]").check()
    page.route("**/responses", lambda route: route.fulfill(status=503, headers={"Retry-After": "60"}))
    on_page.part("send").click()
    expect(on_page.part("again")).to_be_visible()
    on_page.part("close").click()
    page.evaluate("FeedbackWidget.consent(false)")
    page.wait_for_function("!sessionStorage['fw:K:draft:feedback']")
    (address,) = names(page) - {"queue", "tab"}
    assert address.startswith("personal:")
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    for _ in range(100):
        if host.finished():
            break
        page.wait_for_timeout(50)
    assert host.finished()[0]["answers"]["contact"]["email"] == "maren@tern.example"


def test_what_was_written_while_the_server_was_away_goes_out_from_the_next_page(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    writes(on_page, "written while it was away")
    host.down = True
    on_page.page.evaluate("location.href = '/next'")
    on_page.part("launcher").wait_for()
    assert host.answers == [] or all("comment" not in one["answers"] for one in host.answers)
    host.down = False
    on_page.page.evaluate("dispatchEvent(new Event('online'))")
    assert heard(on_page.page, host, "written while it was away")
    assert on_page.errors == []
