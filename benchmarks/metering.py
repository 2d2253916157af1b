"""What a server costs: the CPU seconds and the memory of a process with all of its children, read from /proc."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Of one process, in MB. `pss` counts what it shares with others by its share, `peak` is the most RSS it ever had."""

    rss: float
    pss: float
    peak: float


def tree(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time so far, of all threads and of children that ended."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(part) for part in after_name[11:15])
    return total / TICKS


def memory(pid: int) -> Memory:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {name: int(size) / 1024 for name, size in re.findall(r"^(\w+): +(\d+) kB", told, re.M)}
    peak = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    most = int(peak[1]) / 1024 if peak else sizes["Rss"]
    return Memory(round(sizes["Rss"], 1), round(sizes["Pss"], 1), round(most, 1))


@contextmanager
def served(
    command: Sequence[str], port: int, folder: Path, path: str = "/", seconds: float = 40.0, **environment: str
) -> Iterator[int]:
    """Run a server in `folder` until the block ends; its process id. Whatever it answers counts as being ready."""
    with open(folder / "server.log", "ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until = time.monotonic() + seconds
        while not answers(port, path):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(f"It does not answer:\n{(folder / 'server.log').read_text()[-3000:]}")
            time.sleep(0.03)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(12)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
