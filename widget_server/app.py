"""Puts the application together. Only wsgi.py, the command line and tests import this."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Request, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from widget_server import health
from widget_server.accounts import login
from widget_server.api import v1
from widget_server.config import Settings, load_settings
from widget_server.console import routes as console
from widget_server.demo import gallery as _gallery  # noqa: F401 — its page hangs on the demo's blueprint
from widget_server.demo import site as demo
from widget_server.edge import Edge
from widget_server.errors import NotFound, Refusal, Unavailable, WrongMediaType
from widget_server.foundation import found_app
from widget_server.intake import api as intake
from widget_server.intake.front import Front, refuse_encoding
from widget_server.recovery.queries import case_state
from widget_server.visitor import hosted
from widget_server.visitor import pages as visitor


def create_app(settings: Settings | None = None) -> Flask:
    """The whole WSGI application; its `wsgi_app` starts with the edge that serves the widget's files."""
    settings = settings or load_settings()
    app = found_app(settings)
    app.request_class = PlainRequest
    app.config.update(
        MAX_CONTENT_LENGTH=3 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_NAME="widget_console",
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.before_request(_refuse_nul)
    app.before_request(_refuse_untold_body)  # ahead of whatever reads a form
    login.init_app(app)
    app.login_manager.request_loader(_nobody)  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.after_request(_stay_here)
    app.extensions["case_state"] = case_state  # intake answers /v1/receipts/state by it, and knows no cases itself
    for feature in (intake, visitor, hosted, console, health):
        app.register_blueprint(feature.blueprint)
    v1.init_app(app)
    if settings.demo:
        app.register_blueprint(demo.blueprint)
    app.add_url_rule("/", "front_door", lambda: redirect("/console/"))
    _map_errors(app)
    app.wsgi_app = Front(app.wsgi_app, app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.wsgi_app = Edge(app.wsgi_app, app)  # type: ignore[method-assign]
    return app


def _problem(said: dict[str, Any]) -> Response:
    """RFC 9457 problem details."""
    answer = jsonify(said)
    answer.status_code = said["status"]
    answer.content_type = "application/problem+json"
    return answer


def _refused(refusal: Refusal) -> Response:
    answer = _problem(refusal.problem())
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def _said_no(refusal: Refusal) -> Response:
    return console.refused(refusal) if request.blueprint == "console" else _refused(refusal)


def _refuse_nul() -> None:
    """No address of the console has a NUL in it, and PostgreSQL refuses to look for one, be it a site's or a row's."""
    if request.blueprint == "console" and "\0" in request.path:
        raise NotFound("There is no such page here.")


def _refuse_untold_body() -> Response | None:
    """A chunked body reads as empty (`bodies.py`), a packed one as nonsense: what it asks for would be taken for less than
    was meant, and done. So it is refused, wherever a body may count."""
    if request.url_rule is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    try:
        refuse_encoding(request.environ)
    except WrongMediaType as refusal:
        return _said_no(refusal)
    return None


class PlainRequest(Request):
    """JSON is read in one place, `intake/safe_json.py`. Flask's reader, which Flask-Security would turn to for a token
    in every body, ends at 3,000 levels, and leaves nothing to read for whom the body is meant."""

    @property
    def is_json(self) -> bool:
        return False


def _nobody(_request: Request) -> None:
    """Who signs in has a session; a token in a query or header is nobody's."""


def _stay_here(answer: Response) -> Response:
    """A redirect to ourselves names no host: what the caller wrote into `Host` is nobody's address."""
    here = request.host_url
    if answer.location and answer.location.startswith(here):
        answer.location = answer.location.removeprefix(here.rstrip("/"))
    return answer


def _map_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, _said_no)

    def away(error: SQLAlchemyError) -> ResponseReturnValue:
        """The database restarts, is locked or full: nobody's mistake, so come again. In the look of whoever was asked."""
        structlog.get_logger().warning("database.away", error=type(error).__name__)
        refusal = Unavailable("The database can't be reached just now. Nothing that was sent is lost; try again.")
        with suppress(SQLAlchemyError):
            return app.handle_user_exception(refusal)
        return _refused(refusal)  # even the page that says so wanted the database

    for kind in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(kind, away)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if request.path.startswith("/console"):
            return console.http_error(error)
        status, detail = error.code or 500, error.description or error.name
        answer = _problem({"type": "about:blank", "title": error.name, "status": status, "detail": detail})
        for name in ("Allow", "Retry-After"):
            if (said := dict(error.get_headers()).get(name)) is not None:
                answer.headers[name] = said
        return answer
