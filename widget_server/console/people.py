"""The screen 'A person’s data': what there is of somebody who asks, handed out, erased. For admins; each use is audited.

Whom it is about travels in the form, never in an address: addresses of pages are logged.
"""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.clock import now_ms
from widget_server.console.frame import actor, command, here, screen
from widget_server.database import writing
from widget_server.errors import Conflict, Invalid
from widget_server.privacy import operations as privacy
from widget_server.privacy.finding import Person
from widget_server.privacy.sweeping import sweep

WAYS = {
    "email": "E-mail address",
    "reference": "Reference, as your own server signs it",
    "receipt": "Receipt: its address, or the number on it",
}


@screen("/data", "settings.people")
def persons() -> Answered:
    """Whom is it about?"""
    return _page(None)


@command("/data", "settings.people")
def find_person() -> Answered:
    """What there is of them, with what can be done."""
    try:
        person = _asked()  # opens every sealed address of the site: before the writers' lock
    except Invalid as wrong:
        return _page(None, wrong.detail, 422)
    page = _page(person)
    with writing():
        privacy.note_search(person, actor())
    return page


@command("/data/export", "settings.people")
def export_person() -> Answered:
    """All of it as a zip, to be handed to the person."""
    try:
        person = _asked()
    except Invalid as wrong:
        return _page(None, wrong.detail, 422)
    made = privacy.export(person)
    with writing():
        privacy.note_export(person, actor(), bytes=len(made))
    answer = make_response(made)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{here().site.key}-{now_ms() // 1000}.zip"'
    return answer


@command("/data/erase", "settings.people")
def erase_person() -> Answered:
    """For good, with a tick besides, so that no slip does it."""
    try:
        if request.form.get("sure") != "on":
            return _page(_asked(), "Tick that you are sure. Nothing was erased.", 422)
        others: set[str] = set()
        _asked(others)  # before the writers' lock: under it only what came in since is opened
        with writing():
            done = privacy.erase(_asked(others), actor())
    except (Invalid, Conflict) as wrong:
        return _page(None, wrong.detail, wrong.status)
    sweep()
    if done.responses or done.mentions:
        flash(f"Erased: {done.responses} responses in {done.cases} cases, and {done.mentions} mentions by others.")
    else:
        flash("There was nothing left to erase.", "warning")
    return make_response(redirect(url_for("console.persons"), 303))


def _asked(others: set[str] | None = None) -> Person:
    return privacy.find(here().site.id, request.form.get("by", ""), request.form.get("value", "")[:500], others=others)


def _page(person: Person | None, wrong: str | None = None, status: int = 200) -> Answered:
    page = render_template(
        "console/persons.html",
        ways=WAYS,
        by=request.form.get("by", "email"),
        value=request.form.get("value", "")[:500],
        person=person,
        cases={case.id: case for case in person.cases()} if person else {},
        wrong=wrong,
    )
    return make_response(page, status)
