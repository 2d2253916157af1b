"""Every screen that a person can see, by name: how to get there. Read by the accessibility test and `screenshots.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import account_screens
from tests.browser.conftest import Widget
from tests.live import Live

Reach = Callable[[Page, Live], object]


@dataclass(frozen=True)
class Screen:
    """`reach` brings a page to the screen; `role` is who must be signed in, None for visitors."""

    name: str
    reach: Reach
    role: str | None = None


def _at(path: str) -> Reach:
    def reach(page: Page, live: Live) -> None:
        page.goto(f"{live.url}{path}")
        page.wait_for_load_state("load")

    return reach


def _console(path: str) -> Reach:
    return _at(f"/console/tern-air/{path}")


def _first(list_path: str, link: str) -> Reach:
    """The first thing of a list, whichever it is today."""

    def reach(page: Page, live: Live) -> None:
        _console(list_path)(page, live)
        page.locator(f"main a[href*='{link}']").first.click()
        page.wait_for_load_state("load")

    return reach


def _failed_payment(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/demo/pay")
    page.get_by_role("button", name="Pay €").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _gallery(query: str) -> Reach:
    def reach(page: Page, live: Live) -> None:
        page.goto(f"{live.url}/demo/gallery{query}")
        page.locator("html[data-ready]").wait_for()

    return reach


def _button(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/demo/bags")
    expect(Widget(page).launcher).to_be_visible()


def _panel(page: Page, live: Live) -> None:
    _failed_payment(page, live)
    widget = Widget(page)
    widget.open()
    widget.choose("Poor")
    widget.panel.get_by_role("textbox").fill("The code came after the page had timed out")
    page.wait_for_timeout(300)  # the panel fades in


def _contact(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/demo/seat")
    widget = Widget(page)
    widget.open()
    widget.say("I could not find the button.")


def _thanks(page: Page, live: Live) -> None:
    _contact(page, live)
    Widget(page).press("Skip")
    Widget(page).thanked()


def _offline(page: Page, live: Live) -> None:
    _contact(page, live)
    page.context.set_offline(True)
    Widget(page).press("Skip")
    expect(Widget(page).panel).to_contain_text("You are offline.")


def _thai(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/demo/seat?lang=th")
    page.get_by_role("button", name="ความคิดเห็น").click()
    widget = Widget(page)
    widget.panel.get_by_role("radio").nth(1).click()
    widget.panel.get_by_role("textbox").fill("หน้าเลือกที่นั่งไม่มีปุ่มยืนยันบนมือถือ")


def _hosted(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/s/{live.demo['site_key']}/feedback")
    expect(page.get_by_role("radio").first).to_be_visible()


def _look(page: Page, live: Live) -> None:
    _console("settings/look")(page, live)
    expect(page.frame_locator("iframe").get_by_role("button").first).to_be_visible()


def _receipt(page: Page, live: Live) -> None:
    _contact(page, live)
    widget = Widget(page)
    widget.panel.get_by_role("textbox").fill("grace.okafor@example.com")
    widget.panel.get_by_role("checkbox").check()
    widget.press("Send")
    widget.thanked()
    page.wait_for_timeout(1_500)  # the worker looks at it
    page.goto(widget.receipt())


def _persons(page: Page, live: Live) -> None:
    """Found by the number on a receipt of the demo's history."""
    _first("responses", "/responses/")(page, live)
    number = page.locator("dt", has_text="Receipt").locator("xpath=following-sibling::dd")
    known = number.first.inner_text() if number.count() else "0000 0000"
    _console("data")(page, live)
    page.get_by_label("Known by").select_option("receipt")
    page.get_by_label("Which is").fill(known)
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("#h-found")).to_be_visible()


def _replies(page: Page, live: Live) -> None:
    """At an English case, with what is offered unfolded: saved ones, and what worked in the demo's two weeks."""
    _first("queue?language=en", "/cases/")(page, live)
    page.locator("#replies > summary").click()


def _gathering(page: Page, live: Live) -> None:
    """The first cases of the queue, at the form that asks for a title."""
    _console("queue")(page, live)
    hrefs = [link.get_attribute("href") or "" for link in page.locator(".case .words a").all()[:4]]
    numbers = [href.split("/cases/")[1].split("?")[0] for href in hrefs]
    _console(f"incidents/new?cases={'-'.join(numbers)}")(page, live)


def _incident_case(page: Page, live: Live) -> None:
    _first("incidents", "/incidents/")(page, live)
    page.locator("main a[href*='/cases/']").first.click()
    page.wait_for_load_state("load")


SCREENS = (
    Screen("demo-search", _at("/demo/")),
    Screen("demo-seat", _at("/demo/seat")),
    Screen("demo-bags", _at("/demo/bags?lang=nl")),
    Screen("demo-pay", _failed_payment),
    Screen("demo-done", _at("/demo/done?lang=no")),
    Screen("demo-gallery", _gallery("?theme=system")),
    Screen("demo-gallery-arabic", _gallery("?lang=ar&theme=system")),
    Screen("demo-gallery-brand", _gallery("?lang=de&theme=own")),
    Screen("widget-button", _button),
    Screen("widget-panel", _panel),
    Screen("widget-contact", _contact),
    Screen("widget-thanks", _thanks),
    Screen("widget-offline", _offline),
    Screen("widget-thai", _thai),
    Screen("hosted-survey", _hosted),
    Screen("receipt", _receipt),
    Screen("receipt-missing", _at("/r/nothing-here")),
    Screen("console-login", _at("/console/login")),
    Screen("console-forgotten", _at("/console/reset")),
    Screen("console-link-ended", _at("/console/reset/nothing")),
    Screen("console-hand-over", account_screens.hand_over, "admin"),
    Screen("console-set-password", account_screens.set_password, "admin"),
    Screen("console-two-factor", _at("/console/me/two-factor"), "support"),
    Screen("console-two-factor-set-up", account_screens.two_factor_set_up, "admin"),
    Screen("console-recovery-codes", account_screens.recovery_codes, "admin"),
    Screen("console-second-step", account_screens.second_step, "admin"),
    Screen("console-sessions", _at("/console/me/sessions"), "support"),
    Screen("console-person", account_screens.person, "admin"),
    Screen("console-queue", _console("queue"), "support"),
    Screen("console-queue-closed", _console("queue?view=closed"), "support"),
    Screen("console-case", _first("queue", "/cases/"), "support"),
    Screen("console-incidents", _console("incidents"), "support"),
    Screen("console-incident", _first("incidents", "/incidents/"), "support"),
    Screen("console-incident-case", _incident_case, "support"),
    Screen("console-gathering", _gathering, "support"),
    Screen("console-approval", _first("queue?view=approval", "/cases/"), "admin"),
    Screen("console-case-closed", _first("queue?view=closed", "/cases/"), "support"),
    Screen("console-responses", _console("responses"), "support"),
    Screen("console-responses-none", _console("responses?q=zzzzzz"), "support"),
    Screen("console-response", _first("responses", "/responses/"), "support"),
    Screen("console-recovery", _console("recovery"), "admin"),
    Screen("console-surveys", _console("surveys"), "product"),
    Screen("console-survey", _first("surveys", "/surveys/"), "product"),
    Screen("console-survey-sheet", _console("surveys/feedback/print"), "product"),
    Screen("console-deliveries", _console("deliveries"), "admin"),
    Screen("console-settings", _console("settings"), "admin"),
    Screen("console-look", _look, "admin"),
    Screen("console-help", _console("settings/help"), "admin"),
    Screen("console-replies", _console("settings/replies"), "admin"),
    Screen("console-case-replies", _replies, "admin"),
    Screen("console-survey-anonymous", _console("surveys/employee"), "product"),
    Screen("console-webhooks", _console("webhooks"), "admin"),
    Screen("console-keeping", _console("settings/keeping"), "admin"),
    Screen("console-audit", _console("audit"), "admin"),
    Screen("console-persons", _persons, "admin"),
    Screen("console-not-found", _console("cases/999999"), "support"),
)
