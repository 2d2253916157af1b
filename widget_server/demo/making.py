"""Makes the demo: an airline's site with its people, a second site beside it, and what visitors said for two weeks.

`<instance>/demo.json` tells programs and people what was made. Made once; later calls only keep the addresses right.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from flask import Flask
from sqlalchemy import select

from widget_server.accounts.models import Membership, User
from widget_server.accounts.operations import create_user, grant, set_budgets, set_password
from widget_server.accounts.queries import user_by_email
from widget_server.accounts.tokens import create_api_token
from widget_server.config import Settings, settings
from widget_server.database import db, writing
from widget_server.demo import history as two_weeks
from widget_server.demo.site import SITE_KEY
from widget_server.desk.saved_replies import Typed, save_reply
from widget_server.replies.queries import count_saved
from widget_server.routing.queries import rulebook
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site, ensure_team, set_origins
from widget_server.sites.queries import identity_secrets, site_by_key
from widget_server.surveys.operations import load_library

HERE = Path(__file__).resolve().parent
STAFF = {
    "admin": ("ingrid@tern-air.example", "Ingrid Aas"),
    "product": ("joost@tern-air.example", "Joost Willems"),
    "support": ("maren@tern-air.example", "Maren Solberg"),
    "viewer": ("anong@tern-air.example", "Anong Chaiyasit"),
}
SECOND_KEY = "harbour-books"
SECOND_STAFF = {"admin": ("tove@harbour-books.example", "Tove Lind")}
THEME = {"accent": "#14284b", "ground": "#ffffff", "ink": "#15233f", "radius": 10, "font": "inherit", "scheme": "auto"}


def make_demo(app: Flask, *, history: bool) -> str:
    """Make what is not there yet; return what to tell the person who started it. Needs an application context."""
    ours = settings()
    path = ours.instance / "demo.json"
    first = site_by_key(SITE_KEY) is None
    if first or not path.exists():
        with writing():
            made = _make(ours)
        _write(path, made)
    if first and history:
        _note_history(path, "begun")
        two_weeks.make(app, SITE_KEY)
        _note_history(path, "whole")
    return _tell(path, _keep_addresses(path, ours))


def _note_history(path: Path, state: str) -> None:
    _write(path, json.loads(path.read_text()) | {"history": state})


def _make(ours: Settings) -> dict[str, Any]:
    site = site_by_key(SITE_KEY) or _airline(ours)
    second = site_by_key(SECOND_KEY) or _second(ours)
    users = _staff(site, STAFF)
    if not count_saved(site.id):
        _keep_replies(site)
    return {
        "url": ours.base_url,
        "site_key": site.key,
        "identity_secret": identity_secrets(site.id)[0],
        "api_token": create_api_token(site, "demo")[1],
        "users": users,
        "second_site": {"site_key": second.key, "users": _staff(second, SECOND_STAFF)},
    }


def _airline(ours: Settings) -> Site:
    site = create_site(
        "Tern Air",
        key=SITE_KEY,
        origins=_origins(ours),
        zone="Europe/Oslo",
        language="en",
        languages=("en", "nl", "no", "th"),
        region="NO",
        consent_version="2026-11",
        reference_prefix="TA",
        theme=THEME,
        phone="+47 55 00 00 00",
        phone_hours="08:00 to 20:00",
    )
    for key, name in rulebook().teams.items():
        ensure_team(site, key, name)
    set_budgets(site, 100_000, "EUR")
    load_library(site, ours.surveys_dir)
    return site


def _keep_replies(site: Site) -> None:
    lead = user_by_email(STAFF["admin"][0])
    assert lead is not None
    for one in yaml.safe_load((HERE / "replies.yaml").read_text(encoding="utf-8")):
        save_reply(site, lead, Typed(**one))


def _second(ours: Settings) -> Site:
    site = create_site("Harbour Books", key=SECOND_KEY, zone="Europe/Amsterdam", reference_prefix="HB")
    load_library(site, ours.surveys_dir)
    return site


def _staff(site: Site, people: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """Each role's person with a fresh random password."""
    made = []
    for role, (email, name) in people.items():
        password = secrets.token_urlsafe(12)
        grant(_person(email, password, name), site, role)
        made.append({"email": email, "password": password, "role": role})
    return made


def _person(email: str, password: str, name: str) -> User:
    person = user_by_email(email)
    if person is None:
        return create_user(email, password, name)
    set_password(person, password)
    return person


def _roles() -> dict[tuple[str, str], str]:
    """Each active member's role at the demo's sites, by site and address."""
    members = (
        select(Site.key, User.email, Membership.role)
        .join(Membership, Membership.site_id == Site.id)
        .join(User, User.id == Membership.user_id)
        .where(Site.key.in_((SITE_KEY, SECOND_KEY)), User.active.is_(True))
    )
    return {(key, email): role for key, email, role in db.session.execute(members)}


def _keep_addresses(path: Path, ours: Settings) -> dict[str, Any]:
    """Another port or address than last time: the site listens to it, and demo.json says it."""
    made: dict[str, Any] = json.loads(path.read_text())
    if made["url"] != ours.base_url:
        with writing():
            site = site_by_key(SITE_KEY)
            if site is not None:
                set_origins(site, _origins(ours))
        made["url"] = ours.base_url
        _write(path, made)
    return made


def _origins(ours: Settings) -> list[str]:
    """Where the demo's pages may be looked at from."""
    parts = urlsplit(ours.base_url)
    own = f"{parts.scheme}://{parts.netloc}"
    return [own, f"http://127.0.0.1:{ours.port}", f"http://localhost:{ours.port}"]


def _write(path: Path, made: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file, indent=2)
    fresh.replace(path)


def _tell(path: Path, made: dict[str, Any]) -> str:
    """Who may still sign in, as what they are by now: somebody may have changed it in the console since."""
    url, roles = made["url"], _roles()
    lines = ["", f"  Demo airline   {url}/demo/", f"  Console        {url}/console/", ""]
    second = made["second_site"]
    logins = [(made["site_key"], user) for user in made["users"]] + [(second["site_key"], user) for user in second["users"]]
    for site_key, user in logins:
        role = roles.get((site_key, user["email"]))
        if role is None:
            continue
        where = "" if site_key == made["site_key"] else f"  at {site_key}"
        was = "" if role == user["role"] else f"  (was {user['role']})"
        lines.append(f"  {role:8} {user['email']:28} {user['password']}{where}{was}")
    if made.get("history") == "begun":  # by an earlier call, which was ended
        lines += ["", f"  The two weeks of history broke off: for whole ones, remove {path.parent} and start again."]
    return "\n".join([*lines, "", f"  All of this stands in {path}", ""])
