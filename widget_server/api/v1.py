"""The read-only beginning of the management API, with a site's bearer token."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from widget_server.accounts.tokens import READ, BadToken, site_of_token
from widget_server.api import queries
from widget_server.errors import BadShape
from widget_server.sites.models import Site

blueprint = Blueprint("api_v1", __name__, url_prefix="/api/v1")


@blueprint.get("/responses/<id>")
def response(id: str) -> Response:
    return jsonify(queries.one_response(_site(), id))


@blueprint.get("/cases")
def cases() -> Response:
    site = _site()
    response_id = request.args.get("response_id")
    if not response_id:
        raise BadShape("Say whose cases: /api/v1/cases?response_id=<id of a response>")
    return jsonify({"items": queries.cases_of_response(site, response_id)})


@blueprint.get("/cases/<id>")
def case(id: str) -> Response:
    return jsonify(queries.one_case(_site(), id))


def _site() -> Site:
    """Whose token came with the request. A token in the address is not looked at: addresses are logged."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise BadToken
    return site_of_token(given.token, READ)


@blueprint.after_request
def _finish(answer: Response) -> Any:
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="widget-server"'
    return answer
