"""An installation of its own, served as in production by its own processes, with a hand on the trigger."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests import warm
from tests.conftest import REPOSITORY, make_app, make_settings
from tests.postgres import free_port
from tests.proofs.breaking import hold_awake
from widget_server.accounts.operations import create_user, grant
from widget_server.accounts.tokens import create_api_token
from widget_server.config import Settings, settings
from widget_server.database import db, writing
from widget_server.delivery.models import Heartbeat
from widget_server.responses.models import Response
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import live_surveys

ORIGIN = "https://shop.example"


class Installation:
    """A site 'proof' with the real surveys and one member of staff. `start` serves it, `kill` ends a part of it. `cold`:
    its processes import what they need, as a user's do, and are not forked from one that has."""

    def __init__(self, folder: Path, cold: bool = False, **changes: Any) -> None:
        self._cold = cold
        port = free_port()
        self.folder, self.port, self.url = folder, port, f"http://127.0.0.1:{port}"
        self.settings: Settings = make_settings(folder, port=port, base_url=self.url, **changes)
        self.app = make_app(self.settings)
        self.process: warm.Process | None = None
        self.more: dict[str, str] = {}  # settings beside
        self.beside: list[warm.Process] = []
        with self.app.app_context():
            with writing():
                site = create_site("Proof", key="proof", origins=[ORIGIN])
                load_library(site, settings().surveys_dir)
                grant(create_user("ida@proof.example", "correct horse battery", "Ida"), site, "support")
                self.token = create_api_token(site, "proof")[1]
                self.site_id = site.id
            self.versions = {survey.key: survey.version for survey in live_surveys(self.site_id)}
            db.session.remove()
            db.engine.dispose()

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
        return inherited | {
            "WIDGET_INSTANCE": str(self.folder),
            "WIDGET_PORT": str(self.port),
            "WIDGET_DATABASE_URL": self.settings.database_url,
            "WIDGET_SECRET_KEY": self.settings.secret_key,
            "WIDGET_ENCRYPTION_KEYS": ",".join(self.settings.encryption_keys),
            "WIDGET_RESPONSES_PER_MINUTE": "1000000",
            "WIDGET_UNVERIFIED_PER_MINUTE": "1000000",
            "PYTHONPATH": str(REPOSITORY),
        } | self.more

    def start(self, module: str = "widget_server.cli", *options: str) -> None:
        """Serve; `module` stands in for the command line, to break something on purpose."""
        self.process = self._run(module, "serve", *options)
        self.await_health()

    def start_beside(self, *words: str, module: str = "widget_server.cli") -> int:
        """Another process of the same installation, `serve --no-worker` or `worker`; returns the port that it may have."""
        port = free_port()
        self.beside.append(self._run(module, *words, WIDGET_PORT=str(port), WIDGET_BASE_URL=self.url))
        return port

    def _run(self, module: str, *words: str, **settings: str) -> warm.Process:
        env = self.environment() | settings
        with open(self.folder / "server.log", "ab") as log:
            if self._cold:
                command = [sys.executable, "-m", module, *words]
                return subprocess.Popen(command, cwd=REPOSITORY, env=env, stdout=log, stderr=log, start_new_session=True)
            return warm.start(*words, module=module, env=env, log=log)

    def await_health(self, path: str = "/healthz", seconds: float = 30, port: int | None = None) -> None:
        until = time.monotonic() + seconds
        while not self.answers(path, port):
            if time.monotonic() > until or (self.process and self.process.poll() is not None):
                raise AssertionError(f"The server does not answer:\n{self.log()[-4000:]}")
            time.sleep(0.02)

    def answers(self, path: str = "/healthz", port: int | None = None) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=5):
                return True
        except (OSError, ValueError):
            return False

    def children(self) -> dict[str, int]:
        """The supervisor's children by name: web, worker."""
        assert self.process is not None
        found = {}
        for pid in children_of(self.process.pid):
            with suppress(OSError):
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                if name.startswith("widget-"):
                    found[name.removeprefix("widget-")] = pid
        return found

    def kill(self, name: str) -> int | None:
        """SIGKILL to the whole group of web or worker. Returns the pid that was."""
        pid = self.children().get(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        return pid

    def beaten_since(self, at: int) -> bool:
        """Whether a worker has begun to work after `at`, ms since the epoch."""
        with self.app.app_context():
            beat = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == "worker"))
            db.session.remove()
        return beat is not None and beat >= at

    def processed_since(self, at: int) -> bool:
        """Whether a worker has processed a response after `at`, ms since the epoch."""
        with self.app.app_context():
            latest = db.session.scalar(select(func.max(Response.processed_at)))
            db.session.remove()
        return latest is not None and latest >= at

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def errors(self) -> list[str]:
        """What the log says of answers that nobody foresaw."""
        return [line for line in self.log().splitlines() if '"level": "error"' in line or "Traceback" in line]

    def stop(self) -> float:
        """As an init system would; returns how many seconds it took."""
        began = time.monotonic()
        ending = [*self.beside, *([self.process] if self.process is not None else [])]
        self.process, self.beside = None, []
        for process in ending:
            process.send_signal(signal.SIGTERM)
        late = [process for process in ending if not _ended(process)]
        if ending and self.folder.exists():
            hold_awake(self.log())
        if late:
            raise AssertionError(f"{len(late)} did not stop in time:\n{self.log()[-4000:]}")
        return time.monotonic() - began


def _ended(process: warm.Process) -> bool:
    """Whether it went by itself; if not, it is gone now."""
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@contextmanager
def installation(cold: bool = False, **changes: Any) -> Iterator[Installation]:
    """In a folder that is gone afterwards; stopped, if it still runs."""
    folder = Path(tempfile.mkdtemp(prefix="widget-proof-"))
    made = Installation(folder, cold, **changes)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
