"""People in front of browsers: a visitor of the demo with its widget, and staff signed in to the console."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.people import People
from tests.live import Live


@dataclass
class Widget:
    """The feedback widget on a page, as a visitor meets it."""

    page: Page

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Feedback", exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    def open(self) -> Locator:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self.panel

    def choose(self, word: str) -> None:
        """A smiley or an option, by its word."""
        self.panel.get_by_role("radio", name=word, exact=True).click()

    def press(self, name: str) -> None:
        self.panel.get_by_role("button", name=name, exact=True).click()

    def say(self, words: str) -> None:
        """All of the open survey but the way to be reached: 'Poor', the words, no topic."""
        self.choose("Poor")
        self.panel.get_by_role("textbox").fill(words)
        self.press("Next")
        expect(self.panel).to_contain_text("What is it about?")
        self.press("Next")
        expect(self.panel).to_contain_text("May we write to you about it?")

    def complain(self, words: str, email: str | None = None) -> None:
        """All of the button's survey."""
        self.open()
        self.say(words)
        if email is None:
            self.press("Skip")
            return
        self.panel.get_by_role("textbox").fill(email)
        self.panel.get_by_role("checkbox").check()
        self.press("Send")

    def thanked(self) -> None:
        expect(self.panel.get_by_text("Thank you. A person will read this.")).to_be_visible()

    def receipt(self) -> str:
        """The address of the visitor's own page."""
        link = self.panel.get_by_role("link").get_attribute("href")
        assert link
        return link


def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait until an expression holds. (`wait_for_function` evaluates in the page, which its policy forbids.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never became true: {expression}"
        time.sleep(0.05)


@pytest.fixture
def widget(visitor_page: Page) -> Widget:
    return Widget(visitor_page)


@pytest.fixture
def errors(visitor_page: Page) -> list[str]:
    """What the visitor's browser complains of: exceptions, blocked resources, broken policies."""
    heard: list[str] = []
    visitor_page.on("pageerror", lambda error: heard.append(str(error)))
    visitor_page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    return heard


@pytest.fixture(scope="session")
def people(chromium: Browser, live: Live) -> People:
    return People(chromium, live)


@pytest.fixture
def staff(chromium: Browser, live: Live, people: People) -> Iterator[Callable[..., Page]]:
    """`staff("support")`: a page of somebody in that role, signed in, at the queue or `at` another place of the desk."""
    contexts: list[BrowserContext] = []

    def comes(role: str, at: str = "queue") -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", **people.state(role))
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"{live.url}/console/tern-air/{at}")
        return page

    yield comes
    for context in contexts:
        context.close()
