"""The guide's commands do what they say: each block of docs/api.md is run, in order, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.live_site import LiveSite
from tests.conftest import REPOSITORY
from widget_server.accounts.tokens import READ, SCOPES

GUIDE = (REPOSITORY / "docs" / "api.md").read_text()
NEEDED = ("curl", "jq")


@pytest.mark.timeout(240)
@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="curl and jq are not installed here")
def test_the_commands_of_the_guide_run(live_site: LiveSite, tmp_path: Path) -> None:
    for text in ("I lost my booking and nobody helped.", "The page is broken, and my money is gone. Terrible.", "Awful."):
        live_site.complain(text, email="mara@customer.example")
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    script = "\n".join(["set -euo pipefail", *blocks])
    environment = {"URL": live_site.live.url, "TOKEN": live_site.token, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"state": "resolved"' in done.stdout
    assert '"owner": "Shop desk"' in done.stdout


def test_the_guide_names_every_scope() -> None:
    named = set(re.findall(r"`([a-z]+:[a-z]+|read)`", GUIDE))
    assert named >= {*SCOPES, READ}
