"""The recovery screen: how cases are put right, and where they come from, in a period and the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response as Answered
from flask import make_response, render_template, request

from widget_server.clock import now_ms
from widget_server.console import changes, recovery_figures, recovery_reading
from widget_server.console.figures import TOO_FEW, share
from widget_server.console.frame import here, screen
from widget_server.surveys.queries import LiveSurvey, all_surveys
from widget_server.surveys.texts import spoken


@screen("/recovery", "recovery.read")
def recovery() -> Answered:
    """Figures of the cases that were opened in the period, what changed, and what stands out."""
    site, now = here().site, now_ms()
    period = changes.asked_for(request.args.get("period"))
    span, earlier = changes.spans(period, now)
    surveys = all_surveys(site.id)
    left_out = [one.key for one in surveys if one.definition.purpose == "recovery" or one.definition.anonymous]
    recovered = share(*recovery_reading.satisfied(site.id, span, _rated(surveys, "recovery"), after=True))
    unharmed = share(*recovery_reading.satisfied(site.id, span, _rated(surveys, "listen"), after=False))
    titles = recovery_figures.told_apart({one.key: spoken(one.definition.title, "en") for one in surveys})
    summary = recovery_figures.summary(recovery_reading.handled(site.id, span), now)
    before = recovery_figures.summary(recovery_reading.handled(site.id, earlier), now) if earlier else None
    both = recovery_figures.compared(summary, before) if before else []
    dimensions = recovery_reading.where_it_happens(site.id, span, left_out, titles)
    page = render_template(
        "console/recovery.html",
        now=summary,
        before=before,
        changed=changes.beyond_chance(both)[: changes.MOST],
        comparable=any(one.p is not None for one in both),
        promises=share(*recovery_reading.promises(site.id, span, now)),
        given=recovery_reading.given(site.id, span),
        topics=recovery_figures.topics(
            recovery_reading.topics_of(site.id, span),
            recovery_reading.topics_of(site.id, earlier) if earlier else [],
        ),
        recovered=recovered,
        unharmed=unharmed,
        worth=changes.beyond_chance([changes.shares("", unharmed, recovered)]),
        dimensions=dimensions,
        standing_out=recovery_figures.standing_out(dimensions)[: changes.MOST],
        few=TOO_FEW,
        **changes.told(period),
    )
    return make_response(page)


def _rated(surveys: Sequence[LiveSurvey], purpose: str) -> dict[str, tuple[str, int]]:
    """Surveys of a purpose by their keys, with the question by which they measure satisfaction."""
    found = {}
    for one in surveys:
        rated = recovery_figures.rated_by((question.key, question.scale) for question in one.definition.questions)
        if rated and one.definition.purpose == purpose and not one.definition.anonymous:
            found[one.key] = rated
    return found
