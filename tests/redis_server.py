"""A real Redis for tests: on 127.0.0.1 alone, in memory, ended with the run. Where none is installed, they are skipped."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.postgres import free_port


@contextmanager
def running_redis() -> Iterator[str]:
    """The address of a server that lives as long as this block. Needs `redis-server` on the path."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([shutil.which("redis-server") or "redis-server", *options], **quiet)  # type: ignore[call-overload]
    try:
        _await(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.02)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("no Redis; on Debian and Ubuntu 'apt install redis-server' brings it")
    with running_redis() as url:
        yield url
