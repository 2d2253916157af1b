"""The servers that are compared, each on granian with the flags of `widget-server serve`, each in a folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.metering import served
from tests.conftest import REPOSITORY
from tests.postgres import free_port
from tests.proofs.installation import Installation
from widget_server.serving import BLOCKING_THREADS

THREADS = ("--workers", "1", "--blocking-threads", str(BLOCKING_THREADS))
FLAGS = ("--interface", "wsgi", "--http", "1", *THREADS, "--log-level", "error")


@dataclass(frozen=True)
class Serving:
    port: int
    pid: int


@contextmanager
def ours(at: Installation, *, worker: bool = False) -> Iterator[Serving]:
    """As in production, where `at` starts cold; without its worker, unless that is what is measured."""
    try:
        at.start("widget_server.cli", *([] if worker else ["--no-worker"]))
        assert at.process is not None
        yield Serving(at.port, at.process.pid)
    finally:
        at.stop()


@contextmanager
def baseline(name: str, folder: Path, **environment: str) -> Iterator[Serving]:
    """One of benchmarks/baselines."""
    target = f"benchmarks.baselines.{name}:app"
    with application(sys.executable, target, folder, PYTHONPATH=str(REPOSITORY), **environment) as serving:
        yield serving


@contextmanager
def application(python: str, target: str, folder: Path, path: str = "/", **environment: str) -> Iterator[Serving]:
    """Any WSGI application, by the granian of this or another venv."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [python, "-m", "granian", *FLAGS, "--port", str(port), target]
    with served(command, port, folder, path, **environment) as pid:
        yield Serving(port, pid)
