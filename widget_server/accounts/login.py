"""Signing in and out: Flask-Security for authentication only, on two routes, with limits and without enumeration.

Its blueprint is not registered as it comes: only `/console/login` and `/console/logout` exist. Verifying a password
takes 50 ms and more, so it happens in a reading transaction, never while the writers' lock is held; the one write,
the audit entry, follows in a short transaction of its own. Flask-Security's own commit then finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request, session
from flask_limiter import Limiter
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, current_user
from flask_security import views as security_views
from flask_security.forms import LoginForm
from flask_security.mail_util import EmailValidateException, MailUtil
from flask_wtf import CSRFProtect
from werkzeug.exceptions import UnsupportedMediaType

from widget_server.accounts.models import User
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import address_of
from widget_server.config import Settings
from widget_server.database import db, writing

blueprint = Blueprint("security", __name__, url_prefix="/console")
csrf = CSRFProtect()

TRIES_OF_ONE = 5
"""Wrong passwords for one account from one address, in a quarter of an hour."""
LIMITS = {
    "account and address": f"{TRIES_OF_ONE} per 15 minutes",
    "address": "60 per 15 minutes",
    "account": "100 per hour",  # from anywhere: above it only a botnet; the person waits an hour at most
}
SESSION_HOURS = 12
HOME = "/console/"


class Address(MailUtil):
    """Compares addresses as the rest of the application does; deliverability is not asked at a login."""

    def normalize(self, email: str) -> str:
        if "@" not in email:
            raise EmailValidateException("That is not an e-mail address.")
        return address_of(email)


class SignIn(LoginForm):
    remember = None  # a session lasts a working day, no longer


class _NoRoles(RoleMixin):
    """Flask-Security wants a role class; ours are memberships, so there is none to find."""


def init_app(app: Flask) -> None:
    """Set Flask-Security, CSRF and the login's limits up."""
    settings: Settings = app.extensions["widget_settings"]
    app.config.update(_options(settings))
    csrf.init_app(app)
    store = SQLAlchemyUserDatastore(db, User, _NoRoles)
    Security(app, store, register_blueprint=False, login_form=SignIn, mail_util_cls=Address)
    app.before_request(_guard_console)
    limiter = Limiter(_account_and_address, app=app, in_memory_fallback_enabled=True)
    app.register_blueprint(blueprint)
    app.view_functions["security.login"] = _limited(limiter)(login)


def _options(settings: Settings) -> dict[str, object]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ("That e-mail and password don’t match.", "error"),
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_LOGIN_USER_TEMPLATE": "console/login.html",
        "SECURITY_POST_LOGIN_VIEW": HOME,
        "SECURITY_POST_LOGOUT_VIEW": "/console/login",
        "SECURITY_CSRF_PROTECT_MECHANISMS": ["session"],
        "WTF_CSRF_CHECK_DEFAULT": False,  # the public edge has no sessions; the console is guarded below
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long reply must not fail for being long
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "RATELIMIT_STORAGE_URI": settings.limits_url,
        "RATELIMIT_STRATEGY": "fixed-window",
        "RATELIMIT_HEADERS_ENABLED": False,
        "RATELIMIT_KEY_PREFIX": "login",
    }


def _guard_console() -> None:
    if request.path.startswith("/console") and current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()


@blueprint.route("/login", methods=["GET", "POST"], endpoint="login")
def login() -> Response:
    """The form, and its POST. Success goes to `next` when that is a path of ours, else home."""
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("Sign in with the form.")
    before = current_user.is_authenticated
    answer = make_response(security_views.login())
    if answer.status_code == 302:
        if not before:
            _begin_session()
        return make_response(redirect(own_path(request.values.get("next", ""))))
    if request.method == "POST":
        answer.status_code = 422
    return answer


@blueprint.post("/logout", endpoint="logout")
def logout() -> Response:
    """Ends the session in this browser."""
    answer = make_response(security_views.logout())
    session.clear()
    return answer


@blueprint.app_template_global()
def own_path(path: str) -> str:
    """`path` when it leads into the console of this server, else the console's door."""
    parts = urlsplit(path)
    plain = path.startswith(HOME) and not parts.scheme and not parts.netloc
    return path if plain and "\\" not in path and path.isprintable() else HOME


def _begin_session() -> None:
    session.permanent = True
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    user_id = current_user.id
    with writing():
        audit("signed_in", user=db.session.get(User, user_id), site_id=None)


def _limited(limiter: Limiter):  # type: ignore[no-untyped-def]
    """Only wrong passwords count, and each in three ways."""
    keys = {"account": _account, "address": _address, "account and address": _account_and_address}

    def wrap(view):  # type: ignore[no-untyped-def]
        for name, key in keys.items():
            view = limiter.limit(LIMITS[name], key_func=key, methods=["POST"], deduct_when=_was_wrong)(view)
        return view

    return wrap


def careful(view: Callable[..., Response]) -> Callable[..., Response]:
    """For a view that asks somebody signed in for their password: wrong ones are counted as at the door.

    It answers 422 to a wrong one, and says `g.right_password` when only something else is wrong.
    """

    @wraps(view)
    def counted(*args: object, **more: object) -> Response:
        made = current_app.extensions.setdefault("careful_views", {})
        if view not in made:  # once an application: a limiter belongs to one
            made[view] = _limited(next(iter(current_app.extensions["limiter"])))(view)
        return make_response(made[view](*args, **more))

    return counted


def _was_wrong(answer: Response) -> bool:
    return answer.status_code == 422 and not g.get("right_password")


def _account() -> str:
    at_the_door = request.endpoint == "security.login"
    email = request.form.get("email", "") if at_the_door else current_user.email
    return "account:" + address_of(email)[:255]


def _address() -> str:
    return "address:" + neighbourhood(request.remote_addr or "")


def _account_and_address() -> str:
    return _account() + " " + _address()


def neighbourhood(address: str) -> str:
    """An IPv4 address as it is; an IPv6 one as its /64, for whoever has one has all of it."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(known) if known.version == 4 else str(ip_network(f"{known}/64", strict=False))


@blueprint.app_template_global()
def tries_left() -> int | None:
    """How many wrong passwords are left before this account rests, the one just given counted."""
    limiter: Limiter = next(iter(current_app.extensions["limiter"]))
    left = [limit.remaining for limit in limiter.current_limits if limit.key.endswith("/15/minute")]
    return max(min(left) - 1, 0) if left else None
