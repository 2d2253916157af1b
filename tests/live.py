"""The real server as its own processes (web and worker, by `widget-server serve`), and a real Chromium to look at it.

`live` is one installation for the whole run, with the demo site on it; `start_live` makes more, to be killed at will.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

from tests import warm
from tests.conftest import REPOSITORY, memory_for
from tests.postgres import free_port

CHROMIUM_FLAGS = [
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-gpu", "--in-process-gpu",  # no test needs a card: without a process for it, a quarter less CPU
]  # fmt: skip
SPARING = ["--num-raster-threads=1", "--js-flags=--min-semi-space-size=16"]
"""Fewer threads to wake, garbage looked for less often. With pages' pictures in memory, 15 % less CPU in all."""


@dataclass
class Live:
    """A running installation. `demo` is what stands in its demo.json."""

    folder: Path
    port: int
    environment: dict[str, str]
    demo: dict[str, Any] = field(default_factory=dict)
    process: warm.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> str:
        """Run `widget-server …` against this installation; return what it printed."""
        done = warm.run(*arguments, env=self.environment, timeout=240)
        if done.returncode:
            raise AssertionError(f"widget-server {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def listen_to(self, origin: str) -> None:
        """Add an origin to the demo site's, as an admin would."""
        self.command("site", "origin", self.demo["site_key"], origin)
        time.sleep(2.1)  # so long a running server remembers the site as it was

    def start(self) -> None:
        with open(self.folder / "server.log", "ab") as log:
            self.process = warm.start("serve", env=self.environment, log=log)
        self.await_ready()

    def await_ready(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                died = self.process is not None and self.process.poll() is not None
                if died or time.monotonic() > until:
                    raise AssertionError(f"The server does not answer:\n{self.log()[-4000:]}") from error
                time.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def stop(self) -> None:
        """As Ctrl-C or an init system would: SIGTERM, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def kill(self) -> None:
        """SIGKILL to the server and all of its children, at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
        self.process = None


def make_live(folder: Path, *, demo: bool = True, history: bool = False, **settings: str) -> Live:
    """An installation in `folder`, migrated and, where wanted, with the demo sites; not started yet."""
    live = _at(folder, free_port(), demo, settings)
    live.command("init")
    live.command("db", "upgrade")
    if demo:
        live.command("demo", *([] if history else ["--no-history"]))
        live.demo = json.loads((folder / "demo.json").read_text())
    return live


def copy_live(folder: Path, of: Path) -> Live:
    """An installation in `folder`, as one with the demo's two weeks of history would be made: a copy of the one at `of`,
    which is made where it isn't there. Several processes may ask at once."""
    of.mkdir(exist_ok=True)
    with open(of / "made", "a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if not made.tell():
            made.write(str(make_live(of / "it", history=True).port))
            made.flush()
        made.seek(0)
        was = f"127.0.0.1:{made.read()}"
    shutil.copytree(of / "it", folder)
    live = _at(folder, free_port(), True, {})
    _readdress(folder / "widget.db", was, f"127.0.0.1:{live.port}")
    demo = folder / "demo.json"
    demo.write_text(demo.read_text().replace(was, f"127.0.0.1:{live.port}"))
    live.demo = json.loads(demo.read_text())
    return live


def _readdress(path: Path, was: str, now: str) -> None:
    """Say `now` wherever a text of the database says `was`."""
    with closing(sqlite3.connect(path)) as database, database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for _, column, *_ in database.execute(f'PRAGMA table_info("{table}")').fetchall():
                change = f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)'
                database.execute(change, (was, now, was))


def _at(folder: Path, port: int, demo: bool, settings: dict[str, str]) -> Live:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    environment = inherited | {
        "WIDGET_INSTANCE": str(folder),
        "WIDGET_PORT": str(port),
        "WIDGET_DEMO": "1" if demo else "0",
        "WIDGET_RESPONSES_PER_MINUTE": "1000000",
        "WIDGET_UNVERIFIED_PER_MINUTE": "1000000",
        "WIDGET_API_PER_MINUTE": "1000000",
        "PYTHONPATH": str(REPOSITORY),
    }
    return Live(folder, port, environment | settings)


@pytest.fixture
def start_live(tmp_path: Path) -> Iterator[Callable[..., Live]]:
    """`start_live(demo=True, history=False, WIDGET_…="…")`: a server of this test's own, running."""
    begun: list[Live] = []

    def start(**options: Any) -> Live:
        folder = tmp_path / f"instance-{len(begun)}"
        live = make_live(folder, **options)
        begun.append(live)
        live.start()
        return live

    yield start
    for live in begun:
        live.stop()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One installation for the run, with the demo sites and their two weeks of history: lived once for all processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    live = copy_live(base / "live", shared / "lived")
    live.start()
    yield live
    live.stop()


def launch(kind: BrowserType, *flags: str, **options: Any) -> Browser:
    """A Chromium; `kind` is Playwright's `chromium`, `options` are those of its `launch`."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return kind.launch(executable_path=_find_chromium(kind), args=[*CHROMIUM_FLAGS, *flags, *as_root], **options)


def _find_chromium(kind: BrowserType) -> str | None:
    """Playwright's own where it is installed (None), else the system's: Debian's shell without a window first, since a
    whole Chromium draws its own tabs too (in 32 tests of the widget 35 s of CPU instead of 53)."""
    if Path(kind.executable_path).exists():
        return None
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("No Chromium: run './dev setup' as root on Debian, or 'playwright install chromium'")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        in_memory = {"ignore_default_args": ["--disable-dev-shm-usage"]} if memory_for(2**30) else {}
        browser = launch(playwright.chromium, *SPARING, **in_memory)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor's own browser profile, 1280 × 800."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def visitor_page(visitor: BrowserContext) -> Page:
    return visitor.new_page()
