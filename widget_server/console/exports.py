"""Files of what a list shows, to take along: responses and cases with the filters of their screens. Each is audited."""

from __future__ import annotations

from dataclasses import replace

from flask import Response as Answered
from flask import g, request, stream_with_context
from sqlalchemy import select

from widget_server.accounts.operations import audit
from widget_server.clock import now_ms
from widget_server.console.frame import actor, allowed, command, here
from widget_server.console.queue import wanted_by
from widget_server.console.queue_reading import conditions
from widget_server.console.rendering import zone
from widget_server.console.response_reading import Filters, ids_found
from widget_server.console.times import local
from widget_server.database import writing
from widget_server.desk.callers import fingerprint
from widget_server.exports.files import FORMATS
from widget_server.exports.making import chunks, file_name
from widget_server.exports.records import Ids, count
from widget_server.recovery.models import Case


@command("/responses/export", "responses.export")
def export_responses() -> Answered:
    """The responses that the list shows, all pages of them."""
    site, filters = here().site, Filters.from_query(request.form)
    if allowed("person.read"):
        filters = replace(filters, person=fingerprint(site.id, filters.words))
    narrowed = sorted(filters.query())  # which filters; what was searched for may be somebody's address
    return _file("responses", ids_found(site.id, filters), narrowed)


@command("/queue/export", "queue.export")
def export_cases() -> Answered:
    """The cases of a view, all of them."""
    wanted = wanted_by(request.form)
    asked = conditions(here().site.id, wanted, g.user_id, now_ms())
    return _file("cases", select(Case.id).where(*asked), sorted(wanted.address()))


def _file(what: str, wanted: Ids, narrowed: list[str]) -> Answered:
    format, day = request.form.get("format", "csv"), f"{local(now_ms(), zone()):%Y-%m-%d}"
    site = here().site
    made = chunks(site, what, format, wanted)
    name, rows = file_name(site, what, format, day), count(wanted)  # counting takes its time: before the writers' lock
    with writing():
        audit(f"{what}.exported", user=actor(), site_id=here().site.id, subject=format, rows=rows, filters=narrowed)
    answer = Answered(stream_with_context(made), content_type=FORMATS[format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
