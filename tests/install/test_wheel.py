"""The wheel in an empty venv, far from a checkout and without Node: it is set up, served, and hears a complaint."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.postgres import free_port
from tests.structure.source import tracked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PACKED = ("setup.cfg", "setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md")
UNREACHED = ("Failed to fetch", "error sending request", "Could not connect", "dns error", "client error (Connect)")


def uv(*arguments: object, cwd: Path) -> None:
    """By its cache alone where that does. Skips, with the reason, where it does not and no package index can be reached."""
    program = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("no uv: './dev setup' brings it")
    command = [program, *map(str, arguments)]
    for offline in (["--offline"], []):
        done = subprocess.run([*command, *offline], cwd=cwd, capture_output=True, text=True, timeout=300)
        if not done.returncode:
            return
    if done.returncode and any(word in done.stderr for word in UNREACHED):
        pytest.skip(f"the package index can't be reached: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


def lend_bytecode(prefix: Path) -> None:
    """What this venv's packages compiled to, for a new one: Python takes it where it is of the very same file, which it is
    where uv links both from its cache. Ours is compiled there, as on a new machine."""
    here = Path(pytest.__file__).parents[1]
    there = next(prefix.glob("lib/python3*/site-packages"))
    for cache in here.rglob("__pycache__"):
        target = there / cache.relative_to(here)
        if target.parent.is_dir() and not target.exists():
            shutil.copytree(cache, target, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist from what git knows, and the wheel from that sdist."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for path in tracked():
        name = path.relative_to(REPOSITORY)
        if str(name) in PACKED or name.parts[0] in ("widget_server", "surveys"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, source / name)
    uv("build", "--out-dir", out, ".", cwd=source)
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


def test_the_sdist_and_the_wheel_hold_all_that_runs(built: tuple[Path, Path]) -> None:
    sdist, wheel = built
    names = {str(path.relative_to(REPOSITORY)) for path in tracked()}
    ours = {name for name in names if name.startswith(("widget_server/", "surveys/"))}
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert ours - packed == set()
    with zipfile.ZipFile(wheel) as archive:
        installed = set(archive.namelist())
    assert {re.sub("^surveys/", "widget_server/survey_library/", name) for name in ours} - installed == set()
    metadata = wheel.name.rpartition("-py3")[0] + ".dist-info"
    assert {name.partition("/")[0] for name in installed} == {"widget_server", metadata}


@pytest.fixture(scope="module")
def bin_folder(built: tuple[Path, Path], on_disk: Path) -> Path:
    """An empty venv with the pinned requirements and the wheel, nothing of the checkout."""
    venv = on_disk / "venv"
    uv("venv", "--python", sys.executable, venv, cwd=on_disk)
    uv("pip", "install", "--python", venv / "bin/python", "-r", REPOSITORY / "requirements.txt", built[1], cwd=on_disk)
    lend_bytecode(venv)
    return venv / "bin"


class Elsewhere:
    """`widget-server` of that venv, in a folder of its own, with nothing else on the path."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.port, self.program = folder, free_port(), bin_folder / "widget-server"
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {"PATH": str(bin_folder), "WIDGET_PORT": str(self.port), "WIDGET_DEMO": "1", "HOME": str(folder)}

    def run(self, *arguments: str, fails: bool = False) -> str:
        command = [self.program, *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, body: object = None, **headers: str) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "text/plain"} | headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, object] = json.loads(answer.read())
            return found


@pytest.fixture
def elsewhere(tmp_path: Path, bin_folder: Path) -> Iterator[Elsewhere]:
    at = Elsewhere(tmp_path, bin_folder)
    at.run("init")
    at.run("demo", "--no-history")
    with open(tmp_path / "server.log", "ab") as log:
        process = subprocess.Popen([at.program, "serve"], cwd=tmp_path, env=at.environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            try:
                at.ask("/readyz")
                break
            except OSError:
                time.sleep(0.1)
        yield at
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_a_complaint_becomes_a_case_far_from_a_checkout(elsewhere: Elsewhere, bin_folder: Path) -> None:
    code = "import widget_server; print(widget_server.__path__[0])"
    where = subprocess.run([bin_folder / "python", "-c", code], cwd=elsewhere.folder, capture_output=True, text=True)
    assert where.stdout.startswith(str(bin_folder.parent)), where
    assert shutil.which("node", path=elsewhere.environment["PATH"]) is None
    site = json.loads((elsewhere.folder / "instance/demo.json").read_text())["site_key"]
    config = elsewhere.ask(f"/v1/sites/{site}/config")
    version = next(one["version"] for one in config["surveys"] if one["key"] == "feedback")  # type: ignore[attr-defined]
    words = "I paid twice and my booking is gone. Nobody helps me. This is terrible."
    answers = {"mood": 1, "comment": words}
    known = str(uuid.uuid4())
    body = {"p": 1, "id": known, "survey": "feedback", "version": version, "answers": answers}
    assert elsewhere.ask(f"/v1/sites/{site}/responses", body)["id"] == known
    token = elsewhere.run("token", "add", "--site", site, "--name", "test").strip()
    until = time.monotonic() + 30
    cases: list[object] = []
    while not cases and time.monotonic() < until:
        found = elsewhere.ask(f"/api/v1/cases?response_id={known}", Authorization=f"Bearer {token}")
        cases = list(found["items"])  # type: ignore[call-overload]
        time.sleep(0.1)
    assert len(cases) == 1
    told = json.loads(elsewhere.run("doctor", "--json"))
    assert told["ok"], told
