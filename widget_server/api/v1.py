"""The read-only beginning of the management API, with a site's bearer token."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("api_v1", __name__, url_prefix="/api/v1")
