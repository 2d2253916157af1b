"""`./dev up` as a newcomer meets it: it tells where to look, answers there, and Ctrl-C leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.postgres import free_port


def up(instance: Path, port: int) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    environment |= {"WIDGET_INSTANCE": str(instance), "WIDGET_PORT": str(port)}
    command = [REPOSITORY / "dev", "up", "--no-history"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def told(process: subprocess.Popen[str]) -> str:
    """What it says until it serves."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if line.startswith("Serving "):
            return said
    raise AssertionError(said)


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.skipif(not (REPOSITORY / ".venv" / ".stamp").exists(), reason="only in the venv that ./dev makes")
def test_up_tells_where_to_look_stops_cleanly_and_comes_back_elsewhere(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    for port in (free_port(), free_port()):
        begun = time.monotonic()
        process = up(instance, port)
        try:
            said = told(process)
            demo = json.loads((instance / "demo.json").read_text())
            assert demo["url"] == f"http://127.0.0.1:{port}"
            assert f"{demo['url']}/demo/" in said
            assert all(user["password"] in said for user in demo["users"])
            while not ready(port):
                assert time.monotonic() - begun < 60
                time.sleep(0.1)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(30) == 0
        assert not ready(port)
