"""Time until web and worker are ready, memory of each, what they cost while nobody comes, and how long `--help` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from benchmarks.bodies import IN_LANGUAGES, requests, requests_in_languages
from benchmarks.frame import Measured, Row, Size, command
from benchmarks.load import Attack, attack
from benchmarks.metering import cpu_seconds, memory, tree
from tests.conftest import REPOSITORY
from tests.proofs.installation import Installation, installation

MOST_WORKER_MB = 180


def measure(size: Size) -> Measured:
    responses = size.of(500, 100, 20)
    quiet = size.of(30, 15, 1)
    web, worker, sizes, idle = [], [], list[dict[str, tuple[float, ...]]](), list[dict[str, float]]()
    for _ in range(size.of(5, 3, 1)):
        with installation(cold=True) as at:
            began = time.monotonic()
            at.start()
            web.append(time.monotonic() - began)
            at.await_health("/readyz", seconds=60)
            worker.append(time.monotonic() - began)
            version = at.versions["feedback"]
            attack(Attack(at.port, requests(version), responses, 8))
            attack(Attack(at.port, requests_in_languages(version), 2 * len(IN_LANGUAGES), 2))
            time.sleep(size.of(2, 1, 0))
            sizes.append(_memory(at))
            idle.append(_idle(at, quiet))
    rows: list[Row] = [{"": "web answers after", "seconds": median(web)}]
    rows += [{"": "all is ready after", "seconds": median(worker)}]
    rows += [{"": "widget-server --help", "seconds": median(_help() for _ in range(size.of(7, 5, 1)))}]
    for name in ("supervisor", "web", "worker", "all"):
        rss, pss, peak = (median(one[name][which] for one in sizes) for which in (0, 1, 2))
        rows.append({"": f"memory of {name}", "RSS MB": rss, "PSS MB": pss, "most RSS MB": peak})
    rows += [
        {"": f"{name}, a second without visitors", "CPU ms": median(one[name] for one in idle)}
        for name in ("web", "worker")
    ]
    worker_mb = median(one["worker"][2] for one in sizes)
    verdict = "within its" if worker_mb <= MOST_WORKER_MB else "ABOVE its"
    return Measured(rows, [
        f"Memory after {responses} responses, and comments in all {len(IN_LANGUAGES) - 1} languages that are read.",
        "RSS counts shared pages for each process, PSS once in all.",
        f"The worker takes at most {worker_mb:.0f} MB of RSS, {verdict} {MOST_WORKER_MB} MB.",
    ])  # fmt: skip


def _memory(at: Installation) -> dict[str, tuple[float, ...]]:
    assert at.process is not None
    found, supervisor = {}, at.process.pid
    for name, pids in {"supervisor": [supervisor], **_children(at), "all": tree(supervisor)}.items():
        used = [memory(pid) for pid in pids]
        sums = (sum(one.rss for one in used), sum(one.pss for one in used), sum(one.peak for one in used))
        found[name] = tuple(round(size, 1) for size in sums)
    return found


def _idle(at: Installation, seconds: float) -> dict[str, float]:
    """CPU milliseconds a second of each child while nobody asks for anything."""
    children = _children(at)
    before = {name: cpu_seconds(pids) for name, pids in children.items()}
    time.sleep(seconds)
    return {name: round(1000 * (cpu_seconds(pids) - before[name]) / seconds, 1) for name, pids in children.items()}


def _children(at: Installation) -> dict[str, list[int]]:
    """All processes of the web and of the worker."""
    return {name: tree(pid) for name, pid in at.children().items()}


def _help() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "widget_server.cli", "--help"], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    command("start", measure, __doc__)
