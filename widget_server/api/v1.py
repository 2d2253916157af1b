"""The management API: every area of `/api/v1`, and its documentation. A new area goes into the list."""

from __future__ import annotations

from flask import Flask

from widget_server.api import case_commands as _case_commands  # noqa: F401 — adds its routes to `cases`
from widget_server.api import documentation
from widget_server.api.cases import cases
from widget_server.api.frame import Area
from widget_server.api.people import people
from widget_server.api.responses import responses
from widget_server.api.sites import sites
from widget_server.api.surveys import surveys
from widget_server.api.webhooks import webhooks

AREAS: list[Area] = [responses, cases, surveys, sites, people, webhooks]


def init_app(app: Flask) -> None:
    for one in AREAS:
        app.register_blueprint(one)
    app.register_blueprint(documentation.blueprint_of(AREAS))
