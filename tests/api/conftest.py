"""A site on both databases with a token of every scope; and one for each file at the run's real server."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api.live_site import LiveSite, make_site
from tests.api.rules import token_for
from tests.live import Live
from tests.worker.conftest import Tern, tern_at


@pytest.fixture(scope="module")
def live_site(live: Live) -> LiveSite:
    return make_site(live)


@pytest.fixture
def tern(any_app: Flask) -> Tern:
    return tern_at(any_app)


@pytest.fixture
def token(tern: Tern) -> str:
    return token_for(tern.site_id)
