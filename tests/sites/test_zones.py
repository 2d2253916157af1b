"""A site's zone is one that browsers know as well: the widget reads its schedules by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from widget_server.errors import Invalid
from widget_server.sites.operations import known_zone, known_zones

NO_ZONES = (
    "localtime", "posix/Europe/Oslo", "right/Europe/Oslo", "Factory", "posixrules", "europe/oslo", "Europe", "Europe/Oslo\n",
    "/etc/localtime", "../UTC", "tzdata.zi", "", "\0",
)  # fmt: skip


@pytest.mark.parametrize("name", NO_ZONES, ids=repr)
def test_what_is_no_zone_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Invalid, match="IANA name such as"):
        known_zone(name)


@pytest.mark.parametrize("name", ["UTC", "Europe/Oslo", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Etc/GMT+5"])
def test_a_zone_is_kept_by_its_name(name: str) -> None:
    assert known_zone(name) == name


def test_each_of_them_is_one_to_a_browser(chromium: Browser) -> None:
    page = chromium.new_page()
    unknown = page.evaluate(
        """names => names.filter(name => {
            try { new Intl.DateTimeFormat("en", { timeZone: name }); return false } catch { return true }
        })""",
        sorted(known_zones()),
    )
    page.close()
    assert unknown == []
