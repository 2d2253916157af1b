"""The staff console's blueprint and its error pages."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from widget_server.errors import Refusal

blueprint = Blueprint("console", __name__, url_prefix="/console")


def refused(refusal: Refusal) -> Response:
    return Response(refusal.detail, refusal.status)


def http_error(error: HTTPException) -> Response:
    return Response(error.description, error.code)
