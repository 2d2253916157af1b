"""An airline with the shipped surveys, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.conftest import REPOSITORY
from widget_server import database
from widget_server.database import db
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import publish


@pytest.fixture
def air(any_app: Flask) -> Site:
    with database.writing():
        return create_site("Tern Air", key="tern", zone="Europe/Oslo", languages=("en", "nl", "no", "th"))


@pytest.fixture
def surveys_folder() -> Any:
    return REPOSITORY / "surveys"


@pytest.fixture
def published(air: Site) -> Callable[..., str]:
    """Publish at the airline in a transaction of its own; the version's hash."""

    def act(key: str, content: dict[str, Any], wave: int | None = None) -> str:
        with database.writing():
            return publish(db.session.merge(air), key, content, wave).hash

    return act
