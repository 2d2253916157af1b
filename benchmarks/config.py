"""CPU of what every page asks for, a site's config and the widget's files, beside bare WSGI bytes on the same server."""

from __future__ import annotations

import tempfile
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.bodies import BROWSER
from benchmarks.frame import Measured, Row, Size, command, say
from benchmarks.load import Attack, attack, get, quantile
from benchmarks.metering import cpu_seconds, tree
from benchmarks.servers import Serving, baseline, ours
from tests.proofs.installation import installation

MANY = 16
LEAST = 200
"""Requests of a round, however slow the machine: fewer take less CPU than the kernel's clock can tell."""


def measure(size: Size) -> Measured:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="widget-bench-")))
        at = stack.enter_context(installation(size.cold))
        serving = stack.enter_context(ours(at))
        plain = stack.enter_context(baseline("plain", folder / "plain"))
        version = f"/v1/sites/proof/surveys/feedback/{at.versions['feedback']}/en"
        asked: dict[str, tuple[Serving, str]] = {"bare WSGI bytes": (plain, get("/", BROWSER))}
        for name, path in {"config": "/v1/sites/proof/config", "survey": version, "widget.js": "/widget.js"}.items():
            for encoding in ("identity", "gzip", "br"):
                wish = {**BROWSER, "Accept-Encoding": encoding}
                asked[f"{name}, {_coded(at.url + path, encoding)}"] = serving, get(path, wish)
            tag = _tag(at.url + path)
            asked[f"{name}, unchanged (304)"] = serving, get(path, {**BROWSER, "If-None-Match": tag})
        costs = _rounds(asked, size)
    bare = median(cost for cost, _ in costs["bare WSGI bytes"])
    rows: list[Row] = []
    for name, found in costs.items():
        cost = median(cost for cost, _ in found)
        rows.append({"": name, "CPU ms": cost, "× bare": cost / bare, "p99 ms, 16": median(p99 for _, p99 in found)})
    return Measured(rows, ["The log's line for each request is part of ours; the bare bytes write none."])


def _rounds(asked: dict[str, tuple[Serving, str]], size: Size) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for turn in range(size.of(5, 3, 1)):
        say(f"round {turn + 1}")
        for name, (serving, request) in asked.items():
            before = cpu_seconds(tree(serving.pid))
            seconds = size.of(150, 80, 2) / 100
            outcome = attack(Attack(serving.port, [request], 10**6, MANY, most_seconds=seconds, least=LEAST))
            spent = cpu_seconds(tree(serving.pid)) - before
            if outcome.refused_ms or not outcome.done:
                raise RuntimeError(f"{name}: {outcome.statuses}")
            found[name].append((spent / outcome.done * 1000, quantile(outcome.took_ms, 0.99)))
    return found


def _coded(url: str, encoding: str) -> str:
    """How the server answers to this wish: it may know no such coding."""
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": encoding}), timeout=10) as answer:
        coding = answer.headers.get("Content-Encoding", "as it is")
        return f"asked for {encoding}: {coding}, {len(answer.read())} bytes"


def _tag(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.headers["ETag"])


if __name__ == "__main__":
    command("config", measure, __doc__)
