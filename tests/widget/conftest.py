"""A host page with the built widget on it, and a visitor in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from tests.widget.host_page import HostPage


@pytest.fixture
def host() -> Iterator[HostPage]:
    host = HostPage()
    yield host
    host.stop()


class OnPage:
    """What a visitor does with the widget on a page, and every error that the page heard of."""

    def __init__(self, page: Page, host: HostPage) -> None:
        self.page, self.host = page, host
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if "Security Policy" in said.text else None)

    def goes_to(self, path: str = "/pay") -> None:
        self.page.goto(self.host.origin + path)
        self.part("launcher").wait_for()

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-part={name}]")

    def rates(self, word: str = "Poor") -> None:
        self.part("launcher").click()
        self.page.locator("label.opt", has_text=word).click()

    def writes(self, words: str) -> None:
        self.rates()
        self.page.locator("[data-question=comment] textarea").fill(words)
        self.part("send").click()
        self.part("send").click()

    def sends(self, words: str = "The seat map hid its button") -> None:
        """Up to Send, without an address."""
        self.writes(words)
        self.part("skip").click()

    def leaves(self) -> None:
        self.page.mouse.move(600, 400)
        self.page.mouse.move(600, 0, steps=6)

    def closes(self) -> None:
        """By Escape, which is the panel's once the focus is in it: a task after it is seen."""
        self.page.wait_for_function("document.activeElement?.shadowRoot?.activeElement")
        self.page.keyboard.press("Escape")

    def kept(self, area: str = "localStorage") -> str:
        return str(self.page.evaluate(f"JSON.stringify({area})"))


@pytest.fixture
def on_page(visitor: BrowserContext, host: HostPage) -> OnPage:
    return OnPage(visitor.new_page(), host)
