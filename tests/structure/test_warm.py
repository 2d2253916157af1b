"""A process that is forked warm is what one that starts cold is: its words, outputs, settings, folder, group and end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import warm

COLD = [sys.executable, "-m", warm.COMMAND_LINE]


@pytest.mark.parametrize("words", [("--help",), ("init",), ("site", "list"), ("nonsense",), ("token", "add", "--name", "é")])
def test_it_says_and_ends_as_one_that_starts_cold(tmp_path: Path, words: tuple[str, ...]) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(warm.ROOT), "LC_ALL": "C.UTF-8"}
    said = []
    for name in ("cold", "warm"):
        folder = tmp_path / name
        folder.mkdir()
        env = environment | {"WIDGET_INSTANCE": str(folder / "instance")}
        if name == "cold":
            done = subprocess.run([*COLD, *words], cwd=folder, env=env, capture_output=True, text=True)
        else:
            done = warm.run(*words, cwd=folder, env=env)
        told = [text.replace(str(folder), "") for text in (done.stdout, done.stderr)]
        said.append((done.returncode, *told, sorted(path.name for path in folder.rglob("*"))))
    assert said[0] == said[1]


def test_it_has_a_group_of_its_own_and_dies_by_a_signal_to_it(tmp_path: Path) -> None:
    with open(tmp_path / "log", "wb") as log:
        process = warm.start("60", module="tests.structure.test_warm", env=os.environ, log=log)
    until = time.monotonic() + 20
    while not (said := (tmp_path / "log").read_text().split()) and time.monotonic() < until:
        time.sleep(0.02)
    assert [int(word) for word in said] == [process.pid] * 2
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(20) == process.returncode == -signal.SIGKILL


if __name__ == "__main__":
    print(os.getpid(), os.getsid(0), flush=True)
    time.sleep(int(sys.argv[1]))
