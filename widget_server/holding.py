"""Who has the database in use: locks beside its file, on SQLite. The kernel lets go of them when their holder dies.

The web's processes share one, the one worker has another; who puts a database in place wants both for itself.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from widget_server.config import Settings, WrongSetting
from widget_server.errors import Conflict

_held: list[int] = []


def serve(settings: Settings) -> None:
    """Be one of the web's processes, until this process ends.

    Raises:
        WrongSetting: a restore is putting the database in place.
    """
    if not settings.is_sqlite:
        return
    descriptor = open_lock(settings, "web")
    if not locked(descriptor, fcntl.LOCK_SH):
        os.close(descriptor)
        raise WrongSetting("A restore is putting the database in place: the server can start when it is done")
    _held.append(descriptor)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Have the database's file to oneself.

    Raises:
        Conflict: a web process or a worker runs.
    """
    with _mine(settings, "web", "serves from"), _mine(settings, "worker", "works on"):
        yield


@contextmanager
def _mine(settings: Settings, part: str, does: str) -> Iterator[None]:
    descriptor = open_lock(settings, part)
    try:
        if not locked(descriptor):
            raise Conflict(f"The {part} process runs and {does} this database. Stop the server first, then restore.")
        yield
    finally:
        os.close(descriptor)


def open_lock(settings: Settings, part: str) -> int:
    """The file that `part` (web, worker) locks, opened."""
    path = Path(f"{make_url(settings.database_url).database}.{part}")
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def locked(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
