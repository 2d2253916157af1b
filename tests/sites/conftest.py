"""An airline with one small survey, an edge to ask, and a way to fail its database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from widget_server import database, edge
from widget_server.database import db
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import publish

SURVEY: dict[str, Any] = {
    "title": {"en": "Feedback", "nl": "Reactie"},
    "languages": ["en", "nl"],
    "questions": [{"key": "fine", "type": "yes_no", "text": {"en": "Was it fine?", "nl": "Ging het goed?"}}],
}


@pytest.fixture
def air(any_app: Flask) -> Site:
    with database.writing():
        site = create_site("Tern Air", key="tern", origins=["https://www.tern.example"], languages=("en", "nl"))
        publish(site, "feedback", SURVEY)
    return site


@pytest.fixture
def web(any_app: Flask, air: Site) -> FlaskClient:
    return any_app.test_client()


@pytest.fixture
def version(web: FlaskClient) -> str:
    found: str = web.get("/v1/sites/tern/config").get_json()["surveys"][0]["version"]
    return found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fresh: every question looks at the database, and a failure is not waited out."""
    monkeypatch.setattr(edge, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(edge, "RETRY_SECONDS", 0.0)


@pytest.fixture
def without_tables(any_app: Flask) -> Callable[[], None]:
    """Take the database away: a real failure of every read."""

    def act() -> None:
        db.session.remove()
        with database.writing_connection(db.engine) as connection:
            connection.exec_driver_sql("ALTER TABLE sites RENAME TO sites_away")

    return act


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Path]:
    """A built widget of a known build, in a folder of its own."""
    folder = tmp_path / "widget"
    build_widget(folder, "aaaa111111")
    yield folder
    shutil.rmtree(folder)


def build_widget(folder: Path, build: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / build).mkdir(parents=True)
    (folder / "widget.js").write_text(f"/* loader of {build} */" + " " * 500)
    (folder / build / "panel.js").write_text(f"export const build = '{build}';" + " " * 500)
    (folder / build / "secret.txt").write_text("not a chunk")
    (folder / "manifest.json").write_text(f'{{"major": 1, "build": "{build}", "files": {{}}}}')
