"""How long the site keeps what, as sentences with the rows that would go now. Part of the settings."""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.clock import now_ms
from widget_server.console.frame import actor, command, here, screen
from widget_server.database import writing
from widget_server.privacy.periods import KEEP, MOST_DAYS, PERIODS, keeping, read_days
from widget_server.privacy.retention import due_counts, keeping_of, set_days


@screen("/settings/keeping", "settings.read")
def keeping_periods() -> Answered:
    """Every kind with its days."""
    return _page()


@command("/settings/keeping", "settings.work")
def put_keeping() -> Answered:
    """Days of all kinds at once. First it says what would go, then it is set."""
    given = {one.kind: read_days(request.form.get(one.kind, str(one.days))) for one in PERIODS}
    wrong = [one.kind for one in PERIODS if given[one.kind] is None]
    if wrong:
        return _page(wrong=wrong, status=422)
    wanted = {kind: days for kind, days in given.items() if days is not None}
    before = keeping_of(here().site.id).days
    due = due_counts(here().site.id, now_ms(), keeping(wanted))
    if request.form.get("sure") != "on" and any(due[kind] and before[kind] != days for kind, days in wanted.items()):
        return _page(asking=due, status=200)
    with writing():
        for kind, days in wanted.items():
            if before[kind] != days:
                set_days(here().site.id, kind, days)
                was = before[kind]
                audit("retention.changed", user=actor(), site_id=here().site.id, subject=kind, days=days, before=was)
    flash("Saved. What is older goes within the hour.")
    return make_response(redirect(url_for("console.keeping_periods"), 303))


def _page(*, wrong: list[str] | None = None, asking: dict[str, int] | None = None, status: int = 200) -> Answered:
    site_id = here().site.id
    page = render_template(
        "console/settings_keeping.html",
        periods=PERIODS,
        kept=keeping_of(site_id).days,
        typed={one.kind: request.form.get(one.kind, "")[:8] for one in PERIODS} if request.method == "POST" else {},
        due=asking or due_counts(site_id, now_ms()),
        asking=asking is not None,
        wrong=wrong or [],
        most=MOST_DAYS,
        keep=KEEP,
    )
    return make_response(page, status)
