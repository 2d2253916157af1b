"""`widget-server serve`: one supervisor, under it the web server and the worker, each in a process group of its own.

Whichever dies is started again, ever later while it keeps dying. SIGTERM or Ctrl-C ends both: requests in flight are
answered, the worker finishes its step, and after ten seconds what is left is killed. Should the supervisor itself be
killed, the kernel ends its children, so nobody is left holding the port.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Event
from types import FrameType
from typing import Any

import structlog

from widget_server import holding, logs
from widget_server.bodies import BodyFirst
from widget_server.config import Settings, load_settings

DRAIN_SECONDS = 10
"""How long a stop may take."""
PLACES = 8
"""How many requests are worked on at once."""
BLOCKING_THREADS = 64
"""How many may be on their way in: see `bodies`."""
HEALTHY_SECONDS = 1.0
"""Who lived that long is started again at once when it dies."""
LONGEST_WAIT_SECONDS = 2.0

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15

log = structlog.get_logger("serving")


def web_app(settings: Settings | None = None) -> Callable[..., Any]:
    """The WSGI application as it is served: with the request log outermost."""
    from widget_server.app import create_app

    settings = settings or load_settings()
    logs.configure()
    holding.serve(settings)
    app = create_app(settings)
    inner = BodyFirst(app.wsgi_app, PLACES, app.config["MAX_CONTENT_LENGTH"])
    app.wsgi_app = logs.RequestLog(inner)  # type: ignore[method-assign]
    return app


def serve(settings: Settings, with_worker: bool = True, processes: int = 1) -> None:
    """Run until SIGTERM or SIGINT. Call it in the main thread of a process that has no other threads.

    Args:
        processes: how many web processes share the port. Each counts limits for itself unless they count in Redis.
    """
    logs.configure()
    for module in ("widget_server.app", "granian.server"):
        importlib.import_module(module)  # once, here: a child has them in memory when it starts
    stop = _stop_by_signal()
    web, worker = Child("web", partial(_web, settings, processes)), Child("worker", partial(_worker, settings))
    children = [web, worker] if with_worker else [web]
    print(f"Serving {settings.base_url} on {settings.host}:{settings.port} (Ctrl-C stops it)", flush=True)
    try:
        web.look()
        if with_worker:
            _load_for_worker(stop)
        while not stop.is_set():
            for child in children:
                child.look()
            stop.wait(0.05)
    finally:
        _end(children)


@dataclass
class Child:
    """A process that is to be there, and when it may be started again."""

    name: str
    main: Callable[[], None]
    pid: int | None = None
    born: float = 0.0
    failed: int = 0
    not_before: float = 0.0

    def look(self) -> None:
        """Notice its death; start it when it is time."""
        if self.pid is not None and self.reap():
            log.warning("serving.child_died", child=self.name, again_in=round(self.not_before - time.monotonic(), 2))
        if self.pid is None and time.monotonic() >= self.not_before:
            self.start()

    def start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            _be_child(self.name, parent, self.main)
        self.pid, self.born = pid, time.monotonic()

    def reap(self) -> bool:
        """True when it is dead now."""
        if self.pid is None:
            return True
        pid, _status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return False
        _signal_group(self.pid, signal.SIGKILL)  # what it had started
        now = time.monotonic()
        self.failed = 0 if now - self.born >= HEALTHY_SECONDS else self.failed + 1
        self.not_before = now + wait_before_restart(self.failed)
        self.pid = None
        return True


def wait_before_restart(failed: int) -> float:
    """Seconds, from how often in a row it died young: 0, 0.1, 0.2, 0.4 … 2."""
    return 0.0 if failed == 0 else min(0.1 * 2 ** (failed - 1), LONGEST_WAIT_SECONDS)


def _end(children: list[Child]) -> None:
    """SIGTERM, patience, SIGKILL. The web first stops taking requests while the worker goes on to its step's end."""
    for child in children:
        if child.pid is not None:
            _signal(child.pid, signal.SIGTERM)
    until = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until and not all(child.reap() for child in children):
        time.sleep(0.02)
    for child in children:
        if child.pid is not None:
            log.warning("serving.killed_late", child=child.name)
            _signal_group(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            child.pid = None


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _be_child(name: str, parent: int, main: Callable[[], None]) -> None:
    """The rest of a child's life. Never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        die_with(parent)
        _set_name(f"widget-{name}")
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        log.exception("serving.child_failed", child=name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies. Linux only; elsewhere nothing is asked."""
    if _prctl(PR_SET_PDEATHSIG, signal.SIGKILL) and os.getppid() != parent:
        os._exit(1)  # it died before we asked


def _set_name(name: str) -> None:
    _prctl(PR_SET_NAME, ctypes.create_string_buffer(name.encode()))


def _prctl(option: int, value: Any) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def _web(settings: Settings, processes: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "widget_server.serving:web_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=processes,
        respawn_failed_workers=processes > 1,  # a single one is started again by the supervisor, with all around it
        blocking_threads=BLOCKING_THREADS,
        workers_kill_timeout=DRAIN_SECONDS - 2,
        log_level=LogLevels.error,
        log_access=False,  # ours masks tokens and leaves addresses out
    )
    server.serve(target_loader=partial(_load, settings, os.getpid()), wrap_loader=False)


def _load(settings: Settings, parent: int) -> Callable[..., Any]:
    """In granian's own worker process: what it serves."""
    die_with(parent)
    return web_app(settings)


class _Told(BaseException):
    """SIGTERM came while something long was being done."""


class _Stop(Event):
    impatient = False


def _stop_by_signal() -> _Stop:
    stop = _Stop()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        if stop.impatient:
            raise _Told

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop


def _load_for_worker(stop: _Stop) -> None:
    """Language models take a second or two to load: here once, so that a worker that died is back at once."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no threads before a fork; short texts need none
    try:
        stop.impatient = True
        importlib.import_module("widget_server.worker")
        importlib.import_module("widget_server.scoring.operations").warm_up()
    except _Told:
        log.info("serving.told_early")
    finally:
        stop.impatient = False


def _worker(settings: Settings) -> None:
    from widget_server import worker
    from widget_server.foundation import found_app

    worker.run(found_app(settings))
