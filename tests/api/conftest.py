"""A site for each file at the run's real server, for whoever asks it from outside."""

from __future__ import annotations

import pytest

from tests.api.live_site import LiveSite, make_site
from tests.live import Live


@pytest.fixture(scope="module")
def live_site(live: Live) -> LiveSite:
    return make_site(live)
