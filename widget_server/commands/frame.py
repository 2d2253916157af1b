"""What every command stands in: the application with its database, and the lookups that end in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from widget_server.accounts.models import User
    from widget_server.sites.models import Site


@contextmanager
def application(*, whole: bool = False) -> Iterator[Flask]:
    """In the context of an application on the database. `whole`: the web's own, which hashes passwords too."""
    from widget_server.database import db

    app = _whole() if whole else _foundation()
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _whole() -> Flask:
    from widget_server.app import create_app

    return create_app()


def _foundation() -> Flask:
    from widget_server.foundation import found_app

    return found_app()


def engine() -> Engine:
    from widget_server.database import db

    return db.engine


def site_of(key: str) -> Site:
    from widget_server.sites.queries import site_by_key

    found = site_by_key(key)
    if found is None:
        raise click.ClickException(f"There is no site with the key {key!r}: 'widget-server site list' shows them.")
    return found


def user_of(email: str) -> User:
    from widget_server.accounts.queries import user_by_email

    found = user_by_email(email)
    if found is None:
        raise click.ClickException(f"There is no user with the address {email}.")
    return found
