"""Each bench runs at its tiniest size and says what it measured; no time is asserted."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.frame import Measured, table, write
from tests import warm
from tests.conftest import REPOSITORY


def run(name: str) -> dict[str, Any]:
    done = warm.run("--tiny", "--json", module=f"benchmarks.{name}", env=os.environ, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("intake", {"widget-server", "Flask echo", "the obvious version"}),
        ("processing", {"score", "all but the score", "20 a second"}),
        ("config", {"bare WSGI bytes", "widget.js, unchanged (304)"}),
        ("start", {"all is ready after", "memory of worker"}),
        ("console", {"without data", "queue", "responses"}),
        ("lag", {"acknowledged", "assessed", "in a case"}),
        pytest.param("widget", {"the page alone", "ours"}, marks=pytest.mark.browser),
    ],
)
def test_a_bench_measures_what_it_names(name: str, rows: set[str]) -> None:
    told = run(name)
    assert rows <= {row[""] for row in told["rows"]}
    assert "cores" in told["machine"]


def test_dev_lists_every_bench() -> None:
    shown = subprocess.run([REPOSITORY / "dev", "bench"], capture_output=True, text=True, check=True).stdout
    named = {line.split()[2] for line in shown.splitlines()}
    assert named == {"all", "config", "console", "intake", "lag", "processing", "scoring", "start", "widget"}


def test_the_last_table_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Benchmarks\n\nWords.\n")
    for value in (1.0, 2.0):
        write("one", Measured([{"": "a", "ms": value}], ["said"]), "machine", readme)
        write("two", Measured([{"": "b", "ms": None}], []), "machine", readme)
    text = readme.read_text()
    assert text.startswith("# Benchmarks\n\nWords.\n")
    assert (text.count("## one"), text.count("## two"), text.count("| a |"), text.count("said")) == (1, 1, 1, 1)
    assert table([{"": "a", "ms": 2.0}]) in text
