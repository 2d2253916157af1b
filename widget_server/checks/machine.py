"""The machine: the clock against the database's and the file system's, room on the disk, and what kind of disk it is."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from widget_server.checks.finding import Finding, well, wrong
from widget_server.clock import SECOND, now_ms
from widget_server.health import OK, disk_state

MOST_APART = 2 * SECOND
NETWORKED = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "beegfs", "gpfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs", "virtiofs", "prl_fs", "vboxsf",
}  # fmt: skip
"""File systems that another machine holds: SQLite's locks do not hold there."""
UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def about_clock(folder: Path, database_now: int | None) -> Iterator[Finding]:
    """`database_now`: ms since the epoch by the database server's clock; None where it has none of its own."""
    compared = []
    if database_now is not None:
        compared.append(("the database server", database_now - now_ms()))
    if (touched := _file_time(folder)) is not None:
        compared.append(("the data folder's disk", touched - now_ms()))
    apart = [f"{name} is {_by(delta)}" for name, delta in compared if abs(delta) > MOST_APART]
    if apart:
        yield wrong("clock", f"{'; '.join(apart)}: let every machine keep time by NTP (timedatectl set-ntp true)")
        return
    names = " and ".join(name for name, _ in compared) or "nothing to compare with"
    yield well("clock", f"agrees with {names}; {_kernel_says()}")


def _by(delta: int) -> str:
    return f"{abs(delta) / SECOND:.0f} s {'ahead of' if delta > 0 else 'behind'} this process"


def _file_time(folder: Path) -> int | None:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            return os.stat(file.name).st_mtime_ns // 1_000_000
    except OSError:
        return None


def _kernel_says() -> str:
    """Whether something disciplines the kernel's clock. How far it is off can't be known without asking others."""
    if not sys.platform.startswith("linux"):
        return "whether it is right by the world's time was not asked"
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
    if state == UNSYNCHRONISED or state < 0:
        return "the kernel knows of no NTP service that keeps it right (in a container, look at the host)"
    return "the kernel says that NTP keeps it right"


def about_disk(folder: Path, on_sqlite: bool) -> Iterator[Finding]:
    state = disk_state(folder)
    yield well("disk", "room enough") if state == OK else wrong("disk", f"{state}: make room in {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong("data folder", f"{folder} can't be written to by this user: give it to the user that serves")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o007:  # whether a group is to read along is for whoever set it up
        yield wrong("data folder", f"{folder} has mode {mode:o}, so every user of this machine can read what customers "
                    f"wrote: chmod 700 {folder}")  # fmt: skip
        return
    kind = filesystem_of(folder, _mounts())
    if kind in NETWORKED and on_sqlite:
        yield wrong("data folder", f"{folder} is on a network share ({kind}), where SQLite's locks do not hold: move it "
                    "to a local disk, or use PostgreSQL")  # fmt: skip
    else:
        yield well("data folder", f"{folder}{f', on {kind}' if kind else ''}")


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(errors="replace")
    except OSError:
        return ""


def filesystem_of(folder: Path, mounts: str) -> str | None:
    """The type of the file system that holds `folder`, by the lines of /proc/self/mounts; the longest mount point wins."""
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(parts[1].replace("\\040", " "))
        if folder.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = (len(point.parts), parts[2])
    return best[1] if best else None
