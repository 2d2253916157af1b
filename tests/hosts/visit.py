"""One visit to a host page under a fault, and what was seen of the page: once without the widget's tag, once with it.

All is measured over the browser's own protocol and in a world apart, because the page under test may have broken
whatever a script could use.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from tests.hosts.fault import TAG, Fault
from tests.hosts.shop import Between, Shop

HERE = Path(__file__).parent
LOOK, OWN_WORLD = (HERE / "look.js").read_text(), (HERE / "own_world.js").read_text()
BFCACHE = ["--disable-back-forward-cache"]  # what Playwright switches off, and this needs
NETWORK = re.compile(r"^Failed to load (resource|module script)|^Access to |net::ERR|preload|^Fetch API cannot load")
BY_POLICY = re.compile(r"Content.Security.Policy|sandbox|Permissions|Cross-Origin")
# the heading without its margin, which would push the body when it is read in a later piece: a shift of the page's own
USUAL = """<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Shop</title>
<link rel="icon" href="data:,">{head}{in_head}</head><body>{in_body}{body}<main><h1 style="margin: 0">Shop</h1>
<button id="buy">Buy</button><p>Words.</p></main>{at_end}</body></html>"""


@dataclass
class Seen:
    """What there was to see of a page."""

    grid: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    clicks: int = 0
    shift: float = 0.0
    handlers: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    button: dict[str, float] | None = None
    widget: str = "away"
    kept: bool | None = None
    why_not_kept: list[str] = field(default_factory=list)


class Visit:
    """A fresh browser profile in front of the shop."""

    def __init__(self, browser: Browser, shop: Shop, between: Between, site: str) -> None:
        self.browser, self.shop, self.between, self.site = browser, shop, between, site

    def see(self, fault: Fault, *, tagged: bool) -> Seen:
        self._serve(fault, tagged)
        media = str(fault.screen.get("media", ""))
        screen = {name: value for name, value in fault.screen.items() if name != "media"}
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | screen)  # type: ignore[arg-type]
        try:
            with self.between.failing(fault.does):
                page = context.new_page()
                page.add_init_script(OWN_WORLD + fault.browser.replace("{site}", self.site))
                return _OnPage(page, self.shop, media).look(fault, tagged)
        finally:
            context.close()

    def _serve(self, fault: Fault, tagged: bool) -> None:
        filled = {
            "server": self.between.url, "site": self.site, "frame": f"{self.shop.origin}/frame",
            "other_frame": f"{self.shop.other_origin}/frame", "nonce": f' nonce="{fault.nonce}"' if fault.nonce else "",
        }  # fmt: skip

        def fill(text: str) -> str:
            return re.sub(r"\{(server|site|frame|other_frame|nonce)\}", lambda hole: filled[hole[1]], text)

        framed = fault.widget == "framed"  # then both pages have the frame, and one of them the tag in it
        tag = fill(fault.tag) if tagged or framed else ""
        places = {"in_head": "head", "in_body": "body", "at_end": "end"}
        parts = {hole: tag if fault.place == place else "" for hole, place in places.items()}
        policy = fault.headers.get("Content-Security-Policy", "")
        if fault.page:
            page = fault.page.replace("{tag}", tag)
            self.shop.page = fill(page if tagged else re.sub(r"<script [^>]*\{server\}[^>]*>", "", page))
        else:
            self.shop.page = USUAL.format(head=fault.head, body=fault.body, **parts)
        self.shop.frame = f"<!doctype html><title>Frame</title>{fill(TAG) if tagged else ''}<p>Frame</p>"
        policy = policy.replace("{server}", self.between.url).replace("{nonce}", fault.nonce)
        headers = {**fault.headers, **({"Content-Security-Policy": policy} if policy else {})}
        self.shop.headers = list(headers.items())


class _OnPage:
    def __init__(self, page: Page, shop: Shop, media: str) -> None:
        self.page, self.shop, self.media = page, shop, media
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.seen = Seen()
        self.world = 0
        page.on("pageerror", lambda error: str(error) in self.seen.errors or self.seen.errors.append(str(error)))
        page.on("console", self._heard)
        page.on("dialog", lambda dialog: (self.seen.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _heard(self, said: Any) -> None:
        if said.type == "error" and not NETWORK.search(said.text) and not BY_POLICY.search(said.text):
            self.seen.errors.append(said.text)

    # ---- the page, from a world apart

    def ask(self, expression: str) -> Any:
        given = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        said = self.cdp.send("Runtime.evaluate", {**given, "contextId": self.world})
        if "exceptionDetails" in said:
            raise AssertionError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def enter(self) -> None:
        frame = self.cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        made = self.cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "look"})
        self.world = made["executionContextId"]
        self.ask(LOOK)

    def until(self, there: Callable[[], Any], seconds: float = 4) -> Any:
        end = time.monotonic() + seconds
        while not (found := there()) and time.monotonic() < end:
            self.page.wait_for_timeout(25)
        return found

    def press(self, selector: str, place: int = 0, seconds: float = 4) -> bool:
        """A real press at the middle of a part, once it stands still and lies on top."""
        spot = self.until(lambda: self.ask(f"look.reach({selector!r}, {place})"), seconds)
        if not spot:
            return False
        self.page.mouse.click(spot["left"] + spot["width"] / 2, spot["top"] + spot["height"] / 2)
        return True

    # ---- what happens

    def look(self, fault: Fault, tagged: bool) -> Seen:
        seen = self.seen
        wait_for = "commit" if fault.unfinished else "load"
        self.page.goto(f"{self.shop.origin}/shop", wait_until=wait_for)
        if fault.unfinished:
            self.page.wait_for_timeout(300)
        self.enter()
        if self.media:  # a session that is opened later takes back what an earlier one emulates
            self.cdp.send("Emulation.setEmulatedMedia", {"media": self.media})
            assert self.ask(f"matchMedia({self.media!r}).matches"), f"{self.media} is not emulated"
        self.ask("look.countClicks()")
        awaited = tagged and fault.widget not in ("away", "framed")
        if awaited:
            self.until(lambda: self.ask("look.rect('[data-part=launcher]')"), 6)
        self.page.wait_for_timeout(150 if awaited or not tagged else 500)
        if fault.after:
            self.cdp.send("Runtime.evaluate", {"expression": fault.after, "userGesture": True})
            self.page.wait_for_timeout(250)
            self.enter()
            self.ask("look.countClicks()")
            if awaited:
                self.until(lambda: self.ask("look.rect('[data-part=launcher]')"), 6)
        self._measure()
        if tagged:
            seen.widget = self._use(fault)
        if not fault.unfinished:
            self._leave_and_return()
        return seen

    def _measure(self) -> None:
        seen = self.seen
        seen.button = self.ask("look.rect('[data-part=launcher]')")
        seen.grid, seen.state = self.ask("look.grid()"), self.ask("look.state()")
        if spot := self.ask("look.buy()"):
            self.page.mouse.click(spot["left"] + spot["width"] / 2, spot["top"] + spot["height"] / 2)
        seen.clicks = self.ask("globalThis.clicks")
        self.ask("look.watchShift()")
        self.page.wait_for_timeout(60)
        seen.shift = self.ask("look.shift()")
        told = self.cdp.send("Runtime.evaluate", {"expression": "window.__changes()"})["result"].get("value", "")
        seen.changes = set(told.split())
        seen.handlers = self._handlers()

    def _handlers(self) -> dict[str, int]:
        """Listeners that cost a page its cache, or its smooth scrolling."""
        found: dict[str, int] = {}
        for expression in ("window", "document"):
            it = self.cdp.send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
            for one in self.cdp.send("DOMDebugger.getEventListeners", {"objectId": it})["listeners"]:
                slow = one["type"] in ("touchstart", "touchmove", "wheel", "mousewheel") and not one["passive"]
                if slow or one["type"] in ("unload", "beforeunload"):
                    found[one["type"]] = found.get(one["type"], 0) + 1
        return found

    def _use(self, fault: Fault) -> str:
        """As far as a visitor gets: `away`, `framed`, `button`, `kept` or `thanks`."""
        if fault.widget == "framed":
            inside = [frame for frame in self.page.frames if frame.parent_frame]
            there = inside and inside[0].locator("[data-part=launcher]")
            return "framed" if there and there.is_visible() else "away"
        if not self.seen.button:
            return "away"
        soon = 10 if fault.widget in ("thanks", "kept") else 1
        if not (self.press("[data-part=launcher]") and self.press("label.opt", 1, soon)):
            return "button"
        if not self.until(lambda: self.ask("look.rect('textarea')"), soon):
            return "button"
        self.press("textarea")
        self.page.keyboard.insert_text("The page was odd, and this went through.")
        for part in ("send", "send", "skip"):
            self.page.wait_for_timeout(60)
            if not self.press(f"[data-part={part}]", 0, soon):
                return "button"
        kept = "look.rect('[data-part=trouble], [data-part=offline]') ? 'kept' : ''"
        ends = f"look.rect('[data-part=thanks]') ? 'thanks' : {kept}"
        return self.until(lambda: self.ask(ends), 24 if fault.widget == "kept" else soon) or "button"

    def _leave_and_return(self) -> None:
        """Elsewhere by a link of the browser's, and back by its button; raw, since this page may come from the cache."""
        came: list[str] = []
        self.cdp.send("Page.enable")
        self.cdp.on("Page.frameNavigated", lambda event: "parentId" in event["frame"] or came.append(event["type"]))
        self.cdp.on("Page.backForwardCacheNotUsed", lambda event: self.seen.why_not_kept.extend(
            one["reason"] for one in event["notRestoredExplanations"]))  # fmt: skip
        try:
            self.page.goto(f"{self.shop.origin}/elsewhere")
        except PlaywrightError:
            return
        came.clear()
        past = self.cdp.send("Page.getNavigationHistory")
        back = past["entries"][past["currentIndex"] - 1]["id"]
        self.cdp.send("Page.navigateToHistoryEntry", {"entryId": back})
        if self.until(lambda: came, 3):
            self.seen.kept = came[0] == "BackForwardCacheRestore"


@contextmanager
def origins(port: int) -> Iterator[tuple[Shop, Between]]:
    shop, between = Shop(), Between(port)
    try:
        yield shop, between
    finally:
        between.stop()
        shop.stop()
