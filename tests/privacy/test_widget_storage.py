"""A29 in the browser: who asks for privacy gets no name and no cookie; in mode "ask" nothing is stored before consent."""

from __future__ import annotations

import pytest

from tests.widget.conftest import OnPage, host, on_page
from tests.widget.host_page import HostPage

__all__ = ["host", "on_page"]
pytestmark = pytest.mark.browser
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });"
DNT = "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' });"


@pytest.mark.parametrize("asks", [GPC, DNT], ids=["gpc", "dnt"])
def test_who_asks_for_privacy_leaves_no_name_of_theirs_and_no_cookie(on_page: OnPage, host: HostPage, asks: str) -> None:
    on_page.page.add_init_script(asks)
    on_page.goes_to()
    on_page.sends("words")
    on_page.part("thanks").wait_for()
    assert "visitor" not in on_page.kept()
    assert all("id" not in (answer.get("visitor") or {}) for answer in host.finished())
    assert on_page.page.context.cookies() == []


@pytest.mark.parametrize("asks", [GPC, DNT], ids=["gpc", "dnt"])
def test_where_consent_is_asked_nothing_is_stored_before_it(on_page: OnPage, host: HostPage, asks: str) -> None:
    host.config["site"]["consent"] = "ask"
    on_page.page.add_init_script(asks)
    on_page.goes_to()
    on_page.leaves()
    on_page.rates()
    on_page.page.wait_for_timeout(600)
    assert (on_page.kept(), on_page.kept("sessionStorage"), host.answers) == ("{}", "{}", [])
