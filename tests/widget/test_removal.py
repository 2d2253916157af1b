"""`FeedbackWidget.remove()` leaves no listener, timer, observer, node or global behind, whatever the widget was doing.

Everything of the kind is counted from before the widget loads; the page's own is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage, ref
from tests.widget.rich_page import RichPage

pytestmark = pytest.mark.browser

WATCHED = (Path(__file__).parent / "watched_page.js").read_text()
TRIGGERS: list[dict[str, Any]] = [
    {"kind": "exit_intent"},
    {"kind": "dwell", "seconds": 600},
    {"kind": "event", "name": "failed"},
    {"kind": "scroll", "percent": 99},
    {"kind": "idle", "seconds": 600},
    {"kind": "page_view", "pages": 90},
    {"kind": "click", "selector": "#nothing"},
    {"kind": "visible", "selector": "h1.nowhere"},
    {"kind": "dead_click"},
    {"kind": "form_error", "times": 9},
    {"kind": "back_and_forth"},
    {"kind": "rage_click"},
    {"kind": "error"},
]


class Watched:
    """A page on which everything that lives is counted, with the widget in some state."""

    def __init__(self, on_page: OnPage, host: HostPage) -> None:
        self.on_page, self.page, self.host = on_page, on_page.page, host
        self.page.add_init_script(WATCHED)

    def loads(self) -> None:
        """The page without its tag first, so that what it has of its own is known; then the tag."""
        self.page.goto(self.host.origin + "/bare")
        self.tags()
        self.on_page.part("launcher").wait_for()
        self.page.evaluate("new Promise((on) => { FeedbackWidget.on('ready', on); setTimeout(on, 1500); })")
        assert self.page.evaluate("watched.lives()") > 0

    def tags(self) -> None:
        self.page.evaluate(
            """(origin) => {
              watched.begin();
              const tag = document.createElement('script');
              Object.assign(tag, {src: `${origin}/widget.js`, async: true});
              tag.dataset.site = 'K';
              document.head.append(tag);
            }""",
            self.host.origin,
        )

    def opens(self) -> None:
        self.on_page.part("launcher").click()
        self.on_page.part("step").wait_for()

    def left(self) -> dict[str, list[str]]:
        """What is there after remove(), once what ends by itself within a moment has ended."""
        self.page.evaluate("FeedbackWidget.remove()")
        until = time.monotonic() + 3
        while True:
            found: dict[str, list[str]] = self.page.evaluate("watched.left()")
            found["nodes"] = [one for one in found["nodes"] if not one.startswith("SCRIPT")]  # the page's own tag
            left = {name: those for name, those in found.items() if those}
            if not left or time.monotonic() > until:
                return left
            self.page.wait_for_timeout(50)


@pytest.fixture
def watched(on_page: OnPage, host: HostPage) -> Watched:
    return Watched(on_page, host)


def idle(watched: Watched) -> None:
    watched.loads()


def every_trigger_armed(watched: Watched) -> None:
    watched.host.config["surveys"] += [
        ref(f"s{number}", triggers=[trigger]) for number, trigger in enumerate(TRIGGERS)
    ]
    with watched.page.expect_response("**/occasions.js"):
        watched.loads()
    watched.page.mouse.move(300, 300)
    watched.page.mouse.click(300, 20)
    watched.page.mouse.wheel(0, 300)


def panel_open(watched: Watched) -> None:
    watched.loads()
    watched.opens()
    watched.page.keyboard.press("F6")


def words_being_typed(watched: Watched) -> None:
    watched.loads()
    watched.on_page.rates()
    watched.page.locator("[data-question=comment] textarea").fill("half a sentence")


def thanked(watched: Watched) -> None:
    watched.loads()
    watched.on_page.sends()
    watched.on_page.part("thanks").wait_for()


def waiting_to_send_again(watched: Watched) -> None:
    watched.loads()
    watched.on_page.writes("nobody takes it")
    watched.host.status = 503
    watched.on_page.part("skip").click()
    expect(watched.on_page.part("send")).to_have_text("Sending…")
    watched.page.wait_for_timeout(300)


def kept_for_later(watched: Watched) -> None:
    watched.loads()
    watched.on_page.writes("nobody is there")
    watched.page.context.set_offline(True)
    watched.on_page.part("skip").click()
    watched.on_page.part("offline").wait_for()


def on_a_rich_page(watched: Watched) -> None:
    watched.host.stop()
    watched.host = watched.on_page.host = RichPage()
    watched.loads()
    watched.opens()


def pointing(watched: Watched) -> None:
    on_a_rich_page(watched)
    watched.on_page.part("pick-start").click()
    watched.page.mouse.move(200, 200)
    watched.page.keyboard.press("Tab")


def marking_a_picture(watched: Watched) -> None:
    on_a_rich_page(watched)
    watched.on_page.part("send").click()
    watched.on_page.part("shot-take").click()
    watched.on_page.part("editor").wait_for(timeout=30_000)


def an_answer_being_offered(watched: Watched) -> None:
    watched.host.case |= {"answered": True, "url": f"{watched.host.origin}/r/t"}
    watched.page.goto(watched.host.origin + "/bare")
    watched.page.evaluate("localStorage['fw:K:receipts'] = JSON.stringify([{token: 't', at: Date.now()}])")
    with watched.page.expect_response("**/answer-en.js"):
        watched.loads()
    watched.page.wait_for_timeout(300)
    watched.on_page.part("launcher").click()
    watched.on_page.part("answer").wait_for()


def help_being_shown(watched: Watched) -> None:
    watched.host.config |= {"help": True, "places": "*"}
    entry = {"title": "Where is my refund?", "text": "It takes five days.", "words": ["refund"]}
    watched.host.help = {"p": 1, "lang": "en", "entries": [entry]}
    with watched.page.expect_response("**/placement.js"):
        watched.loads()
    watched.on_page.rates()
    watched.page.locator("[data-question=comment] textarea").fill("my refund")
    watched.page.locator("[data-part=help] summary").click()
    watched.page.keyboard.type(" and more")


def still_loading(watched: Watched) -> None:
    """Removed between the config and what watches the visit."""
    slow: list[Route] = []
    watched.page.route("**/visit.js", lambda route: slow.append(route))
    watched.page.goto(watched.host.origin + "/bare")
    watched.tags()
    watched.on_page.part("launcher").wait_for()
    while not slow:
        watched.page.wait_for_timeout(50)
    watched.page.evaluate("window.removeWidget = FeedbackWidget.remove; removeWidget()")
    slow[0].continue_()
    watched.page.wait_for_timeout(500)
    watched.page.evaluate("window.FeedbackWidget = {remove() { delete window.FeedbackWidget; delete window.removeWidget; }}")


@pytest.mark.parametrize(
    "state",
    [
        idle,
        every_trigger_armed,
        panel_open,
        words_being_typed,
        thanked,
        waiting_to_send_again,
        kept_for_later,
        pointing,
        marking_a_picture,
        an_answer_being_offered,
        help_being_shown,
        still_loading,
    ],
)
def test_removed_the_widget_leaves_the_page_as_it_was(watched: Watched, state: Callable[[Watched], None]) -> None:
    state(watched)
    assert watched.left() == {}
    assert [said for said in watched.on_page.errors if "Security Policy" not in said] == []


def test_after_removal_the_tag_may_come_again(watched: Watched) -> None:
    watched.loads()
    watched.opens()
    assert watched.left() == {}
    watched.tags()
    watched.on_page.sends("the second time")
    watched.on_page.part("thanks").wait_for()
    assert [answer["answers"]["comment"] for answer in watched.host.finished()] == ["the second time"]
