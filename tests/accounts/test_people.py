"""Users, roles and what roles may do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.accounts.conftest import PASSWORD
from widget_server import database
from widget_server.accounts.models import ROLES
from widget_server.accounts.operations import create_user, grant, revoke
from widget_server.accounts.permissions import ACTIONS, ALLOWED, may
from widget_server.accounts.queries import colleagues, place_of, places_of, role_at, user_by_email
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.sites.operations import create_site


@pytest.fixture
def writing(app: Flask) -> Iterator[None]:
    with app.app_context(), database.writing():
        yield


def test_a_role_is_held_at_one_site_and_changes_there(writing: None) -> None:
    here, there = create_site("Here", key="here"), create_site("There", key="there")
    user = create_user(" Maren@Example.org ", PASSWORD, " Maren ")
    grant(user, here, "viewer")
    grant(user, here, "support", team="support")
    assert (role_at(user, here), role_at(user, there)) == ("support", None)
    assert [place.site.key for place in places_of(user.id)] == ["here"]
    assert place_of(user.id, "there") is None
    assert [(one.name, one.role) for one in colleagues(here.id)] == [("Maren", "support")]
    revoke(user, here)
    assert places_of(user.id) == []
    assert user_by_email("MAREN@example.org") is user


@pytest.mark.parametrize("email", ["", "nobody", "a b@c.d", "@c.d", "a@"])
def test_an_address_has_a_form(writing: None, email: str) -> None:
    with pytest.raises(Invalid):
        create_user(email, PASSWORD, "X")


def test_what_is_taken_short_or_unknown_is_refused(writing: None) -> None:
    site, user = create_site("Here", key="here"), create_user("a@b.c", PASSWORD, "A")
    with pytest.raises(Conflict):
        create_user("A@B.C", PASSWORD, "A")
    with pytest.raises(Invalid):
        create_user("b@b.c", "short", "B")
    with pytest.raises(Invalid):
        grant(user, site, "king")
    with pytest.raises(NotFound):
        grant(user, site, "support", team="no-such-team")


def test_passwords_are_kept_as_argon2(writing: None) -> None:
    assert str(create_user("a@b.c", PASSWORD, "A").password).startswith("$argon2id$")


def test_the_table_of_roles_is_whole() -> None:
    assert set(ALLOWED) == set(ROLES)
    assert ALLOWED["admin"] == ACTIONS
    assert not any(may(role, "contact.reveal") for role in ("viewer", "product"))
    assert not any(may("viewer", action) for action in ACTIONS if action.endswith(".work"))
    assert not may(None, "queue.read")
    assert not may("nonsense", "queue.read")
