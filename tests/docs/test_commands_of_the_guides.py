"""The commands of the guides run, in the order of a person who reads them, in an installation of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import warm
from tests.conftest import REPOSITORY
from tests.docs.guides import all_blocks, blocks
from tests.postgres import free_port
from widget_server.config import load_settings

READ_IN_ORDER = ("docs/install.md", "docs/embed.md", "docs/integrate.md", "docs/operate.md", "docs/upgrade.md")


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    shell.end()


class Shell:
    """A bash that keeps its variables from block to block, with `widget-server` on its path and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        command = folder / "bin" / "widget-server"
        command.parent.mkdir()
        warm.program(command)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
        self.environment = inherited | {
            "PATH": f"{command.parent}:{inherited['PATH']}", "WIDGET_PORT": str(self.port), "PYTHONPATH": str(REPOSITORY),
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        self.background: list[subprocess.Popen[bytes]] = []
        (folder / "variables").touch()

    def run(self, text: str) -> str:
        script = text.replace(":8000", f":{self.port}")
        whole = f"set -euo pipefail\n. ./variables\n{script}\ndeclare -p VERSION ID TOKEN 2>/dev/null > variables || true\n"
        done = subprocess.run(
            ["bash", "-c", whole], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout

    def go_on(self, text: str) -> None:
        with open(self.folder / "background.log", "ab") as log:
            self.background.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {text.strip()}"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
                )
            )
        ready = f"until curl -fs http://127.0.0.1:{self.port}/readyz; do sleep 0.2; done"
        subprocess.run(["timeout", "60", "bash", "-c", ready], check=True, capture_output=True)

    def end(self) -> None:
        for process in self.background:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_commands_of_the_guides_run_in_their_order(shell: Shell) -> None:
    said = ""
    for page in READ_IN_ORDER:
        for block in blocks(page, "sh"):
            if block.how == "background":
                shell.go_on(block.text)
            elif block.how is None:
                said += shell.run(block.text)
    assert '<script async src="http://127.0.0.1' in said
    assert "WRONG" not in said
    assert '"state"' in said


def test_what_is_not_run_says_why() -> None:
    assert [str(block) for block in all_blocks() if block.how == "skip" and not block.why] == []
    silent = [str(block) for block in all_blocks("sh") if block.page not in READ_IN_ORDER and block.how is None]
    assert silent == []


def test_the_guides_name_every_setting_and_no_other() -> None:
    config = "".join(path.read_text() for path in (REPOSITORY / "widget_server/config").glob("*.py"))
    settings = set(re.findall(r'"(WIDGET_[A-Z_]+)"', config))
    said = (REPOSITORY / "docs/operate.md").read_text()
    named = set()
    for cell in re.findall(r"^\| (`WIDGET_[^|]*) \|", said, re.MULTILINE):
        names = re.findall(r"`(\w+)`", cell)
        stem = re.match(r"WIDGET_[A-Z]+", names[0])
        named |= {name if name.startswith("WIDGET") else f"{stem[0]}{name}" for name in names if stem}
    assert named == settings
    for page in {block.page for block in all_blocks()}:
        assert set(re.findall(r"WIDGET_[A-Z_]+[A-Z]", (REPOSITORY / page).read_text())) <= settings, page
    assert load_settings.__doc__
