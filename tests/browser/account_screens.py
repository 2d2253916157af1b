"""How to get to the screens before the door, and to those of a person's own account: as people do, by links and forms."""

from __future__ import annotations

import secrets

import pyotp
from playwright.sync_api import Page

from tests.live import Live

PASSWORD = "a password of their own"


def hand_over(page: Page, live: Live) -> str:
    """As an admin: add somebody. Returns their address; the page shows the link to hand over."""
    email = f"nina-{secrets.token_hex(4)}@tern-air.example"
    page.goto(f"{live.url}/console/tern-air/settings")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name, as customers read it").last.fill("Nina Berg")
    page.get_by_role("button", name="Add", exact=True).last.click()
    page.get_by_role("heading", name=f"Hand this link to {email}").wait_for()
    return email


def set_password(page: Page, live: Live) -> str:
    """Behind the link, as the person who got it."""
    email = hand_over(page, live)
    link = page.locator("#the-link").inner_text()
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_role("heading", name="Welcome").wait_for()
    return email


def two_factor_set_up(page: Page, live: Live) -> str:
    """Signed in for the first time, with the QR code on the screen."""
    email = set_password(page, live)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    sign_in(page, email)
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{live.url}/console/me/two-factor")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("img", name="QR code").wait_for()
    return email


def recovery_codes(page: Page, live: Live) -> str:
    email = two_factor_set_up(page, live)
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("The code that the app shows now").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("heading", name="Two-step sign-in is on").wait_for()
    return email


def second_step(page: Page, live: Live) -> None:
    email = recovery_codes(page, live)
    page.context.clear_cookies()
    page.goto(f"{live.url}/console/login")
    sign_in(page, email)
    page.get_by_role("heading", name="The second step").wait_for()


def person(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/console/tern-air/settings")
    page.get_by_role("link", name="Sign-in, budget of").first.click()
    page.get_by_role("heading", name="Two-step sign-in").wait_for()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
