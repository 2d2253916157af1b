"""One real installation behind each proxy, for the tests of this folder."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.proxies import NAME, Proxy, program, running_caddy, running_nginx
from tests.proofs.installation import Installation, installation

LIMIT = 6


@pytest.fixture(scope="module")
def on_disk() -> Iterator[Path]:
    """A folder into which uv can link what it has in its cache; into memory it would copy."""
    with tempfile.TemporaryDirectory(prefix="widget-install-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def behind() -> Iterator[Installation]:
    """A server that believes one proxy, with a limit that can be reached."""
    with installation() as at:
        at.more = {
            "WIDGET_BASE_URL": f"https://{NAME}", "WIDGET_TRUSTED_PROXIES": "1", "WIDGET_RESPONSES_PER_MINUTE": str(LIMIT),
        }  # fmt: skip
        at.start("widget_server.cli", "--no-worker")
        yield at


@pytest.fixture(scope="session")
def nginx(behind: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if program("nginx") is None:
        pytest.skip("no nginx; on Debian and Ubuntu 'apt install nginx-light' brings it")
    with running_nginx(tmp_path_factory.mktemp("nginx"), [behind.port]) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def caddy(behind: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if program("caddy") is None:
        pytest.skip("no Caddy; on Debian and Ubuntu 'apt install caddy' brings it")
    with running_caddy(tmp_path_factory.mktemp("caddy"), behind.port) as proxy:
        yield proxy


def requests_seen(at: Installation, last: str, seconds: float = 10) -> list[str]:
    """The paths that the server answered, once `last` is among them."""
    until = time.monotonic() + seconds
    while True:
        lines = [json.loads(line) for line in at.log().splitlines() if '"http.answered"' in line]
        paths = [str(line["path"]) for line in lines]
        if last in paths or time.monotonic() > until:
            return paths
        time.sleep(0.05)
