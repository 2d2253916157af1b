"""A21: a full disk, a held lock, no connection left: nothing is acknowledged falsely, nothing is a 500, and it heals."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from tests.postgres import PostgresServer, start_server
from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from tests.proofs.kill import count, drain, sound
from tests.proofs.visitors import Visitors
from widget_server.config import Settings

DISK_MB = 160


def prove(seconds: int) -> Found:
    """Each fault in turn, for so many seconds, under load."""
    found = {"lock": lock_held(seconds), "foreign_lock": database_locked(seconds)}
    if may_mount():
        found["full_disk"] = full_disk(seconds)
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    server = start_server(home)
    try:
        found["no_connection"] = no_connection(server, seconds)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    ran = {f"{fault}: {name}": value for fault, one in found.items() for name, value in one.items()}
    return {"ok": all(one["ok"] for one in found.values()), "full_disk_tried": "full_disk" in found, **ran}


def lock_held(seconds: float) -> Found:
    """The writers' lock is held by somebody who does not let go."""
    with installation() as at:
        return suffer(at, held(Path(f"{database(at)}.writers")), seconds)


def database_locked(seconds: float) -> Found:
    """Another program writes into SQLite's file, and knows nothing of our queue."""
    with installation() as at:
        return suffer(at, write_locked(database(at)), seconds)


def full_disk(seconds: float) -> Found:
    """Data folder and log lie on a small disk, of which not one byte is left. Needs leave to mount one."""
    with small_disk() as folder:
        at = Installation(folder)
        try:
            return suffer(at, filled(folder), seconds)
        finally:
            at.stop()


def no_connection(server: PostgresServer, seconds: float) -> Found:
    """PostgreSQL ends our connections and gives no new ones."""
    name = server.create()
    server.run("DROP ROLE IF EXISTS proof_app")
    server.run("CREATE ROLE proof_app LOGIN")
    server.run(f"ALTER DATABASE {name} OWNER TO proof_app")
    url = server.url(name).replace("postgres@", "proof_app@")
    try:
        with installation(database_url=url) as at:
            return suffer(at, barred(server), seconds)
    finally:
        server.drop(name)
        server.run("DROP ROLE IF EXISTS proof_app")


def suffer(at: Installation, fault: AbstractContextManager[None], seconds: float) -> Found:
    """Serve and send; let the fault come and go; say what was answered meanwhile and what is there afterwards."""
    at.start()
    at.await_health("/readyz")
    visitors = Visitors(at, pause=0.1)
    visitors.start()
    said: set[int] = set()
    try:
        time.sleep(0.5)
        with fault:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                said.add(readiness(at))
                time.sleep(0.2)
        over = time.monotonic()
        at.await_health("/readyz", 60)
        healed, before = time.monotonic() - over, len(visitors.acknowledged)
        until = time.monotonic() + 20
        while len(visitors.acknowledged) <= before and time.monotonic() < until:
            time.sleep(0.05)
        goes_on = len(visitors.acknowledged) > before
    finally:
        visitors.stop()
    drained = drain(at)
    at.stop()
    found = count(at, visitors.acknowledged)
    return {
        "ok": sound(found) and drained and goes_on and not visitors.odd and 503 in said and said <= {200, 503},
        "acknowledged": found["acknowledged"], "lost": found["lost"], "told_to_wait": visitors.told_to_wait,
        "odd": visitors.odd[:3], "readiness": sorted(said), "healed_after_seconds": round(healed, 1),
    }  # fmt: skip


def readiness(at: Installation) -> int:
    try:
        with urllib.request.urlopen(f"{at.url}/readyz", timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0  # nobody answered


def database(at: Installation) -> Path:
    ours: Settings = at.settings
    return Path(ours.database_url.removeprefix("sqlite:///"))


@contextmanager
def held(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def write_locked(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    path = folder / "filler"
    try:
        with open(path, "wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass
        yield
    finally:
        path.unlink()


@contextmanager
def barred(server: PostgresServer) -> Iterator[None]:
    server.run("ALTER ROLE proof_app CONNECTION LIMIT 0")
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'proof_app'")
    try:
        yield
    finally:
        server.run("ALTER ROLE proof_app CONNECTION LIMIT -1")


def may_mount() -> bool:
    with suppress(OSError, subprocess.CalledProcessError), small_disk():
        return True
    return False


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="widget-disk-"))
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "widget-proof", str(folder)]
        subprocess.run(mount, check=True, capture_output=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if not may_mount():
        print("No small disk can be mounted here (that needs root): the full disk is left out.", file=sys.stderr)
    command(prove, __doc__, seconds=15)
