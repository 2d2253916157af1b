"""One start of each browser for the run, and a visitor in it in front of a host page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsers.drivers import Chromium, Driver, Firefox, Missing, WebKit
from tests.widget.host_page import HostPage

SHADOW = "document.querySelector('feedback-widget')?.shadowRoot"


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    try:
        made: Driver = {
            "chromium": lambda: Chromium(request.getfixturevalue("chromium")), "firefox": Firefox, "webkit": WebKit,
        }[request.param]()  # fmt: skip
    except Missing as why:
        pytest.skip(f"not tried in {request.param}: {why}")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shop() -> Iterator[HostPage]:
    host = HostPage()
    yield host
    host.stop()


class Visitor:
    """The same person in any of the three."""

    def __init__(self, driver: Driver, host: HostPage) -> None:
        self.driver, self.host = driver, host

    def goes_to(self, path: str = "/pay") -> None:
        self.driver.goes_to(self.host.origin + path)
        self.sees("launcher")

    def asks(self, expression: str) -> Any:
        return self.driver.js(expression)

    def until(self, expression: str, seconds: float = 15) -> Any:
        found = self.soon(expression, seconds)
        assert found, f"never came: {expression}; there is: {self.text()!r}"
        return found

    def soon(self, expression: str, seconds: float = 2) -> Any:
        """What it comes to be within that time; else what it is then, which says no."""
        end = time.monotonic() + seconds
        while not (found := self.driver.js(expression)) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def text(self) -> str:
        return str(self.driver.js(f"{SHADOW}?.querySelector('[data-part=panel]')?.innerText ?? 'no panel'"))

    def rect(self, selector: str, place: int = 0) -> dict[str, float]:
        part = f"{SHADOW}?.querySelectorAll({json.dumps(selector)})[{place}]"
        found = self.until(
            f"(() => {{ const r = {part}?.getBoundingClientRect(); "
            "return r && r.width && {x: r.x, y: r.y, width: r.width, height: r.height}; })()"
        )
        return dict(found)

    def sees(self, part: str) -> dict[str, float]:
        return self.rect(f"[data-part={part}]")

    def clicks(self, selector: str, place: int = 0) -> None:
        """When it stands still."""
        before, now = None, self.rect(selector, place)
        while before != now:
            before, now = now, self.rect(selector, place)
        self.driver.clicks((now["x"] + now["width"] / 2, now["y"] + now["height"] / 2))

    def writes(self, selector: str, words: str) -> None:
        """Into a field, once it has the keyboard: where the panel moved under the hand, it is clicked again."""
        focused = f"{SHADOW}.activeElement?.matches({json.dumps(selector)})"
        for _ in range(5):
            self.clicks(selector)
            if self.soon(focused):
                break
        self.driver.types(words)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.driver.presses(key)

    def focused(self) -> str:
        """What has the keyboard inside the widget, else outside of it."""
        named = "el?.dataset.part ?? (el?.type ? `${el.type}${el.checked ? ' chosen' : ''}` : el?.localName)"
        return str(self.driver.js(f"(() => {{ const el = {SHADOW}?.activeElement; return el ? {named} : 'outside'; }})()"))

    def leaves(self) -> None:
        """Quickly, as a hand does: three points, because a busy machine takes its time for each. One that is too busy for
        that makes a slow hand, which doesn't leave: it tries again."""
        for _ in range(5):
            self.driver.moves((600, 200), (600, 60), (600, 0))
            if self.soon(f"!!{SHADOW}?.querySelector('[data-part=panel]')"):
                break

    def offline(self, off: bool) -> None:
        """The network is gone, as the browser tells it to the page; nobody answers either."""
        self.host.down = off
        self.driver.js(
            f"(Object.defineProperty(navigator, 'onLine', {{configurable: true, get: () => {json.dumps(not off)}}}), "
            f"dispatchEvent(new Event({'offline' if off else 'online'!r})), 1)"
        )


@pytest.fixture
def visitor(driver: Driver, shop: HostPage) -> Visitor:
    """With nothing kept from another test."""
    shop.__dict__.update(down=False, answers=[])
    driver.goes_to(f"{shop.origin}/plain")
    driver.js("(localStorage.clear(), sessionStorage.clear(), window.FeedbackWidget?.remove(), 1)")
    return Visitor(driver, shop)
