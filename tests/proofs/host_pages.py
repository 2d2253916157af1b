"""A6: whatever is wrong with a page, its browser or our server, the page is as well with the widget as without."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.hosts.fault import Fault
from tests.hosts.on_the_way import ON_THE_WAY
from tests.hosts.pages import JOURNEYS, LOOKS, OWN_WORLD
from tests.hosts.policies import POLICIES
from tests.hosts.visit import BFCACHE, Seen, Visit, origins
from tests.live import Live, launch, make_live
from tests.proofs.frame import Found, command

FAULTS = [*ON_THE_WAY, *POLICIES, *OWN_WORLD, *LOOKS, *JOURNEYS]
MOST_SHIFT = 0.01
LARGEST_BUTTON = (260, 80)


def prove(faults: int, first: int = 0) -> Found:
    """All of them take some fifteen minutes: `first` begins later, so that they may be seen in pieces."""
    folder = Path(tempfile.mkdtemp(prefix="widget-hosts-"))
    live = make_live(folder)
    live.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright.chromium, ignore_default_args=BFCACHE)
            try:
                return prove_in(browser, live, FAULTS[first : first + faults])
            finally:
                browser.close()
    finally:
        live.stop()
        shutil.rmtree(folder, ignore_errors=True)


def prove_in(browser: Browser, live: Live, faults: Sequence[Fault]) -> Found:
    with origins(live.port) as (shop, between):
        live.listen_to(shop.origin)
        visit = Visit(browser, shop, between, live.demo["site_key"])
        rows = []
        for fault in faults:
            rows.append(row(fault, visit))
            print(f"{fault.name}: {rows[-1]['harm'] or rows[-1]['widget']}", file=sys.stderr, flush=True)
    harmed = [row for row in rows if row["harm"]]
    return {"ok": not harmed, "faults": len(rows), "harmed": len(harmed), "table": rows}


def row(fault: Fault, visit: Visit) -> dict[str, Any]:
    try:
        without, with_it = visit.see(fault, tagged=False), visit.see(fault, tagged=True)
    except Exception as broken:
        return {"fault": fault.name, "widget": "?", "harm": f"could not be seen: {broken!r:.300}"}
    covered = [point for point, before in zip(with_it.grid, without.grid, strict=True) if point != before]
    return {
        "fault": fault.name,
        "widget": with_it.widget,
        "errors": len(with_it.errors) - len(without.errors),
        "covered": len(covered),
        "shift": round(with_it.shift - without.shift, 4),
        "kept for going back": "–" if without.kept is not True else "yes" if with_it.kept else "no",
        "harm": "; ".join(harms(fault, without, with_it)),
    }


def harms(fault: Fault, without: Seen, with_it: Seen) -> list[str]:
    """Each way in which the page with the widget is worse than the page without; pure."""
    told: list[str] = []
    errors = list(with_it.errors)
    for error in without.errors:
        if error in errors:
            errors.remove(error)
    if len(errors) > fault.reports:
        told.append(f"errors {errors[:3]}")
    for before, now in zip(without.grid, with_it.grid, strict=True):
        if before["path"] != now["path"] and not _under_button(now, with_it.button):
            told.append(f"covers {before['path']} at {now['at']} with {now['path']}")
            break
    if with_it.button and (with_it.button["width"] > LARGEST_BUTTON[0] or with_it.button["height"] > LARGEST_BUTTON[1]):
        told.append(f"a button of {with_it.button}")
    if with_it.shift - without.shift >= MOST_SHIFT:
        told.append(f"layout shift {with_it.shift:.3f}")
    for name, before in without.state.items():
        if with_it.state[name] != before:
            told.append(f"{name} was {before}, is {with_it.state[name]}")
    if changed := with_it.changes - without.changes - {"window.FeedbackWidget"}:
        told.append(f"changed {sorted(changed)[:5]}")
    if with_it.clicks != without.clicks:
        told.append(f"{with_it.clicks} of {without.clicks} clicks arrived")
    if with_it.handlers != without.handlers:
        told.append(f"listens for {with_it.handlers}")
    if without.kept and not with_it.kept:
        told.append(f"not kept for going back: {with_it.why_not_kept}")
    if with_it.widget != fault.widget:
        told.append(f"the widget: {with_it.widget}, not {fault.widget}")
    return told


def _under_button(point: dict[str, Any], button: dict[str, float] | None) -> bool:
    if not button or point["path"] != "ours":
        return False
    x, y = point["at"]
    inside = button["left"] <= x <= button["left"] + button["width"]
    return inside and button["top"] <= y <= button["top"] + button["height"]


if __name__ == "__main__":
    command(prove, __doc__, faults=len(FAULTS), first=0)
