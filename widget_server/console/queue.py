"""The queue: what must I do next, and by when."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, g, make_response, render_template, request

from widget_server.clock import now_ms
from widget_server.console import queue_counts as counting
from widget_server.console import queue_reading as reading
from widget_server.console.frame import allowed, here, screen
from widget_server.console.incident_reading import suggested
from widget_server.console.queue_reading import MOST, PAGE, VIEWS, Row, Wanted
from widget_server.console.rendering import zone
from widget_server.console.times import GROUPS, due_in_words, long_span
from widget_server.console.words import SEVERITIES, plural
from widget_server.recovery.incidents import has_incidents

HEADINGS = {
    "mine": "My cases",
    "open": "Open cases",
    "unclaimed": "Cases that nobody has taken",
    "overdue": "Overdue cases",
    "approval": "Gestures that wait for an approval",
    "waiting": "Cases with the customer",
    "resolved": "Resolved cases",
    "closed": "Closed cases",
}


def wanted_by(args: Any) -> Wanted:
    """A query string as a wish; whatever makes no sense in it is as if it were not there."""
    severity, show = args.get("severity", ""), args.get("show", "")
    return Wanted(
        view=args.get("view") if args.get("view") in VIEWS else "open",
        team=_short(args.get("team")),
        language=_short(args.get("language")),
        severity=int(severity) if severity in ("1", "2", "3", "4") else None,
        show=max(PAGE, min(int(show), MOST)) if show.isascii() and show.isdigit() and len(show) < 6 else PAGE,
    )


def _short(text: str | None) -> str | None:
    return text if text and len(text) <= 60 and text.isprintable() else None


@screen("/queue", "queue.read")
def queue() -> str:
    wanted, now = wanted_by(request.args), now_ms()
    site_id, user_id = here().site.id, g.user_id
    newest = counting.newest_id(site_id)
    rows = reading.rows(site_id, wanted, user_id=user_id, now=now, zone=zone())
    sizes = counting.group_sizes(site_id, wanted, user_id=user_id, now=now, zone=zone())
    counts = counting.counts(site_id, user_id, now)
    total = sum(sizes.values())
    return render_template(
        "console/queue.html",
        wanted=wanted,
        views=VIEWS,
        counts=counts,
        heading=HEADINGS[wanted.view],
        sentence=sentence(wanted, sizes, counts, now),
        groups=in_groups(rows, sizes, wanted.view, now),
        shown=len(rows),
        total=total,
        more=min(wanted.show + PAGE, MOST),
        newest=newest,
        languages=counting.languages(site_id),
        severities=SEVERITIES,
        has_incidents=has_incidents(site_id),
        suggested=suggested(site_id, now) if wanted == Wanted() and allowed("case.work") else None,
    )


@screen("/queue/news", "queue.read")
def queue_news() -> Response:
    """Whether something new stands in this view since the page was made: a line, or nothing new to say (204)."""
    wanted = wanted_by(request.args)
    after, known = _number("after"), _number("known")
    count = counting.size(here().site.id, wanted, user_id=g.user_id, now=now_ms(), after_id=after)
    if count == known:
        return make_response("", 204)
    return make_response(render_template("console/queue_news.html", wanted=wanted, newest=after, count=count))


def _number(name: str) -> int:
    given = request.args.get(name, "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0


def in_groups(rows: list[Row], sizes: dict[str, int], view: str, now: int) -> list[tuple[str, int, list[Row]]]:
    """Rows under their headings: (heading, how many in all, rows). A closed case owes nothing: one group."""
    if view == "closed":
        return [("", len(rows), rows)] if rows else []
    by_due = groupby(rows, key=lambda row: due_in_words(row.case.due, now, zone()).group)
    return [(GROUPS[group], sizes.get(group, 0), list(some)) for group, some in by_due]


def sentence(wanted: Wanted, sizes: dict[str, int], counts: counting.Counts, now: int) -> str:
    """What the view holds, in one sentence or two."""
    total, over = sum(sizes.values()), sizes.get("over", 0)
    if not total:
        return ""
    if wanted.view == "closed":
        return f"{plural(total, 'case')}, the last one first."
    if wanted.view == "overdue":
        return f"{plural(total, 'case')}. The customer was to hear from us by now."
    if wanted.filtered or wanted.view not in ("open", "mine"):
        return plural(total, "case") + (f", {over:,} overdue." if over else ".")
    return _open_ones(wanted.view, total, over, counts, now)


def _open_ones(view: str, total: int, over: int, counts: counting.Counts, now: int) -> str:
    """Measured as the rail measures: what is open, and what is overdue, in whatever state."""
    if view == "mine":
        return _mine(counts.views["mine"], total, over)
    elsewhere = counts.views["overdue"] - over
    start = f"{total:,} open" + (f", {over:,} of them overdue." if over else ".")
    start += f" {elsewhere:,} more overdue, with the customer or resolved." if elsewhere > 0 else ""
    if counts.next_due is not None:
        start += f" The next is due in {long_span(counts.next_due - now)}."
    return start


def _mine(open_: int, total: int, over: int) -> str:
    if total == open_:
        return f"{open_:,} open" + (f", {over:,} of them overdue." if over else ".")
    start = f"{open_:,} open, {total - open_:,} more with the customer or resolved."
    return start + (f" {over:,} of these {total:,} overdue." if over else "")
