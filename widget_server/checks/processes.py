"""What runs beside: a worker that beats, and the store that several web processes count in."""

from __future__ import annotations

from collections.abc import Iterator

from widget_server import counting
from widget_server.checks.finding import Finding, well, wrong
from widget_server.checks.machine import MOST_APART
from widget_server.clock import SECOND
from widget_server.config import Settings
from widget_server.health import OK, worker_state


def about_worker(beat: int | None, now: int) -> Finding:
    """`beat`: the last heartbeat by the worker's clock, ms since the epoch; None: there was never one."""
    if beat is not None and beat > now + MOST_APART:
        return wrong("worker", f"its clock is {(beat - now) // SECOND} s ahead of this one: let every machine use NTP")
    state = worker_state(beat, now)
    remedy = "" if state == OK else ": start 'widget-server serve' or 'widget-server worker'"
    return Finding("worker", not remedy, f"{'alive' if state == OK else state}{remedy}")


def about_limits(ours: Settings) -> Iterator[Finding]:
    if counting.in_memory(ours.limits_url):
        yield well("limits", "in memory: right for one web process; several need WIDGET_LIMITS_URL=redis://…")
        return
    place = ours.limits_url.rpartition("@")[2].removeprefix("redis://")
    try:
        answers = counting.storage(ours.limits_url).check()
    except Exception as error:  # noqa: BLE001 — each store has errors of its own, and its client may not be installed
        first = str(error).split("\n")[0]
        remedy = "; for Redis: pip install 'widget-server[redis]'"
        yield wrong("limits", f"{place} can't be used ({type(error).__name__}: {first}){remedy}")
        return
    if answers:
        yield well("limits", f"{place} answers")
    else:
        yield wrong("limits", f"{place} does not answer, so limits are not kept: start it, or mend WIDGET_LIMITS_URL")
