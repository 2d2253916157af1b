"""Dockerfile and compose.yaml, without an engine: their commands run in order in a clean folder, their settings load."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.install.proxies import program
from tests.install.test_wheel import lend_bytecode, uv
from tests.postgres import free_port
from tests.structure.source import tracked
from widget_server.cli import main
from widget_server.config import load_settings, new_keys

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
OURS = ("migrate", "web", "worker")
CONFIG = "".join(path.read_text() for path in (REPOSITORY / "widget_server/config").glob("*.py"))
SETTINGS = set(re.findall(r'"(WIDGET_[A-Z_]+)"', CONFIG))


def steps() -> Iterator[tuple[str, str]]:
    """The instructions of the Dockerfile, in their order."""
    for line in DOCKERFILE.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest


def only(word: str) -> str:
    return [rest for name, rest in steps() if name == word][-1]


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    words = [word for word, _ in steps()]
    assert only("USER") == "widget"
    assert words.index("USER") > max(place for place, word in enumerate(words) if word == "RUN")
    assert only("VOLUME") == "/data"
    assert "healthz" in only("HEALTHCHECK")
    assert set(re.findall(r"WIDGET_[A-Z_]+", DOCKERFILE)) <= SETTINGS


def test_what_is_copied_is_there_and_nothing_else_goes_to_the_engine() -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().split()
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = {name for word, rest in steps() if word == "COPY" and "--from" not in rest for name in rest.split()[:-1]}
    assert {name.removeprefix("./") for name in copied} == let_in
    assert all((REPOSITORY / name).exists() for name in let_in)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_commands_of_the_dockerfile_make_a_server(on_disk: Path) -> None:
    """With uv for pip, which has a cache, and without making a user; all else word for word, below a folder."""
    source, prefix = on_disk / "src", on_disk / "opt" / "widget"
    source.mkdir()
    for word, rest in steps():
        if word == "FROM" and source.exists() and "AS build" not in rest:
            shutil.rmtree(source)  # the second stage has what it copies from the first, and no more
        elif word == "COPY" and "--from" not in rest:
            _copy(rest.split()[:-1], source)
        elif word == "RUN" and "useradd" not in rest:
            _run_step(rest.replace("/opt/widget", str(prefix)), source)
    lend_bytecode(prefix)
    port = free_port()
    inherited = {"PATH": f"{prefix / 'bin'}:/usr/bin:/bin", "WIDGET_PORT": str(port)}
    inherited["WIDGET_INSTANCE"] = str(on_disk / "data")
    entry = json.loads(only("ENTRYPOINT"))
    for command in (["init"], ["db", "upgrade"]):
        subprocess.run([*entry, *command], cwd=on_disk, env=inherited, check=True, capture_output=True, timeout=60)
    health = json.loads(only("HEALTHCHECK").partition("CMD ")[2].replace("8000", str(port)))
    server = subprocess.Popen([*entry, *json.loads(only("CMD"))], cwd=on_disk, env=inherited, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while (done := subprocess.run(health, env=inherited, capture_output=True)).returncode and time.monotonic() < until:
            time.sleep(0.2)
        assert done.returncode == 0, done.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert subprocess.run(health, env=inherited, capture_output=True).returncode != 0


def _copy(names: list[str], into: Path) -> None:
    for path in tracked():
        name = str(path.relative_to(REPOSITORY))
        if any(name == one or name.startswith(f"{one}/") for one in names) and not fnmatch(name, "*__pycache__*"):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, into / name)


def _run_step(line: str, folder: Path) -> None:
    words = shlex.split(line)
    if words[0].endswith("/pip"):
        rest = [word for word in words[1:] if word not in ("--no-cache-dir", "--disable-pip-version-check")]
        uv("pip", rest[0], "--python", str(Path(words[0]).with_name("python")), *rest[1:], cwd=folder)
    else:
        subprocess.run([sys.executable, *words[1:]], cwd=folder, check=True, capture_output=True)


def test_the_services_are_whole() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", [])) <= set(services)
        named = {one.split(":")[0] for one in service.get("volumes", []) if not one.startswith(".")}
        assert named <= set(COMPOSE["volumes"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for mounted in (one.split(":")[0] for one in service.get("volumes", []) if one.startswith(".")):
            assert (REPOSITORY / mounted).is_file(), mounted
        assert service["image" if name not in OURS else "build"]
        assert "ports" not in service or name == "proxy"
    for name in OURS:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", OURS)
def test_the_commands_of_the_services_are_ours(name: str) -> None:
    command: Any = main
    context = click.Context(main)
    words = COMPOSE["services"][name]["command"]
    for place, word in enumerate(words):
        if word.startswith("-"):
            assert any(word in option.opts for option in command.params)
            continue
        command = command.get_command(context, word)
        assert command is not None, words[: place + 1]


def test_the_settings_of_the_services_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = set(re.findall(r"\$\{([A-Z_]+)", (REPOSITORY / "compose.yaml").read_text()))
    example = dict(
        line.split("=", 1)
        for line in (REPOSITORY / "deploy/compose.env.example").read_text().splitlines()
        if line and line[0] != "#"
    )
    assert named == set(example)
    keys = new_keys()
    filled = example | {
        "POSTGRES_PASSWORD": "5" * 48, "WIDGET_SECRET_KEY": str(keys["secret_key"]),
        "WIDGET_ENCRYPTION_KEYS": keys["encryption_keys"][0],  # type: ignore[index]
    }  # fmt: skip
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))
    for name, value in COMPOSE["services"]["web"]["environment"].items():
        assert name in SETTINGS, name
        monkeypatch.setenv(name, re.sub(r"\$\{([A-Z_]+)[^}]*\}", lambda found: filled[found[1]], value))
    ours = load_settings()
    assert (ours.https, ours.trusted_proxies, ours.smtp, ours.limits_url[:8]) == (True, 1, None, "redis://")


def test_the_caddyfile_of_compose_differs_by_name_upstream_and_log_alone() -> None:
    files = (REPOSITORY / "deploy/caddy" / name for name in ("Caddyfile", "Caddyfile.compose"))
    plain, inside = (path.read_text().splitlines() for path in files)
    added = {line.strip() for line in inside if line not in plain and not line.startswith("#")}
    assert added == {"{$WIDGET_NAME} {", "reverse_proxy {", "dynamic a web 8000 {", "refresh 10s", "output stdout"}
    assert {line.strip() for line in plain if line not in inside and line[:1] not in "#"} == {
        "feedback.example.com {", "reverse_proxy 127.0.0.1:8000 {", "output file /var/log/caddy/widget-server.log",
    }  # fmt: skip


UNITS = sorted((REPOSITORY / "deploy/systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_units_are_sound_and_closed(unit: Path, tmp_path: Path) -> None:
    if (analyze := program("systemd-analyze")) is None:
        pytest.skip("no systemd-analyze here")
    there = tmp_path / unit.name.replace("@", "@1")
    text = unit.read_text().replace("/opt/widget/bin/widget-server", "/bin/true")
    there.write_text(text.replace("User=widget", "User=daemon").replace("Group=widget", "Group=daemon"))
    done = subprocess.run([analyze, "verify", "--man=no", there], capture_output=True, text=True)
    assert unit.name.partition(".")[0] not in done.stderr, done.stderr
    security = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=25", "--no-pager", there], capture_output=True, text=True
    )
    assert security.returncode == 0, security.stdout[-600:] + security.stderr


def test_the_units_name_settings_and_commands_that_exist() -> None:
    told = (REPOSITORY / "deploy/systemd/widget-server.env").read_text()
    assert set(re.findall(r"^#? ?(WIDGET_[A-Z_]+)=", told, re.MULTILINE)) <= SETTINGS
    for unit in UNITS:
        for line in re.findall(r"^Exec\w+=/opt/widget/bin/widget-server (\S+)", unit.read_text(), re.MULTILINE):
            assert main.get_command(click.Context(main), line) is not None
