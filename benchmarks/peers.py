"""Other projects on the same server, from the package index in pinned versions, in a venv that is gone afterwards."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.bodies import isso_requests
from benchmarks.servers import Serving, application
from tests.proofs.installation import ORIGIN

INSTALL_SECONDS = 300
ISSO = "isso==0.14.0"


class NotHere(Exception):
    """One sentence on why a peer can't be measured here."""


@contextmanager
def isso(folder: Path) -> Iterator[tuple[Serving, list[str]]]:
    """Comments below a page: `POST /new`, its limits and moderation off, SQLite as it sets it up."""
    home = folder / "isso"
    home.mkdir()
    python = _venv(home, ISSO, "setuptools<81")
    (home / "isso.cfg").write_text(
        f"[general]\ndbpath = {home / 'comments.db'}\nhost = {ORIGIN}/\n"
        "[guard]\nenabled = false\n[moderation]\nenabled = false\n"
    )
    settings = {"ISSO_SETTINGS": str(home / "isso.cfg")}
    with application(python, "isso.run:application", home, **settings) as serving:
        yield serving, isso_requests()


def _venv(home: Path, *packages: str) -> str:
    """Its python. With the same granian as ours."""
    python = str(home / "venv" / "bin" / "python")
    server = f"granian=={importlib.metadata.version('granian')}"
    install = [python, "-m", "pip", "install", "-q", server, *packages]
    for step in ([sys.executable, "-m", "venv", str(home / "venv")], install):
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise NotHere(f"{packages[0]} could not be installed within {INSTALL_SECONDS} seconds.") from late
        if done.returncode:
            raise NotHere(f"{packages[0]} could not be installed; is there a network?")
    return python


Peer = Callable[[Path], AbstractContextManager[tuple[Serving, list[str]]]]
PEERS: dict[str, Peer] = {"Isso": isso}
