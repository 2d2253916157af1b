"""The surveys screen: what each asks, where, how often it was answered; one survey with its answers counted."""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.console import survey_words
from widget_server.console.figures import FEWEST_NAMELESS, TOO_FEW
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.survey_link import address_of
from widget_server.console.survey_reading import Counts, counts_by_survey, tally
from widget_server.database import writing
from widget_server.errors import Invalid, NotFound
from widget_server.surveys.operations import set_status
from widget_server.surveys.queries import LiveSurvey, all_surveys
from widget_server.surveys.texts import spoken


@screen("/surveys", "surveys.read")
def surveys() -> Answered:
    """All of them, with their counts."""
    site = here().site
    counts = counts_by_survey(site.id)
    rows = [(survey, counts.get(survey.key, Counts()), _words(survey)) for survey in all_surveys(site.id)]
    return make_response(render_template("console/surveys.html", rows=rows))


@screen("/surveys/<survey_key>", "surveys.read")
def survey(survey_key: str) -> Answered:
    """One survey: each question, and what was said to it."""
    site = here().site
    found = _survey(survey_key)
    page = render_template(
        "console/survey.html",
        survey=found,
        words=_words(found),
        address=address_of(found.key) if found.definition.purpose == "listen" else None,
        counts=counts_by_survey(site.id).get(found.key, Counts()),
        few=TOO_FEW,
        fewest=FEWEST_NAMELESS if found.definition.anonymous else 1,
        tallies=[tally(site.id, found.key, part, "en") for one in found.definition.questions for part in one.parts],
    )
    return make_response(page)


@command("/surveys/<survey_key>/status", "surveys.work")
def put_survey(survey_key: str) -> Answered:
    """Pause a survey, or let it ask again."""
    wanted = request.form.get("status", "")
    if wanted not in ("live", "paused"):
        raise Invalid("A survey is live or paused.")
    with writing():
        set_status(here().site, _survey(survey_key).key, wanted)
        audit(f"survey.{wanted}", user=actor(), site_id=here().site.id, subject=survey_key)
    flash(
        "It asks again, within a minute."
        if wanted == "live"
        else "Paused. Open pages may ask for another minute."
    )
    return make_response(redirect(url_for("console.survey", survey_key=survey_key), 303))


def _survey(key: str) -> LiveSurvey:
    for found in all_surveys(here().site.id):
        if found.key == key:
            return found
    raise NotFound("There is no such survey.")


def _words(found: LiveSurvey) -> dict[str, str | bool]:
    definition = found.definition
    is_button = here().site.button_survey == found.key
    return {
        "title": spoken(definition.title, "en"),
        "first": spoken(definition.questions[0].text, "en"),
        "when": survey_words.when_asked(definition, is_button),
        "where": survey_words.where_asked(definition),
        "often": "" if is_button else survey_words.how_often(definition),
        "displayed": definition.purpose != "recovery",  # that one is asked on the customer's page, not by the widget
        "kept": survey_words.what_is_kept(definition),
    }
