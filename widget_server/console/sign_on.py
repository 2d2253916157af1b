"""Signing in with the company's identity provider: there, and back. What we believe of it stands in accounts/provider.py."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, session

from widget_server.accounts.identities import recognise
from widget_server.accounts.login import begin, own_path
from widget_server.accounts.provider import to_provider, who_came_back
from widget_server.config import settings
from widget_server.console.frame import blueprint, for_anybody
from widget_server.database import db, writing
from widget_server.errors import NotFound

NEXT = "sign_on_next"


@blueprint.get("/sign-on")
@for_anybody
def sign_on() -> Response:
    """To the provider."""
    answer = to_provider()
    session[NEXT] = own_path(request.args.get("next", ""))
    return answer


@blueprint.get("/sign-on/return")
@for_anybody
def sign_on_return() -> Response:
    """Back from the provider. The state that this browser was sent with makes it ours; nothing else would."""
    oidc = settings().oidc
    if oidc is None:
        raise NotFound("There is no such page here.")
    db.session.rollback()  # no transaction is held while the provider takes its time
    stranger = who_came_back()
    with writing():
        user_id = recognise(stranger, oidc).id
    wanted = own_path(session.get(NEXT, ""))
    begin(user_id, "sign_on")
    return make_response(redirect(wanted, 303))


@blueprint.app_template_global()
def company_sign_in() -> str | None:
    """The name on the button; None where there is no provider."""
    oidc = settings().oidc
    return oidc.name if oidc else None
