"""Weight of the widget on a page: bytes, script time and blocking time at 4 × throttle, beside peers made from npm."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from benchmarks.frame import Measured, Row, Size, command, say
from benchmarks.peers import NotHere
from benchmarks.widget_peers import PEERS, built
from tests.hosts.shop import Shop
from tests.live import launch
from tests.proofs.installation import installation
from widget_server.database import db, writing
from widget_server.sites.models import Site
from widget_server.sites.operations import set_origins

THROTTLE = 4
LONG = 50  # ms: what a task takes above this is time in which a press goes unheard
NOTHING_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no peer reaches its makers
REST = 1_500  # ms without anything new after which a page counts as at rest
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script>window.long = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) long.push(one.duration); })
.observe({ type: 'longtask', buffered: true });</script></head><body><main><h1>Shop</h1>ROWS</main></body></html>"""
PUT_IN = """(tag) => {
  long.length = 0;
  document.head.append(document.createRange().createContextualFragment(tag));
}"""
ROWS = "<p>A row of the shop's page, as any page has some.</p>" * 200


@dataclass(frozen=True)
class Seen:
    bytes: int
    script_ms: float
    blocked_ms: float


@dataclass(frozen=True)
class Candidate:
    name: str
    tag: str
    opens: str | None
    shows: str = ""
    told: str = ""


def measure(size: Size) -> Measured:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="widget-bench-")))
        shop = stack.enter_context(_shop())
        at = stack.enter_context(installation(size.cold))
        with at.app.app_context(), writing():
            set_origins(db.session.get_one(Site, at.site_id), [shop.origin])
        at.start()
        candidates, missing = _candidates(shop, at.url, folder, with_peers=size.name != "tiny")
        browser = stack.enter_context(_chromium())
        found: dict[tuple[str, str], list[Seen]] = {}
        for turn in range(size.of(5, 3, 1)):
            say(f"round {turn + 1}")
            for candidate in candidates:
                for stage, seen in _visit(browser, shop, candidate, size.of(REST, REST, 400)).items():
                    found.setdefault((candidate.name, stage), []).append(seen)
    told = {one.name: _told(one, opened=(one.name, "and open") in found) for one in candidates}
    rows: list[Row] = [_row(name, stage, seen, told[name]) for (name, stage), seen in found.items()]
    return Measured([*rows, *missing], [NOTE])


NOTE = (
    f"Median of n visits with a fresh profile each, in Chromium at {THROTTLE} × throttle of the processor. Bytes: gzip -9 "
    "of each file that came, ours with config and survey, theirs as one minified bundle of what their guides say to "
    "install; nothing left this machine, and what a maker's server adds is not counted. Script: time in all scripts; what "
    f"the page alone costs stands in the first row. Blocked: what tasks took above {LONG} ms since a page at rest was given "
    "the tag, as a tag manager does it, until it was at rest again; and then until the survey was."
)


def _candidates(shop: Shop, url: str, folder: Path, *, with_peers: bool) -> tuple[list[Candidate], list[Row]]:
    tag = f'<script async src="{url}/widget.js" data-site="proof"></script>'
    ours = Candidate("ours", tag, "FeedbackWidget.open()", "How was it?")
    candidates, missing = [Candidate("the page alone", "", None), ours], []
    for peer in PEERS if with_peers else []:
        label = f"{peer.name} ({', '.join(peer.packages)})"
        say(f"making {label}")
        try:
            shop.files[f"/peer{len(candidates)}.js"] = built(peer, folder)
        except NotHere as why:
            missing.append({"": label, "told": str(why)})
            continue
        shop.files |= {path: said.encode() for path, said in peer.serves.items()}
        tag = f'<script async src="/peer{len(candidates)}.js"></script>'
        candidates.append(Candidate(label, tag, "window.opens()", peer.shows, peer.told))
    return candidates, missing


def _told(candidate: Candidate, *, opened: bool) -> str:
    closed = "its survey did not open on what stands in for its server" if candidate.opens and not opened else ""
    return "; ".join(part for part in (candidate.told, closed) if part)


def _row(name: str, stage: str, seen: list[Seen], told: str) -> Row:
    return {
        "": name,
        "what": stage,
        "n": len(seen),
        "gzip bytes": median(one.bytes for one in seen),
        "script ms": float(median(one.script_ms for one in seen)),
        "blocked ms": float(median(one.blocked_ms for one in seen)),
        "told": told,
    }


def _visit(browser: Browser, shop: Shop, candidate: Candidate, rest: int) -> dict[str, Seen]:
    """What a fresh profile loads and runs: once the tag is on the page, and in all once it is open for words."""
    shop.page = PAGE.replace("ROWS", ROWS)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        came: list[Response] = []
        page.on("response", lambda response: came.append(response))
        cdp = context.new_cdp_session(page)
        cdp.send("Performance.enable")
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        page.goto(f"{shop.origin}/shop")
        page.wait_for_timeout(rest)  # what the page itself takes would hide what the tag adds
        page.evaluate(PUT_IN, candidate.tag)
        page.wait_for_timeout(rest)
        stages = {"on the page": _seen(page, cdp, came)}
        if candidate.opens:
            page.evaluate(f"() => {{ {candidate.opens} }}")
            page.wait_for_timeout(rest)
            if not candidate.shows or page.get_by_text(candidate.shows).first.is_visible():
                stages["and open"] = _seen(page, cdp, came)
            else:
                say(f"{candidate.name} did not open")
        return stages
    finally:
        context.close()


def _seen(page: Page, cdp: Any, came: list[Response]) -> Seen:
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    blocked = sum(max(0.0, took - LONG) for took in page.evaluate("window.long"))
    # what a browser reports at once, and the page itself is nobody's
    files = {one.url: one for one in came if one.request.resource_type in ("script", "fetch", "stylesheet") and one.ok}
    weight = sum(len(gzip.compress(one.body(), 9, mtime=0)) for one in files.values() if one.request.method == "GET")
    return Seen(weight, metrics["ScriptDuration"] * 1000, blocked)


@contextmanager
def _shop() -> Iterator[Shop]:
    shop = Shop()
    try:
        yield shop
    finally:
        shop.stop()


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, NOTHING_ELSE)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    command("widget", measure, __doc__)
