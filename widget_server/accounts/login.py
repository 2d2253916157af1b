"""Signing in and out: Flask-Security checks passwords, the session is a row of ours, and nobody learns who exists.

Only `/console/login` and `/console/logout` exist of its routes. Verifying a password takes 50 ms and more, so it
happens in a reading transaction, never while the writers' lock is held; the session's row and the audit entry follow
in a short transaction. Who has a second factor is half signed in until they give a code: that opens nothing but the
page that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask_login import login_user, logout_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, current_user
from flask_security.forms import LoginForm
from flask_security.mail_util import EmailValidateException, MailUtil
from flask_wtf import CSRFProtect
from werkzeug.exceptions import UnsupportedMediaType

from widget_server.accounts import provider, sessions
from widget_server.accounts.browsers import family_of
from widget_server.accounts.guessing import SIGN_IN, Guesses, counted
from widget_server.accounts.models import User
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import address_of
from widget_server.accounts.second_factor import confirmed
from widget_server.clock import MINUTE, now_ms
from widget_server.config import Settings
from widget_server.database import db, writing

blueprint = Blueprint("security", __name__, url_prefix="/console")
csrf = CSRFProtect()

HALF_LASTS = 10 * MINUTE
"""From the right password to the code."""
HOME = "/console/"
SECOND_STEP = "/console/two-factor"


class Address(MailUtil):
    """Compares addresses as the rest of the application does; deliverability is not asked at a login."""

    def normalize(self, email: str) -> str:
        if "@" not in email:
            raise EmailValidateException("That is not an e-mail address.")
        return address_of(email)


class SignIn(LoginForm):
    remember = None  # a session lasts a working day, no longer

    def validate_next(self, field: Any) -> None:
        """Any: `own_path` decides where it leads. A foreign one must not make a right password a wrong guess."""


class _NoRoles(RoleMixin):
    """Flask-Security wants a role class; ours are memberships, so there is none to find."""


def init_app(app: Flask) -> None:
    """Set Flask-Security, CSRF, sessions, the login's limits and, where it is configured, the identity provider up."""
    settings: Settings = app.extensions["widget_settings"]
    app.config.update(_options(settings))
    csrf.init_app(app)
    store = SQLAlchemyUserDatastore(db, User, _NoRoles)
    Security(app, store, register_blueprint=False, login_form=SignIn, mail_util_cls=Address)
    app.login_manager.user_loader(_who)  # type: ignore[attr-defined]
    app.extensions["guesses"] = Guesses(settings.limits_url, settings.secret_key)
    app.before_request(_guard_console)
    provider.init_app(app, settings)
    app.register_blueprint(blueprint)


def _options(settings: Settings) -> dict[str, object]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_CSRF_PROTECT_MECHANISMS": ["session"],
        "WTF_CSRF_CHECK_DEFAULT": False,  # the public edge has no sessions; the console is guarded below
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long reply must not fail for being long
        "PERMANENT_SESSION_LIFETIME": timedelta(milliseconds=sessions.IDLE + sessions.GRAIN),
        "SESSION_REFRESH_EACH_REQUEST": False,  # a file that anybody may cache carries no cookie; see _note_life
    }


def _who(uniquifier: str) -> User | None:
    """Who holds the session that the cookie names. The cookie alone is nothing: its row must be there."""
    found = sessions.holder(session.get("sid", ""))
    if found is None or not found[1].active or found[1].fs_uniquifier != uniquifier:
        return None
    row, user = found
    g.session_id, g.session_method, g.session_seen = row.id, row.method, row.last_seen_at
    return user


def _guard_console() -> None:
    if not request.path.startswith("/console"):
        return
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()
    if "sid" in session and not request.path.startswith("/console/static/") and current_user.is_authenticated:
        _note_life()


def _note_life() -> None:
    if "session_seen" in g and sessions.is_stale(g.session_seen):
        with writing():
            sessions.note_life(g.session_id)
        session.modified = True  # the cookie lives on with its row


def _account() -> str:
    return request.form.get("email", "")


@blueprint.route("/login", methods=["GET", "POST"], endpoint="login")
@counted(SIGN_IN, _account)
def login() -> Response:
    """The form, and its POST. Success goes to `next` when that is a path of ours, else home."""
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("Sign in with the form.")
    wanted = own_path(request.values.get("next", ""))
    if current_user.is_authenticated:
        return make_response(redirect(wanted))
    form = SignIn(formdata=request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        assert form.user is not None
        return enter(form.user.id, "password", wanted)
    status = 422 if request.method == "POST" else 200
    told = get_flashed_messages(with_categories=True)  # "your password is set", and the like
    return make_response(render_template("console/login.html", login_user_form=form, messages=told), status)


@blueprint.post("/logout", endpoint="logout")
def logout() -> Response:
    """Ends the session in this browser: a copy of its cookie opens nothing any more."""
    if current_user.is_authenticated:
        with writing():
            sessions.end_session(g.session_id)
    logout_user()
    session.clear()
    return make_response(redirect("/console/login"))


def enter(user_id: int, method: str, wanted: str) -> Response:
    """In, after the password; or half in, when a code is still to be given."""
    if method == "password" and confirmed(user_id):
        _start_afresh()
        session["half"] = {"user": _user(user_id).fs_uniquifier, "at": now_ms(), "next": wanted}
        return make_response(redirect(SECOND_STEP, 303))
    begin(user_id, method)
    return make_response(redirect(wanted))


def half_signed_in() -> tuple[User, str] | None:
    """Who gave the right password a moment ago and no code yet, and where they want to go."""
    half: dict[str, Any] | None = session.get("half")
    if half is None or not 0 <= now_ms() - half["at"] <= HALF_LASTS:
        return None
    user = db.session.query(User).filter_by(fs_uniquifier=half["user"], active=True).first()
    return (user, own_path(half["next"])) if user is not None else None


def begin(user_id: int, method: str, action: str | None = "signed_in") -> None:
    """A session of this browser: a row, and a cookie that is new from its first letter. The edge of its transaction."""
    with writing():
        plain = sessions.begin_session(user_id, method, family_of(request.user_agent.string[:500]))
        if action:
            audit(action, user=_user(user_id), site_id=None, method=method)
    _start_afresh()
    session.permanent = True
    session["sid"] = plain
    login_user(_user(user_id))


def _start_afresh() -> None:
    session.clear()
    g.pop("csrf_token", None)


def _user(user_id: int) -> User:
    return db.session.get_one(User, user_id)


@blueprint.app_template_global()
def own_path(path: str) -> str:
    """`path` when it leads into the console of this server, else the console's door."""
    parts = urlsplit(path)
    plain = path.startswith(HOME) and not parts.scheme and not parts.netloc
    return path if plain and "\\" not in path and path.isprintable() else HOME


def careful(view: Callable[..., Response]) -> Callable[..., Response]:
    """For a view that asks somebody signed in for their password: wrong ones are counted as at the door.

    It answers 422 to a wrong one, and says `g.no_guess` when only something else is wrong.
    """
    return counted(SIGN_IN, lambda: current_user.email)(view)


@blueprint.app_template_global()
def tries_left() -> int | None:
    """How many wrong guesses are left before this account rests here, the one just made counted."""
    left: int | None = g.get("tries_left")
    return left
