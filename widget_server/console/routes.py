"""The staff console, put together: every screen's module is imported here, so that its routes exist.

A new screen is `console/<screen>.py` with its template, and one import below.
"""

from __future__ import annotations

from widget_server.console import (  # noqa: F401 — importing makes their routes
    audit,
    case,
    case_commands,
    case_replies,
    corrections,
    deliveries,
    doors,
    exports,
    incidents,
    invitation,
    password,
    people,
    pictures,
    pointed,
    queue,
    recovery,
    reset,
    responses,
    second_step,
    sessions,
    settings,
    settings_help,
    settings_keeping,
    settings_look,
    settings_people,
    settings_person,
    settings_replies,
    sign_on,
    survey_link,
    surveys,
    two_factor,
    webhooks,
)
from widget_server.console.frame import blueprint
from widget_server.console.headers import secure
from widget_server.console.problems import http_error, refused
from widget_server.console.rendering import equip

__all__ = ["blueprint", "http_error", "refused"]

blueprint.after_app_request(secure)
equip(blueprint)
