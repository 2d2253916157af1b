"""The public edge over HTTP, as far as Flask answers it: events, attachments, receipts' state; responses are taken in by
`front.py`. Views parse, make one call, answer.

Every answer below /v1/ carries the CORS headers, whoever made it: a refusal that a page can't read is retried for days.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import NoReturn

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from widget_server.clock import now_ms
from widget_server.errors import BadShape, Forbidden, NotFound, TooLarge, Unavailable, WrongMediaType
from widget_server.intake.attachments import receive_picture
from widget_server.intake.displays import note_displays
from widget_server.intake.front import body_of, refuse_encoding
from widget_server.intake.origins import CORS, PREFLIGHT
from widget_server.intake.pictures import MOST_BYTES as MOST_PICTURE_BYTES
from widget_server.intake.receive import MOST_BYTES, admitted, end_reading, intake_of, object_in
from widget_server.intake.schemas import events_from
from widget_server.intake.writer import UNREACHABLE, unavailable
from widget_server.responses.queries import response_by_public_id
from widget_server.responses.receipts import read_receipt
from widget_server.sites.explaining import explains_until

blueprint = Blueprint("intake", __name__, url_prefix="/v1")

FORM_ROOM = 64 * 1024  # what a multipart form may add around its picture


@blueprint.post("/sites/<site_key>/responses")
def post_response(site_key: str) -> NoReturn:
    """Answered by `front.py` before Flask. Here the address stands among the routes, and its other methods get their 405."""
    raise NotFound(f"No response of {site_key!r} comes this way.")


@blueprint.post("/sites/<site_key>/events")
def post_events(site_key: str) -> tuple[Response, int]:
    intake = intake_of(_app())
    site, _ = admitted(intake, site_key, request.headers.get("Origin"), request.remote_addr or "unknown", "events")
    events = events_from(object_in(body_of(request.environ, MOST_BYTES), request.headers.get("Content-Type", "")))
    end_reading()
    with suppress(Unavailable):  # they may be lost; nobody is asked to come again
        intake.writer.write(partial(note_displays, site_id=site.id, events=events, now=now_ms()))
    return jsonify({}), 202


@blueprint.post("/sites/<site_key>/attachments")
def post_attachment(site_key: str) -> tuple[Response, int]:
    intake = intake_of(_app())
    site, _ = admitted(intake, site_key, request.headers.get("Origin"), request.remote_addr or "unknown", "attachments")
    form, upload = _form_with_file()
    name = receive_picture(intake, site.id, form.get("id", ""), form.get("secret", ""), upload)
    return jsonify({"id": name}), 202


@blueprint.post("/receipts/state")
def post_receipt_state() -> tuple[Response, int]:
    intake = intake_of(_app())
    intake.limits.count("receipts", request.remote_addr or "unknown", intake.settings.responses_per_minute)
    token = object_in(body_of(request.environ, 2048), request.headers.get("Content-Type", "")).get("receipt")
    public_id = read_receipt(intake.settings.secret_key, token) if isinstance(token, str) else None
    response = response_by_public_id(public_id) if public_id else None
    if response is None:
        raise NotFound("There is no such receipt.")
    case_state = _app().extensions.get("case_state", _nothing_known)
    is_open, answered = case_state(response.id)
    url = f"{intake.settings.base_url}/r/{token}"
    return jsonify({"open": is_open, "answered": answered, "url": url}), 200


@blueprint.post("/sites/<site_key>/explain")
def post_explain(site_key: str) -> tuple[Response, int]:
    """Whether a link lets its bearer see on the page why surveys show or not (`sites/explaining.py`)."""
    intake = intake_of(_app())
    site, _ = admitted(intake, site_key, request.headers.get("Origin"), request.remote_addr or "unknown", "explain")
    token = object_in(body_of(request.environ, 2048), request.headers.get("Content-Type", "")).get("token")
    until = explains_until(intake.settings.secret_key, site.key, token, now_ms())
    if until is None:
        raise Forbidden("This link explains nothing here: it is another site's, or over. Make a new one in the console.")
    return jsonify({"until": until}), 200


def _nothing_known(_response_id: int) -> tuple[bool, bool]:
    return False, False


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _form_with_file() -> tuple[MultiDict[str, str], bytes]:
    """The fields of a multipart form and its part 'file', neither larger than they may be."""
    refuse_encoding(request.environ)
    if request.mimetype != "multipart/form-data":
        raise WrongMediaType("Send multipart/form-data with id, secret and file.")
    request.max_content_length = MOST_PICTURE_BYTES + FORM_ROOM
    request.max_form_memory_size, request.max_form_parts = FORM_ROOM, 10
    try:
        form, file = request.form, request.files.get("file")
    except RequestEntityTooLarge as error:
        raise TooLarge("The form is too large, or has too many parts: a picture may have 2 MB.") from error
    if file is None:
        raise BadShape("The picture is missing: send it as the part 'file'.")
    return form, file.stream.read(MOST_PICTURE_BYTES + 1)


def _database_away(error: Exception) -> Response:
    return current_app.make_response(current_app.handle_user_exception(unavailable(error)))


for _kind in UNREACHABLE:
    blueprint.register_error_handler(_kind, _database_away)


@blueprint.after_app_request
def _with_cors(response: Response) -> Response:
    if request.path.startswith("/v1/"):
        response.headers.update(CORS)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
            response.headers["Cache-Control"] = "max-age=7200"
    return response


