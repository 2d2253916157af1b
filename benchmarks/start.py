"""Time until web and worker are ready, memory of each, and how long `--help` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.bodies import IN_LANGUAGES, requests, requests_in_languages
from benchmarks.frame import Measured, Row, Size, command
from benchmarks.load import Attack, attack
from benchmarks.metering import memory, tree
from tests.conftest import REPOSITORY
from tests.proofs.installation import children_of, installation

MOST_WORKER_MB = 180


def measure(size: Size) -> Measured:
    responses = size.of(500, 100, 20)
    web, worker, sizes = [], [], list[dict[str, tuple[float, ...]]]()
    for _ in range(size.of(5, 3, 1)):
        with installation() as at:
            began = time.monotonic()
            at.start()
            web.append(time.monotonic() - began)
            at.await_health("/readyz", seconds=60)
            worker.append(time.monotonic() - began)
            version = at.versions["feedback"]
            attack(Attack(at.port, requests(version), responses, 8))
            attack(Attack(at.port, requests_in_languages(version), 2 * len(IN_LANGUAGES), 2))
            time.sleep(size.of(2, 1, 0))
            assert at.process is not None
            sizes.append(_memory(at.process.pid))
    rows: list[Row] = [{"": "web answers after", "seconds": median(web)}]
    rows += [{"": "all is ready after", "seconds": median(worker)}]
    rows += [{"": "widget-server --help", "seconds": median(_help() for _ in range(size.of(7, 5, 1)))}]
    for name in ("supervisor", "web", "worker", "all"):
        rss, pss, peak = (median(one[name][which] for one in sizes) for which in (0, 1, 2))
        rows.append({"": f"memory of {name}", "RSS MB": rss, "PSS MB": pss, "most RSS MB": peak})
    worker_mb = median(one["worker"][2] for one in sizes)
    verdict = "within its" if worker_mb <= MOST_WORKER_MB else "ABOVE its"
    return Measured(rows, [
        f"Memory after {responses} responses, and comments in all {len(IN_LANGUAGES) - 1} languages that are read.",
        "RSS counts shared pages for each process, PSS once in all.",
        f"The worker takes at most {worker_mb:.0f} MB of RSS, {verdict} {MOST_WORKER_MB} MB.",
    ])  # fmt: skip


def _memory(supervisor: int) -> dict[str, tuple[float, ...]]:
    groups = {"supervisor": [supervisor]}
    for child in children_of(supervisor):
        groups[Path(f"/proc/{child}/comm").read_text().strip().removeprefix("widget-")] = tree(child)
    found = {}
    for name, pids in {**groups, "all": tree(supervisor)}.items():
        used = [memory(pid) for pid in pids]
        sums = (sum(one.rss for one in used), sum(one.pss for one in used), sum(one.peak for one in used))
        found[name] = tuple(round(size, 1) for size in sums)
    return found


def _help() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "widget_server.cli", "--help"], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    command("start", measure, __doc__)
