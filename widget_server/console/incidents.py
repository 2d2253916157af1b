"""Incidents: one failure that hits many. Which there are, one with its cases, and one message to all of them."""

from __future__ import annotations

import secrets
from time import monotonic

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.clock import now_ms
from widget_server.console import incident_reading as reading
from widget_server.console import incident_words as words
from widget_server.console.case_commands import chosen
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.queue import wanted_by
from widget_server.console.rendering import zone
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.desk import incidents as desk
from widget_server.desk.words import LONGEST_TITLE
from widget_server.errors import Conflict, Invalid, NotFound, Unavailable
from widget_server.recovery.incidents import MOST, incident_by_id, incidents, open_incidents, parts, sent_with
from widget_server.recovery.models import Case, Incident
from widget_server.recovery.queries import case_by_number
from widget_server.replies.filling import PLACES

SECONDS = 8.0
"""How long one press sends; what is left goes with the next, under the same token."""


@screen("/incidents", "queue.read")
def incident_list() -> str:
    site_id = here().site.id
    return render_template(
        "console/incidents.html", open=incidents(site_id, "open"), closed=incidents(site_id, "closed")
    )


@screen("/incidents/<incident_id>", "case.read")
def incident(incident_id: str) -> Answered:
    return _page(_found(incident_id))


# Gathering ------------------------------------------------------------------------------------------------------------


@command("/queue/gather", "case.work")
def gather() -> Answered:
    """The rows that were chosen in the queue, to the form that asks for a title."""
    numbers = [number for number, _version in chosen()]
    if not numbers:
        flash("Choose cases first.", "warning")
        return make_response(redirect(url_for("console.queue", **wanted_by(request.form).address()), 303))
    return make_response(redirect(url_for("console.new_incident", cases="-".join(map(str, numbers))), 303))


@screen("/incidents/new", "case.work")
def new_incident() -> Answered:
    return _gathering(_numbers(request.args.get("cases", "").split("-")), request.args.get("title", "")[:200])


@command("/incidents", "case.work")
def put_incident() -> Answered:
    """A new one of the cases that were chosen, or more cases for one that is open."""
    numbers = _numbers(request.form.getlist("case"))
    named, title = request.form.get("incident", ""), request.form.get("title", "")
    if not numbers:
        return _gathering(_numbers(request.form.get("cases", "").split("-")), title, {"case": "Choose at least one case."})
    try:
        found, added, refused = _gather(numbers, named, title)
    except Invalid as wrong:
        return _gathering(numbers, title, {"title": wrong.detail})
    for why, which in refused.items():
        flash(f"{words.named(which).capitalize()} stayed out. {why}", "warning")
    if found is None:
        return make_response(redirect(url_for("console.queue"), 303))
    if added:
        flash(f"Added {plural(added, 'case')}." if named else f"Gathered {plural(added, 'case')}.")
    return make_response(redirect(url_for("console.incident", incident_id=found), 303))


def _gather(numbers: list[int], named: str, title: str) -> tuple[str | None, int, dict[str, list[int]]]:
    """Some in a transaction. Returns the incident's id, how many it got, and by refusal which it did not."""
    made, added, refused = named or None, 0, dict[str, list[int]]()
    for at in range(0, len(numbers), desk.AT_ONCE):
        with writing():
            place = here().site
            incident = _found(made) if made else desk.open_incident(place, actor(), title)
            before = added
            for number in numbers[at : at + desk.AT_ONCE]:
                case = case_by_number(place.id, number)
                if case is None:
                    continue
                try:
                    added += desk.add_case(incident, case, actor())
                except Conflict as no:
                    refused.setdefault(no.detail, []).append(number)
            if made is None and added == before:
                db.session.delete(incident)
            else:
                made = incident.public_id
    return made, added, refused


def _gathering(numbers: list[int], title: str, wrongs: dict[str, str] | None = None) -> Answered:
    rows = reading.rows_of(here().site.id, numbers, now_ms(), zone())
    page = render_template(
        "console/incident_form.html",
        rows=rows,
        taken=reading.taken(rows),
        kept="-".join(map(str, numbers)),
        incidents=open_incidents(here().site.id),
        chosen=request.form.get("incident", ""),
        title=title,
        wrongs=wrongs or {},
        longest=LONGEST_TITLE,
    )
    return make_response(page, 422 if wrongs else 200)


def _numbers(given: list[str]) -> list[int]:
    """Cases by number, each once, in order, as many as an incident can have."""
    plain = {int(one) for one in given[:MOST] if one.isascii() and one.isdigit() and len(one) < 10}
    return sorted(plain)


@command("/cases/<case:number>/incident", "case.work")
def put_case_incident(number: int) -> Answered:
    """From the case's page: part of the incident that is named, or of none."""
    named = request.form.get("incident", "")
    try:
        with writing():
            case = case_by_number(here().site.id, number)
            if case is None:
                raise NotFound("There is no such case.")
            if named:
                desk.add_case(_found(named), case, actor())
            else:
                desk.take_out(case, actor())
    except Conflict as refusal:
        flash(refusal.detail, "warning")
    else:
        flash("Part of the incident now." if named else "Taken out of the incident.")
    if request.form.get("from") == "incident":
        return _to(request.form.get("back", ""))
    view = wanted_by(request.args).address() if request.args else {}
    return make_response(redirect(url_for("console.case", number=number, **view), 303))


def _to(incident_id: str) -> Answered:
    there = incident_by_id(here().site.id, incident_id)
    if there is None:
        return make_response(redirect(url_for("console.queue"), 303))
    return make_response(redirect(url_for("console.incident", incident_id=there.public_id), 303))


@command("/incidents/<incident_id>/state", "case.work")
def put_incident_state(incident_id: str) -> Answered:
    to_open = request.form.get("to") == "open"
    with writing():
        desk.turn(_found(incident_id), open=to_open)
    flash("Open again." if to_open else "Closed. Its cases stay as they are.")
    return _to(incident_id)


# One message to all ---------------------------------------------------------------------------------------------------


@command("/incidents/<incident_id>/send", "case.work")
def send_to_all(incident_id: str) -> Answered:
    """As many as one press has time for. The same form again sends to the rest, and nothing twice."""
    form, found = request.form, _found(incident_id)
    fresh, language = form.get("to") == "fresh", form.get("language", "")[:10]
    message = desk.Message(
        body=form.get("body", ""),
        token=form.get("token", ""),
        apology="apology" in form,
        resolve="resolve" in form,
        cause=form.get("cause", ""),
        remedy=form.get("remedy", ""),
    )
    try:
        desk.checked(message)
        if found.state != "open":
            raise Invalid("This incident is closed: open it again first.")
    except Invalid as wrong:
        wrongs = {fault.pointer.lstrip("/"): fault.detail for fault in wrong.faults} or {"body": wrong.detail}
        return _page(found, form=form.to_dict(), wrongs=wrongs, status=422)
    now, before, by_outcome, left = _send(found, message, fresh=fresh, language=language)
    if left:
        return _page(_found(incident_id), form=form.to_dict(), going=(now + before, left))
    if now or before:
        flash(words.sent(now, before))
    stayed = words.stayed(by_outcome)
    if stayed or not (now or before):
        flash(stayed or "Nothing was sent: no open case can be reached.", "warning")
    return _to(incident_id)


def _send(
    incident: Incident, message: desk.Message, *, fresh: bool, language: str
) -> tuple[int, int, dict[str, list[int]], int]:
    """Returns how many got it now, and before with this form; who got nothing, by why; how many are left."""
    public_id, until = incident.public_id, monotonic() + SECONDS
    every = parts(incident.id)
    had = sent_with([part.id for part in every], message.token)
    meant = [part for part in words.audience(every, fresh=fresh, language=language) if part.id not in had]
    now, by_outcome = 0, words.left_out(part for part in every if part.id not in had)
    for at, part in enumerate(meant):
        if monotonic() > until:
            return now, len(had), by_outcome, len(meant) - at
        try:
            with writing():
                case = db.session.get_one(Case, part.id)
                outcome = desk.answer(_found(public_id), case, actor(), here().site, message)
        except Unavailable:  # somebody holds the database: what was sent stays sent
            return now, len(had), by_outcome, len(meant) - at
        if outcome == "sent":
            now += 1
        elif outcome == "sent_before":
            had.add(part.id)
        else:
            by_outcome.setdefault(outcome, []).append(part.number)
    return now, len(had), by_outcome, 0


# Pages ----------------------------------------------------------------------------------------------------------------


def _found(incident_id: str) -> Incident:
    found = incident_by_id(here().site.id, incident_id)
    if found is None:
        raise NotFound("There is no such incident.")
    return found


def _page(
    found: Incident,
    *,
    form: dict[str, str] | None = None,
    wrongs: dict[str, str] | None = None,
    going: tuple[int, int] | None = None,
    status: int = 200,
) -> Answered:
    """With `form` what was typed stays; `going`: how many have it, and how many are left."""
    read = reading.read_incident(found, now_ms(), zone())
    to_all, to_fresh = read.to_all, read.to_fresh
    page = render_template(
        "console/incident.html",
        read=read,
        incident=found,
        form=form,
        wrongs=wrongs or {},
        going=going,
        to_all=to_all,
        to_fresh=to_fresh,
        second=words.second_apologies(to_all, to_fresh),
        languages=words.language_choices(to_all),
        token=(form or {}).get("token") or secrets.token_urlsafe(16),
        fillable=PLACES,
        longest=10_000,
    )
    return make_response(page, status)

