"""Saving a reply holds on both databases: the longest title, a title that somebody else took at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from tests.console.desk_data import make_people, make_site
from widget_server.accounts.models import User
from widget_server.database import db, writing
from widget_server.desk.saved_replies import Typed, fold, save_reply
from widget_server.desk.words import LONGEST_TITLE
from widget_server.errors import Invalid
from widget_server.replies.models import SavedReply
from widget_server.sites.models import Site


@pytest.fixture
def app_with_site(any_app: Flask) -> Flask:
    with writing():
        make_people(make_site("ternair", "Tern Air"))
    return any_app


def save(title: str) -> str:
    """'saved', or what was said against it."""
    try:
        with writing():
            site = db.session.scalars(select(Site)).one()
            save_reply(site, db.session.scalars(select(User)).first(), Typed("en", title, "Words."))  # type: ignore[arg-type]
    except Invalid as wrong:
        return wrong.detail
    return "saved"


@pytest.mark.parametrize("sign", ["ΐ", "\ufb03", "\U0001d160", "\ufdfa", "\U0001f600", "ก"])
def test_the_longest_title_of_any_sign_fits(app_with_site: Flask, sign: str) -> None:
    title = sign * LONGEST_TITLE
    assert len(fold(title)) <= SavedReply.__table__.c.folded.type.length
    assert save(title) == "saved"
    assert "already" in save(title)


def test_of_two_with_one_title_at_the_same_moment_one_is_saved(app_with_site: Flask) -> None:
    def at_once(_: int) -> str:
        with app_with_site.app_context():
            return save("Refunds")

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(at_once, range(6)))
    assert sorted(said)[-1] == "saved"
    assert sum(one == "saved" for one in said) == 1
    db.session.rollback()
    assert len(db.session.scalars(select(SavedReply)).all()) == 1
