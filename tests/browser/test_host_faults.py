"""A6 at a small size: some of the faults of `./dev prove host_pages`, and that a widget which harms its page is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.hosts.fault import Fault
from tests.hosts.shop import turned
from tests.hosts.visit import BFCACHE, Visit, origins
from tests.live import Live, launch
from tests.proofs.host_pages import FAULTS, row

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FEW = [
    "nothing is wrong", "server down", "script breaks off", "config of another major", "storage holds other types", "XHTML",
    "an element is called FeedbackWidget", "browser without adopted style sheets",
    "body transformed", "body emptied and filled", "page breaks JSON", "document opened and written again, with the tag",
]  # fmt: skip
HARM = {
    "an overlay": (b"document.documentElement.append(Object.assign(document.createElement('p'), {style:"
                   b"'position:fixed;inset:0;z-index:9'}));", "covers"),
    "a global": (b"window.leaked = 1;", "window.leaked"),
    "a prototype": (b"Array.prototype.map = function () {};", "Array.prototype.map"),
    "an unload handler": (b"addEventListener('unload', () => {});", "unload"),
    "an error": (b"setTimeout(() => { throw new Error('ours'); });", "ours"),
}  # fmt: skip


@pytest.fixture(scope="module")
def visit(chromium: Browser, live: Live) -> Iterator[Visit]:
    browser = launch(chromium.browser_type, ignore_default_args=BFCACHE)
    with origins(live.port) as (shop, between):
        live.listen_to(shop.origin)
        yield Visit(browser, shop, between, live.demo["site_key"])
    browser.close()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in FEW], ids=lambda fault: fault.name)
def test_the_page_is_as_well_with_the_widget_as_without(visit: Visit, fault: Fault) -> None:
    assert row(fault, visit)["harm"] == ""


def test_a_widget_that_harms_its_page_is_noticed(visit: Visit) -> None:
    """All at once: each has its own words."""
    harmful = turned(lambda body: body + b"".join(code for code, _ in HARM.values()))
    told = row(replace(FAULTS[0], does={"/widget.js": harmful}, widget="button"), visit)["harm"]
    assert [word for _, word in HARM.values() if word not in told] == []


def test_there_are_faults_enough_and_each_has_its_own_name() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names) >= 40
    assert set(FEW) <= set(names)
