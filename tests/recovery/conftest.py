from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from tests.recovery.people import make_site, make_user
from widget_server.database import writing


@pytest.fixture
def desk_at(app: Flask) -> SimpleNamespace:
    """A site with two of its staff; rows are read again by `fresh`."""
    with writing():
        site, maren, joost = make_site(), make_user("Maren Solli"), make_user("Joost de Wit")
    return SimpleNamespace(site=site, maren=maren, joost=joost)
