"""Two places: one that runs, with Eleanor's data in it, and an empty one with the same keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_settings
from widget_server.app import create_app
from widget_server.config import Settings
from widget_server.database import db
from widget_server.migrations import runner


@pytest.fixture
def keys(tmp_path: Path) -> Settings:
    return make_settings(tmp_path / "first")


@pytest.fixture
def place_at(keys: Settings) -> Iterator[Callable[..., Flask]]:
    """An application in a folder of its own, migrated unless it is to be empty; the same secrets everywhere."""
    made: list[Flask] = []

    def build(folder: Path, *, empty: bool = False, url: str | None = None) -> Flask:
        folder.mkdir(parents=True, exist_ok=True)
        settings = replace(keys, instance=folder, database_url=url or f"sqlite:///{folder / 'widget.db'}")
        app = create_app(settings)
        app.testing = True
        made.append(app)
        if not empty:
            with app.app_context():
                runner.upgrade(db.engine)
        return app

    yield build
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
