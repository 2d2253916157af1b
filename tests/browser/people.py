"""Staff who are signed in: once for each role, through the form."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.live import Live


class People:
    """Signs in once for each role; `state(role)` is what a browser context of that person starts with."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self._browser, self._live = browser, live
        self._known: dict[str | None, dict[str, Any]] = {None: {}}

    def state(self, role: str | None) -> dict[str, Any]:
        if role not in self._known:
            user = next(user for user in self._live.demo["users"] if user["role"] == role)
            context = self._browser.new_context()
            page = context.new_page()
            page.goto(f"{self._live.url}/console/login")
            page.get_by_label("E-mail").fill(user["email"])
            page.get_by_label("Password").fill(user["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/login" not in url)
            self._known[role] = {"storage_state": context.storage_state()}
            context.close()
        return self._known[role]
