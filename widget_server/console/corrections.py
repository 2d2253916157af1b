"""'Wrong?' on a response: what was read, in words, and staff's own word against it, which becomes a label."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response as Answered
from flask import flash, make_response, redirect, request, url_for
from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.console.frame import actor, command, here
from widget_server.console.response_reading import Row, one_response
from widget_server.database import db, writing
from widget_server.desk.corrections import correct, read_as, take_back, version_of
from widget_server.errors import Invalid, NotFound
from widget_server.scoring.labelling import corrections_of, count_of, standing
from widget_server.scoring.labels import NEEDED, VALUES
from widget_server.scoring.models import AssessmentRow, Correction
from widget_server.scoring.weights import band

ASPECTS = {
    "needs_recovery": "Help",
    "friction": "Trouble",
    "sentiment": "Feeling",
    "topic": "Topic",
}
SAID = {
    ("needs_recovery", "yes"): "help was needed",
    ("needs_recovery", "no"): "no help was needed",
    ("friction", "yes"): "something got in the way",
    ("friction", "no"): "nothing got in the way",
    ("topic", "none"): "none of these",
    ("sentiment", "no_text"): "nothing written",
    ("sentiment", "unsupported"): "not read",
}


@dataclass(frozen=True)
class Choice:
    """One thing that may be wrong: what was read, and what can be said instead."""

    aspect: str
    word: str
    read: str
    options: list[tuple[str, str]]
    correction: Correction | None  # that stands
    said: str = ""  # by it
    by: str = ""


@dataclass(frozen=True)
class Reading:
    """All that the template shows beside the terms."""

    choices: list[Choice]
    version: int
    corrected: bool
    band: str
    labels: int
    needed: int
    enough: bool
    earlier: list[AssessmentRow]  # by other models, newest first


@command("/responses/<public_id>/correction", "responses.work")
def correct_response(public_id: str) -> Answered:
    """Say what it was."""
    aspect, value = request.form.get("aspect", ""), request.form.get("value", "")
    with writing():
        row = _row(public_id)
        made = correct(row.response, row.assessment, actor(), aspect=aspect, value=value, expected=_version())
        words = in_words(made.aspect, made.value)
    flash(f"Noted: {words}. The score stays as it is; the next ones learn from it.")
    return _back(public_id)


@command("/responses/<public_id>/correction/undo", "responses.work")
def undo_correction(public_id: str) -> Answered:
    """Take the newest word on one aspect back."""
    with writing():
        take_back(_row(public_id).response, actor(), aspect=request.form.get("aspect", ""), expected=_version())
    flash("Taken back.")
    return _back(public_id)


def reading_of(row: Row) -> Reading:
    """What was made of a response, what staff said of it, and how far the site is from weights of its own."""
    found = corrections_of(row.response.id)
    stands, count = standing(found), count_of(row.response.site_id)
    ids = {one.user_id for one in stands.values() if one.user_id}
    people = {user.id: user.name or user.email for user in db.session.scalars(select(User).where(User.id.in_(ids)))}
    return Reading(
        choices=[_choice(row, aspect, stands.get(aspect), people) for aspect in ASPECTS],
        version=version_of(found),
        corrected=bool(stands),
        band=band(row.assessment.needs_recovery) if row.assessment else "",
        labels=count.total,
        needed=NEEDED,
        enough=count.enough,
        earlier=_earlier(row),
    )


def in_words(aspect: str, value: str) -> str:
    return SAID.get((aspect, value), value.replace("_", " "))


def _choice(row: Row, aspect: str, correction: Correction | None, people: dict[int, str]) -> Choice:
    return Choice(
        aspect,
        ASPECTS[aspect],
        in_words(aspect, read_as(row.assessment, aspect)),
        [(value, in_words(aspect, value)) for value in VALUES[aspect]],
        correction,
        in_words(aspect, correction.value) if correction else "",
        people.get(correction.user_id or 0, "Somebody") if correction else "",
    )


def _earlier(row: Row) -> list[AssessmentRow]:
    """How other models read the same words."""
    if row.assessment is None:
        return []
    mine = row.assessment
    others = (AssessmentRow.response_id == mine.response_id, AssessmentRow.id < mine.id)
    same = (AssessmentRow.revision == mine.revision, AssessmentRow.model != mine.model)
    return list(db.session.scalars(select(AssessmentRow).where(*others, *same).order_by(AssessmentRow.id.desc()).limit(3)))


def _row(public_id: str) -> Row:
    found = one_response(here().site.id, public_id) if len(public_id) <= 36 and "\0" not in public_id else None
    if found is None:
        raise NotFound("There is no such response.")
    return found


def _version() -> int:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Invalid("The form's version can't be read: load the page again.")
    return int(text)


def _back(public_id: str) -> Answered:
    return make_response(redirect(url_for("console.response", public_id=public_id, _anchor="reading"), 303))
