"""`./dev` alone lists every command with one line each, and CI runs exactly one of them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest
from click.testing import CliRunner

from tests.conftest import REPOSITORY
from widget_server.cli import main


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    loader = SourceFileLoader("dev_command", str(REPOSITORY / "dev"))
    spec = importlib.util.spec_from_loader("dev_command", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def test_dev_alone_lists_every_command_with_a_line(dev: ModuleType) -> None:
    shown = subprocess.run([REPOSITORY / "dev"], capture_output=True, text=True, check=True).stdout
    for command in dev.COMMANDS:
        line = next(line for line in shown.splitlines() if line.split()[:1] == [command.__name__])
        assert len(line.split()) > 3


def test_an_unknown_command_is_refused(dev: ModuleType) -> None:
    assert subprocess.run([REPOSITORY / "dev", "fly"], capture_output=True).returncode == 2


def test_ci_runs_the_tests_and_nothing_else() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text()
    assert script.splitlines()[1:] == ['cd "$(dirname "$0")/.." && exec ./dev test']


def test_a_taken_port_is_one_sentence() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {"WIDGET_PORT": str(taken.getsockname()[1]), "PATH": "/usr/bin:/bin"}
        done = subprocess.run([sys.executable, REPOSITORY / "dev", "up"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is taken by another program" in done.stderr


def test_every_command_of_widget_server_says_what_it_does() -> None:
    silent = []
    groups = [("widget-server", main)]
    while groups:
        name, group = groups.pop()
        for command in group.commands.values():
            if not command.get_short_help_str():
                silent.append(f"{name} {command.name}")
            if hasattr(command, "commands"):
                groups.append((f"{name} {command.name}", command))
    assert silent == []


def test_without_secrets_the_command_line_says_what_to_do(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))
    done = CliRunner().invoke(main, ["site", "list"])
    assert done.exit_code == 1
    assert "widget-server init" in done.output
