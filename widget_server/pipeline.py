"""What happens to a response, in order. This file tells the whole story; each step is one feature's.

    stored by intake → assessed → (if flagged) which failure is it? → routed → a case opened or joined → the team told

Webhooks hear of it on the way (`announcements.py`).

`process` runs inside the worker's transaction and only flushes. Every step is idempotent: a response may come by again,
after a crash or with a newer snapshot, and nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from widget_server.announcements import announce_case, announce_response
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.delivery import outbox
from widget_server.people.queries import person_hmacs
from widget_server.recovery.models import Case
from widget_server.recovery.operations import link_flagged
from widget_server.recovery.queries import failures_of
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Response
from widget_server.routing.operations import route
from widget_server.routing.queries import rulebook
from widget_server.scoring import operations as scoring
from widget_server.scoring.models import AssessmentRow
from widget_server.scoring.operations import assess_response, assess_some
from widget_server.sites.models import Site
from widget_server.surveys.queries import find_version
from widget_server.team_mail import members, urgent_case
from widget_server.webhooks.queries import asked_once

URGENT = "P1"


def warm_up() -> None:
    """Load models and rules now, rather than at the first response."""
    scoring.warm_up()
    rulebook()


def process(response: Response) -> None:
    """Take one stored response as far as it goes by itself."""
    _go_on(response, assess_response(response))


def process_some(responses: Sequence[Response]) -> None:
    """The same with several: read together, then each goes on. Whoever comes later finds what those before it caused."""
    with asked_once():
        for response, assessment in zip(responses, assess_some(responses), strict=True):
            _go_on(response, assessment)
            db.session.flush()


def _go_on(response: Response, assessment: AssessmentRow) -> None:
    if response.state == "kept":
        announce_response("response.received", response, assessment)
    if not assessment.flagged or response.state != "kept" or _asks_about_recovery(response):
        return
    announce_response("response.flagged", response, assessment)
    hmacs = person_hmacs(response.id)
    failures = failures_of(response.site_id, hmacs, now_ms())
    decision = route(response, assessment, failures)
    reach = reach_of(response.id)
    linked = link_flagged(response, assessment, decision, failures=failures, hmacs=hmacs, reach=reach)
    if linked.opened:
        announce_case("case.opened", linked.case)
    if linked.opened and linked.case.priority == URGENT:
        tell_team(linked.case)


def tell_team(case: Case) -> None:
    """A mail to each member of the case's team, once; to the site's support and admins where a team has nobody."""
    site = db.session.get_one(Site, case.site_id)
    letter = urgent_case(case, site, settings().base_url)
    outbox.enqueue_to_staff(
        members(site.id, case.team_id),
        unique_key=f"urgent:{case.id}",
        site_id=site.id,
        purpose="urgent_case",
        subject=letter.subject,
        body=letter.body,
    )


def _asks_about_recovery(response: Response) -> bool:
    """Answers to "did it hold?" belong to the case that asked; they open none of their own."""
    known = find_version(db.session, response.site_id, response.survey_key, response.version)
    return known is not None and known.definition.purpose == "recovery"
