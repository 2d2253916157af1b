"""A8: nobody reads across sites or roles. Made from the application's own routes: a new one is in here by itself.

For each route of the console, each role, and ids that are one's own, another site's, and nobody's: what the policy
allows answers, what it doesn't is 403, what is another site's looks exactly like what does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.console.conftest import SignedIn
from tests.console.desk_data import Complaint, complain
from widget_server import database
from widget_server.accounts.models import User
from widget_server.accounts.permissions import ACTIONS, ALLOWED, may
from widget_server.clock import now_ms
from widget_server.console.frame import POLICY, PUBLIC, SIGNED_IN
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.people.models import Contact
from widget_server.recovery.models import Approval, Case, Incident
from widget_server.replies.models import SavedReply
from widget_server.responses.models import Attachment, Response
from widget_server.sites.models import Site
from widget_server.surveys.models import Survey, SurveyState, SurveyVersion
from widget_server.webhooks.events import EVENTS
from widget_server.webhooks.models import WebhookDelivery
from widget_server.webhooks.operations import create_endpoint
from widget_server.webhooks.outbox import enqueue

ROLES = tuple(ALLOWED)
CANARY = "A complaint at other"
Ids = dict[str, tuple[object, object, object]]
"""By argument ("number"), or endpoint and argument ("delivery.public_id"): one's own, another site's, nobody's."""


@pytest.fixture
def app(app: Flask) -> Flask:
    """What forms must carry is held by test_forms.py; here only who may."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")]


def test_every_route_of_the_console_names_an_action_that_exists(app: Flask) -> None:
    unnamed = [rule.endpoint for rule in routes(app) if rule.endpoint not in POLICY]
    assert not unnamed, f"say what these need in the policy: {unnamed}"
    unknown = {action for action in POLICY.values() if action not in ACTIONS | {PUBLIC, SIGNED_IN}}
    assert not unknown


def test_only_the_door_is_open_to_everybody(app: Flask) -> None:
    public = {endpoint for endpoint, action in POLICY.items() if action == PUBLIC}
    door = {"console.static", "security.login", "security.logout"}
    links = {"invitation", "accept_invitation", "new_password", "put_new_password", "asking_reset", "ask_reset"}
    steps = {"asking_code", "give_code", "sign_on", "sign_on_return"}
    assert public == door | {f"console.{name}" for name in links | steps}


def test_a_route_without_an_action_is_refused(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    action = POLICY.pop("console.queue")
    try:
        assert client.get("/console/ternair/queue").status_code == 404
    finally:
        POLICY["console.queue"] = action


def test_whoever_is_not_signed_in_is_sent_to_the_door(app: Flask) -> None:
    ids = make_ids(app)
    for rule, method, address in every_way(app, ids, 0):
        answer = app.test_client().open(address, method=method)
        assert answer.status_code == 303, f"{method} {rule}"
        assert answer.location.startswith("/console/login"), f"{method} {rule}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_and_nothing_of_another_site(
    app: Flask, signed_in: SignedIn, role: str
) -> None:
    ids, client, seen = make_ids(app), signed_in(role), set()
    for rule, method, address in every_way(app, ids, 1):
        expect_absent(client, role, rule, method, address, ids)
        seen.add(rule.endpoint)
    for rule, method, address in every_way(app, ids, 0):
        answer = send(client, rule, method, address)
        told = f"{role}: {method} {rule} → {answer.status_code}"
        assert answer.status_code < 500, told
        assert CANARY.encode() not in answer.data, told
        assert (answer.status_code == 403) == (not permitted(role, rule.endpoint)), told
        assert answer.status_code != 404, told
    assert len(seen) == len({rule.endpoint for rule in routes(app) if POLICY[rule.endpoint] != PUBLIC})


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_site_and_a_missing_one_answer_alike(app: Flask, signed_in: SignedIn, role: str) -> None:
    ids, client = make_ids(app), signed_in(role)
    for rule, method, address in every_way(app, ids, 0):
        if "site_key" not in rule.arguments:
            continue
        foreign = send(client, rule, method, address.replace("/ternair", "/other"))
        missing = send(client, rule, method, address.replace("/ternair", "/nowhere"))
        assert foreign.status_code == missing.status_code == 404, f"{role}: {method} {rule}"
        assert plain(foreign.text) == plain(missing.text), f"{role}: {method} {rule}"


def test_somebody_without_any_site_sees_none(app: Flask) -> None:
    from tests.accounts.conftest import PASSWORD, sign_in
    from widget_server.accounts.operations import create_user

    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context(), database.writing():
        create_user("new@ternair.example", PASSWORD, "New")
    client = app.test_client()
    assert sign_in(client, "new@ternair.example").status_code == 302
    assert "No site is open to you yet" in client.get("/console/").text
    assert client.get("/console/ternair/queue").status_code == 404


def test_a_viewer_sees_no_name_no_contact_and_no_reference(app: Flask, signed_in: SignedIn) -> None:
    page = signed_in("viewer").get("/console/ternair/cases/1001").text
    assert "A complaint at ternair" in page
    for private in ("Eleanor", "Whitcombe", "customer.example", "TA-7Q4K2"):
        assert private not in page, private


def send(client: FlaskClient, rule: Rule, method: str, address: str):  # type: ignore[no-untyped-def]
    """With a form that could be taken: what is refused is refused for the id, not for the form."""
    form = {**FORM, **FORMS.get(rule.endpoint.removeprefix("console."), {})}
    return client.open(address, method=method, data=form if method != "GET" else None)


def expect_absent(client: FlaskClient, role: str, rule: Rule, method: str, address: str, ids: Ids) -> None:
    """Another site's id, and nobody's: both 404 with the same words, or 403 to whom the action is closed."""
    missing = build(rule, ids, 2)
    if missing == build(rule, ids, 0):
        return  # a route without ids of its own
    foreign, nobody = send(client, rule, method, address), send(client, rule, method, missing)
    told = f"{role}: {method} {rule}"
    wanted = 404 if permitted(role, rule.endpoint) else 403
    assert (foreign.status_code, nobody.status_code) == (wanted, wanted), told
    assert plain(foreign.text) == plain(nobody.text), told


def permitted(role: str, endpoint: str) -> bool:
    action = POLICY[endpoint]
    return action in (PUBLIC, SIGNED_IN) or may(role, action)


def plain(page: str) -> str:
    """A page without what is new each time: a reference, a token, the minute it was made in."""
    return re.sub(r"reference <code>\w+</code>|name=\"csrf_token\" value=\"[^\"]*\"|as it was at \d\d:\d\d", "", page)


def every_way(app: Flask, ids: Ids, which: int) -> Iterator[tuple[Rule, str, str]]:
    """Each route that is not public, by each of its methods, with one kind of ids. Reads first."""
    ways = [
        (rule, method, build(rule, ids, which))
        for rule in routes(app)
        if POLICY[rule.endpoint] != PUBLIC
        for method in rule.methods or ()
        if method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ]
    return iter(sorted(ways, key=lambda way: way[1]))


def build(rule: Rule, ids: Ids, which: int) -> str:
    values = {
        argument: _value(rule, argument, ids)[which] for argument in rule.arguments if argument != "site_key"
    }
    if values.keys() & {"contact_id", "approval_id", "reply_id"}:
        values["number"] = ids["number"][0]  # one's own case with what is of somebody else's
    address = rule.rule.replace("<site_key>", "ternair")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found.group(1)]), address)


def _value(rule: Rule, argument: str, ids: Ids) -> tuple[object, object, object]:
    endpoint = rule.endpoint.removeprefix("console.")
    known = ids.get(f"{endpoint}.{argument}") or ids.get(argument)
    assert known, f"say in make_ids what {argument!r} of {rule} is"
    return known


def make_ids(app: Flask) -> Ids:
    """Rows at both sites, one of each kind that an address can name."""
    with app.app_context(), database.writing():
        sites = [
            db.session.scalars(select(Site).where(Site.key == key)).one() for key in ("ternair", "other")
        ]
        complain(sites[1], Complaint(words=CANARY))  # 1002 stands at the other site alone
        responses = [_first(Response, site) for site in sites]
        contacts = [_first(Contact, site) for site in sites]
        deliveries = [_delivery(site) for site in sites]
        surveys = [_survey(site, f"survey-{site.key}") for site in sites]
        users = [
            db.session.scalars(select(User.id).where(User.email == f"joost@{s.key}.example")).one()
            for s in sites
        ]
        assert (
            db.session.scalar(select(Case.id).where(Case.site_id == sites[0].id, Case.number == 1002)) is None
        )
        nobody = "01990000-0000-7000-8000-000000000000"
        hooks, gone = [_webhook(site) for site in sites], [_webhook(site) for site in sites]
        response = (responses[0].public_id, responses[1].public_id, nobody)
        delivery = (deliveries[0].public_id, deliveries[1].public_id, nobody)
        return {
            "number": (1001, 1002, 999_999),
            "contact_id": (contacts[0].public_id, contacts[1].public_id, nobody),
            "public_id": response,
            "delivery.public_id": delivery,
            "send_again.public_id": delivery,
            "picture_id": (*[_picture(one).public_id for one in responses], nobody),
            "endpoint_id": (hooks[0][0], hooks[1][0], nobody),
            "remove_webhook.endpoint_id": (gone[0][0], gone[1][0], nobody),
            "approval_id": (*[_approval(site).public_id for site in sites], nobody),
            "reply_id": (*[_saved_reply(site).public_id for site in sites], nobody),
            "incident_id": (*[_incident(site).public_id for site in sites], nobody),
            "delivery_id": (hooks[0][1], hooks[1][1], nobody),
            "survey_key": (*surveys, "no-such-survey"),
            "user_id": (users[0], users[1], 999_999),
        }


def _first(model: Any, site: Site) -> Any:
    return db.session.scalars(select(model).where(model.site_id == site.id).order_by(model.id).limit(1)).one()


def _approval(site: Site) -> Approval:
    row = Approval(
        case_id=_first(Case, site).id, description="An upgrade", amount=4500, currency="EUR", token=f"t:{site.key}",
        asked_at=now_ms(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _incident(site: Site) -> Incident:
    row = Incident(site_id=site.id, title=f"An incident at {site.key}", opened_at=now_ms())
    db.session.add(row)
    db.session.flush()
    return row


def _saved_reply(site: Site) -> SavedReply:
    row = SavedReply(
        site_id=site.id, language="en", title="Refunds", folded="refunds", body=f"A reply at {site.key}",
        created_at=now_ms(), changed_at=now_ms(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _picture(response: Response) -> Attachment:
    row = Attachment(
        site_id=response.site_id, response_id=response.id, media_type="image/png", width=1, height=1, digest="d",
        content=b"PNG", created_at=now_ms(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _delivery(site: Site) -> Delivery:
    contact = db.session.scalars(
        select(Contact.id).where(Contact.site_id == site.id, Contact.kind == "email")
    ).first()
    row = Delivery(
        site_id=site.id, unique_key=f"test:{site.key}", contact_id=contact, purpose="reply", subject="Your message",
        body=f"A delivery at {site.key}", state="failed", next_at=0, created_at=now_ms(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _webhook(site: Site) -> tuple[str, str]:
    """An endpoint and a message that failed, by their public ids."""
    endpoint, _secret = create_endpoint(site.id, f"https://hooks.example.com/{site.key}", list(EVENTS))
    enqueue(endpoint.id, "case.opened", "1", {"words": f"A complaint at {site.key}"})
    message = db.session.scalars(select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)).one()
    message.state = "failed"
    db.session.flush()
    return endpoint.public_id, message.public_id


def _survey(site: Site, key: str) -> str:
    survey = Survey(site_id=site.id, key=key, created_at=now_ms())
    db.session.add(survey)
    db.session.flush()
    version = SurveyVersion(
        survey_id=survey.id,
        hash="v1",
        title=f"Survey of {site.name}",
        definition=DEFINITION,
        created_at=now_ms(),
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(SurveyState(survey_id=survey.id, live_version_id=version.id, wave=1, status="live"))
    db.session.flush()
    return key


FORM = {
    "version": "1", "token": "a-token", "body": "Some words.", "note": "Some words.", "reason": "Some words.",
    "to": "team:support", "severity": "2", "cause": "This.", "remedy": "That.", "role": "support",
}  # fmt: skip
FORMS = {
    "add_webhook": {"url": "https://hooks.example.com/", "events": "case.opened"},
    "put_webhook": {"url": "https://hooks.example.com/", "events": "case.opened"},
    "switch_webhook": {"to": "on"},
    "find_person": {"by": "email", "value": "nobody@example.org"},
    "export_person": {"by": "email", "value": "nobody@example.org"},
    "erase_person": {"by": "email", "value": "nobody@example.org", "sure": "on"},
    "put_response": {"state": "archived"},
    "put_survey": {"status": "paused"},
    "correct_response": {"aspect": "needs_recovery", "value": "no", "version": "0"},
    "undo_correction": {"aspect": "needs_recovery", "version": "1"},
    "put_site_status": {"status": "open"},
    "add_origin": {"origin": "https://more.example"},
    "put_budget": {"budget": "250", "budget_currency": "EUR"},
    "decide": {"decision": "approve"},
    "put_reply": {"language": "en", "title": "Seats"},
    "remove_origin": {"origin": "https://more.example"},
}

DEFINITION = {
    "key": "feedback",
    "title": {"en": "Feedback"},
    "languages": ["en"],
    "questions": [{"key": "mood", "type": "smiley", "text": {"en": "How was it?"}}],
}
