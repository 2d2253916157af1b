"""Processes of ours that start warm: forked from one that has imported all that they are going to.

`widget-server …` spends nearly all of its CPU with importing, and a run of the tests starts it hundreds of times. So
`python -m tests.warm` imports once for each test process, and forks whenever one is asked for: it runs the module as
`python -m` does, with a process id, group, environment, folder and output of its own, and ends as any other. A start in
the cold is held by tests/install (wheel, image) and tests/journeys/test_dev_up.py.

A guard that is taken out on purpose (tests/proofs) must not have been handed on by name to a module that is imported
already: `take_out(…, everywhere=True)` sees to that, and `hold_awake` fails where it did not.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
LENGTH = struct.Struct("!I")
COMMAND_LINE = "widget_server.cli"


# ---- who asks


class Warm:
    """What `subprocess.Popen` is, of a process that was forked for us."""

    def __init__(self, words: list[str], out: int, err: int, env: Mapping[str, str], cwd: Path, own_group: bool) -> None:
        self.args, self.returncode, self._asked = words, None, socket.socket(socket.AF_UNIX)
        self.returncode: int | None
        self._asked.connect(address())
        with open(os.devnull, "rb") as nothing:
            _send(self._asked, words, (nothing.fileno(), out, err), dict(env), str(cwd), own_group)
        self.pid = int(self._line())

    def _line(self) -> bytes:
        """The next number from the one that forks: first the process's id, then what it ended with."""
        said = self._asked.recv(12, socket.MSG_WAITALL)
        if len(said) < 12:
            raise RuntimeError(f"The process that forks is gone; it was to run {self.args}")
        return said

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._asked], [], [], 0)[0]:
            self.returncode = int(self._line())
            self._asked.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not select.select([self._asked], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = Warm | subprocess.Popen[bytes]


def start(*words: str, env: Mapping[str, str], log: IO[bytes], module: str = COMMAND_LINE, cwd: Path = ROOT) -> Warm:
    """`python -m module words …` in a session of its own, both outputs into `log`."""
    return Warm([module, *words], log.fileno(), log.fileno(), env, cwd, own_group=True)


def run(
    *words: str, env: Mapping[str, str], module: str = COMMAND_LINE, cwd: Path = ROOT, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run(…, capture_output=True, text=True)`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = Warm([module, *words], out.fileno(), err.fileno(), env, cwd, own_group=False)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(process.args, code, out.read().decode(), err.read().decode())


def program(path: Path) -> None:
    """Write a program that is `widget-server`, for a shell to call."""
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {__file__} {address()} "$@"\n')
    path.chmod(0o755)


def address() -> str:
    """Where the one that forks for this process listens. It ends when this process does."""
    if not _begun:
        folder = tempfile.TemporaryDirectory(prefix="widget-warm-")
        path = f"{folder.name}/asked"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(path)
        listening.listen(64)
        env = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
        forking = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(listening.fileno())],
            cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[listening.fileno()], env=env | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        listening.close()
        _begun.extend((path, folder, forking))
    return str(_begun[0])


_begun: list[Any] = []


def _send(
    to: socket.socket, words: list[str], streams: tuple[int, int, int], env: dict[str, str], cwd: str, own_group: bool
) -> None:
    asked = json.dumps({"words": words, "env": env, "cwd": cwd, "own_group": own_group}).encode()
    socket.send_fds(to, [LENGTH.pack(len(asked))], streams)
    to.sendall(asked)


def _be_program(where: str, words: list[str]) -> int:
    """For a shell: ask, hand signals on, end as it ends."""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(where)
        _send(asked, [COMMAND_LINE, *words], (0, 1, 2), dict(os.environ), os.getcwd(), False)
        pid = int(asked.recv(12, socket.MSG_WAITALL))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: os.kill(pid, number))
        code = int(asked.recv(12, socket.MSG_WAITALL) or b"1")
        return code if code >= 0 else 128 - code


# ---- the one that forks


def import_all() -> None:
    """What `serve` and its worker, and the commands, import sooner or later. No thread may start by it."""
    import pkgutil
    from importlib import import_module

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import widget_server

    for found in pkgutil.walk_packages(widget_server.__path__, "widget_server.", onerror=lambda name: None):
        if not found.name.startswith("widget_server.migrations"):
            import_module(found.name)
    for name in ("granian.server", "alembic.command", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"):
        import_module(name)
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    import_module("widget_server.scoring.operations").warm_up()


def fork_for_all(listening: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Fork for whoever asks, and tell them how it ended. Returns in each child. When the one that began us is gone, what
    it left running is told to stop."""
    running: dict[int, socket.socket] = {}
    woken, waking = socket.socketpair()
    for end in (woken, waking):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking.fileno())
    while True:
        ready = select.select([listening, 0, woken], [], [])[0]
        if 0 in ready:
            for pid in running:
                os.kill(pid, signal.SIGTERM)
            os._exit(0)
        if woken in ready:
            woken.recv(1000)
        for pid, code in _ended():
            if pid in running:
                _tell(running.pop(pid), code, last=True)
        if listening in ready:
            asking, _ = listening.accept()
            asked, streams = _read(asking)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for one in (listening, woken, waking, asking, *running.values()):
                    one.close()
                return asked, streams
            running[pid] = asking
            _tell(asking, pid)
            for stream in streams:
                os.close(stream)


def _ended() -> list[tuple[int, int]]:
    found = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append((pid, os.waitstatus_to_exitcode(status)))


def _tell(asking: socket.socket, number: int, *, last: bool = False) -> None:
    with suppress(OSError):  # it did not wait for the end
        asking.sendall(b"%12d" % number)
    if last:
        asking.close()


def _read(asking: socket.socket) -> tuple[dict[str, Any], list[int]]:
    head, streams, _flags, _from = socket.recv_fds(asking, LENGTH.size, 3)
    asked = asking.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL)
    return json.loads(asked), list(streams)


def become(asked: dict[str, Any], streams: list[int]) -> None:
    """Be the process that was asked for: run the module as `python -m` would, and end."""
    import runpy
    import warnings

    if asked["own_group"]:
        os.setsid()
    sys.stdout.flush()
    sys.stderr.flush()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    sys.stdin, sys.stdout = _stream(0, "r"), _stream(1, "w")
    sys.stderr = _stream(2, "w", buffering=1, errors="backslashreplace")
    module, *words = asked["words"]
    sys.argv = [module, *words]
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")  # it is imported already, as we want it
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _stream(number: int, mode: str, **options: Any) -> Any:
    return open(number, mode, encoding="utf-8", closefd=False, **options)


def main() -> None:
    if len(sys.argv) > 2 or not sys.argv[1].isdecimal():
        sys.exit(_be_program(sys.argv[1], sys.argv[2:]))
    import gc

    listening = socket.socket(fileno=int(sys.argv[1]))
    import_all()
    gc.collect()
    gc.freeze()
    become(*fork_for_all(listening))


if __name__ == "__main__":
    main()
