"""The responses screen: everything that was said, searched, filtered, put aside; one response whole."""

from __future__ import annotations

import re
from dataclasses import replace
from math import log

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.console.answers import said
from widget_server.console.callers import note_lookup, receipt_of
from widget_server.console.corrections import reading_of
from widget_server.console.frame import actor, allowed, command, here, screen
from widget_server.console.marking import kinds_in, pieces
from widget_server.console.response_reading import (
    LOOKS,
    MOST_COUNTED,
    PAGE,
    STATES,
    Filters,
    Row,
    count_found,
    found_responses,
    languages_of,
    one_response,
    surveys_of,
)
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.desk.callers import fingerprint
from widget_server.desk.learning import news_of_rescoring
from widget_server.desk.responses import archive_response, keep_response, mark_spam, open_by_hand
from widget_server.errors import Invalid, NotFound
from widget_server.people.queries import contacts_of
from widget_server.recovery.queries import case_by_number
from widget_server.surveys.queries import find_version

CASE_NUMBER = re.compile(r"#?\s*([A-Za-z]{0,6})\s*(\d{4,9})")


@screen("/responses", "responses.read")
def responses() -> Answered:
    """The list. A case's number in the search box goes straight to the case."""
    site, filters = here().site, Filters.from_query(request.args)
    number = _case_number(filters.words, site.reference_prefix)
    if number and case_by_number(site.id, number):
        return make_response(redirect(url_for("console.case", number=number)))
    if allowed("person.read"):
        filters = replace(filters, person=fingerprint(site.id, filters.words))
    if filters.person and "before" not in request.args:
        note_lookup(site.id, filters.person)
    before = _cursor(request.args.get("before", ""))
    rows = found_responses(site.id, filters, before)
    shown = rows[:PAGE]
    total = len(rows) if before is None and len(rows) <= PAGE else count_found(site.id, filters)
    page = render_template(
        "console/responses.html",
        rows=shown,
        more=_position(shown[-1]) if len(rows) > PAGE else None,
        total=total,
        how_many=_how_many(total),
        filters=filters,
        states=STATES,
        looks=LOOKS,
        languages=sorted({*languages_of(site.id), filters.language} - {""}),
        surveys=surveys_of(site.id),
        elsewhere=_elsewhere(site.id, filters) if not shown else [],
        rescoring=news_of_rescoring(site.id),
    )
    return make_response(page)


@screen("/responses/<public_id>", "responses.read")
def response(public_id: str) -> Answered:
    """One response: the words, the answers, the reasons, the place."""
    row = _row(public_id)
    found = row.response
    version = find_version(db.session, found.site_id, found.survey_key, found.version)
    answers = said(version.definition, found.answers, row.texts, "en") if version else []
    evidence = row.assessment.evidence if row.assessment else []
    marks = {question: pieces(text, evidence, question) for question, text in row.texts.items()}
    page = render_template(
        "console/response.html",
        row=row,
        response=found,
        survey_title=version.definition.title.get("en", found.survey_key) if version else found.survey_key,
        answers=answers,
        nameless=bool(version and version.definition.anonymous),
        contacts=len(contacts_of(found.id)),
        terms=_terms(row),
        reading=reading_of(row),
        marks=marks,
        legend=kinds_in(marks.values()),
        flagged_from=_flagged_from(row),
        receipt=receipt_of(found.id),
    )
    return make_response(page)


@command("/responses/<public_id>/state", "responses.work")
def put_response(public_id: str) -> Answered:
    """Archive, mark as spam, or take back into the kept ones."""
    wanted = request.form.get("state", "")
    said_of = {
        "archived": "Archived.",
        "spam": "Marked as spam. It counts nowhere now.",
        "kept": "Taken back.",
    }
    if wanted not in said_of:
        raise Invalid("A response is kept, archived or spam.")
    with writing():
        found = _row(public_id).response
        if wanted == "archived":
            archive_response(found, actor())
        elif wanted == "spam":
            mark_spam(found, actor())
        else:
            keep_response(found, actor())
    flash(said_of[wanted])
    return make_response(redirect(url_for("console.response", public_id=public_id), 303))


@command("/responses/<public_id>/case", "case.work")
def open_case_by_hand(public_id: str) -> Answered:
    """A member of staff sees a failure where the rules saw none."""
    severity = request.form.get("severity", "")
    with writing():
        case = open_by_hand(
            _row(public_id).response,
            actor(),
            reason=request.form.get("reason", ""),
            severity=int(severity) if severity in ("1", "2", "3", "4") else None,
        )
        number = case.number
    flash("Case opened. It is in the queue.")
    return make_response(redirect(url_for("console.case", number=number), 303))


def _row(public_id: str) -> Row:
    found = (
        one_response(here().site.id, public_id) if len(public_id) <= 36 and "\0" not in public_id else None
    )
    if found is None:
        raise NotFound("There is no such response.")
    return found


def _case_number(words: str, prefix: str) -> int | None:
    """The number in '1042', '#1042' or 'TA 1042'; None for other words, or another site's prefix."""
    match = CASE_NUMBER.fullmatch(words)
    if match is None or (match[1] and match[1].upper() != prefix.upper()):
        return None
    return int(match[2]) if int(match[2]) < 2**31 else None


def _cursor(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{1,15})\.(\d{1,15})", text, re.ASCII)
    return (int(match[1]), int(match[2])) if match else None


def _position(row: Row) -> str:
    return f"{row.response.received_at}.{row.response.id}"


def _elsewhere(site_id: int, filters: Filters) -> list[tuple[str, dict[str, str]]]:
    """Nearest searches that find something: each of the filters left out in turn, then all but the words."""
    tries = [
        ("in every language", {"language": ""}) if filters.language else None,
        ("in every survey", {"survey": ""}) if filters.survey else None,
        ("whatever their score", {"look": ""}) if filters.look else None,
        ("among the kept ones", {"state": "kept"}) if filters.state != "kept" else None,
        ("without any filter", {"language": "", "survey": "", "look": "", "state": "kept"}),
    ]
    found = []
    for words, changes in (one for one in tries if one):
        query = filters.query(**changes)
        if query == filters.query():
            continue
        total = count_found(site_id, replace(Filters.from_query(query), person=filters.person))
        if total:
            found.append((f"{total} {words}" if total <= MOST_COUNTED else f"more than {MOST_COUNTED:,} {words}", query))
    return found[:2]


def _how_many(total: int) -> str:
    if total > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} responses"
    return plural(total, "response", "responses") if total else "No response"


def _terms(row: Row) -> list[dict[str, object]]:
    """Terms of the assessment, strongest first; those that add nothing are left out."""
    terms = row.assessment.terms if row.assessment else []
    telling = [term for term in terms if abs(term.get("contribution", 0)) >= 0.005]
    return sorted(telling, key=lambda term: -abs(term["contribution"]))


def _flagged_from(row: Row) -> float:
    """The threshold on the scale of the terms' sum: its logit."""
    threshold = row.assessment.threshold if row.assessment else 0.5
    return log(threshold / (1 - threshold))
