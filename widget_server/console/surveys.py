"""The surveys screen: what each asks, where, how often it was answered; one survey with its answers counted."""

from __future__ import annotations

from itertools import zip_longest

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.clock import now_ms
from widget_server.console import changes, survey_words
from widget_server.console.figures import FEWEST_NAMELESS, TOO_FEW
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.survey_link import address_of
from widget_server.console.survey_reading import (
    Counts,
    Tally,
    compared,
    counts_by_survey,
    last_answers,
    tally,
)
from widget_server.database import writing
from widget_server.errors import Invalid, NotFound
from widget_server.surveys.operations import set_status
from widget_server.surveys.queries import LiveSurvey, all_surveys
from widget_server.surveys.texts import spoken


@screen("/surveys", "surveys.read")
def surveys() -> Answered:
    """All of them, with their counts in a period."""
    site, period = here().site, changes.asked_for(request.args.get("period"))
    span, before = changes.spans(period, now_ms())
    counts, earlier = counts_by_survey(site.id, span), counts_by_survey(site.id, before) if before else {}
    found = all_surveys(site.id)
    last = last_answers(site.id, [one.key for one in found])
    nothing = Counts()
    rows = [
        (one, counts.get(one.key, nothing), earlier.get(one.key, nothing), last.get(one.key), _words(one)) for one in found
    ]
    return make_response(render_template("console/surveys.html", rows=rows, **changes.told(period)))


@screen("/surveys/<survey_key>", "surveys.read")
def survey(survey_key: str) -> Answered:
    """One survey: what changed, each question, and what was said to it in a period."""
    site, found = here().site, _survey(survey_key)
    # two periods that differ by one answer would tell what that one was
    period = "all" if found.definition.anonymous else changes.asked_for(request.args.get("period"))
    span, earlier = changes.spans(period, now_ms())
    counts, tallies = _counted(found, span)
    before, tallies_before = _counted(found, earlier) if earlier else (None, [])
    both = compared(counts, before, tallies, tallies_before) if before else []
    page = render_template(
        "console/survey.html",
        survey=found,
        words=_words(found),
        address=address_of(found.key) if found.definition.purpose == "listen" else None,
        counts=counts,
        before=before,
        comparable=any(one.p is not None for one in both),
        changed=changes.beyond_chance(both)[: changes.MOST],
        last_at=last_answers(site.id, [found.key]).get(found.key),
        few=TOO_FEW,
        fewest=FEWEST_NAMELESS if found.definition.anonymous else 1,
        tallies=list(zip_longest(tallies, tallies_before)),
        **changes.told(period),
    )
    return make_response(page)


def _counted(found: LiveSurvey, span: changes.Span) -> tuple[Counts, list[Tally]]:
    site_id = here().site.id
    counts = counts_by_survey(site_id, span, found.key).get(found.key, Counts())
    parts = [part for one in found.definition.questions for part in one.parts]
    return counts, [tally(site_id, found.key, part, "en", span) for part in parts]


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
