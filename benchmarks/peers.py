"""Other projects on the same server, from the package index in pinned versions, in a venv that is gone afterwards."""

from __future__ import annotations

import importlib.metadata
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.bodies import TEXTS, form_requests, isso_requests
from benchmarks.servers import Serving, application
from tests.conftest import REPOSITORY
from tests.proofs.installation import ORIGIN

INSTALL_SECONDS = 300
ISSO = "isso==0.14.0"
DJANGO_SURVEY = ("django-survey-and-report==1.5.0", "django==5.2.19")


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


@contextmanager
def django_survey(folder: Path) -> Iterator[tuple[Serving, list[str]]]:
    """django-survey-and-report: the POST of a survey of three questions, which it answers with a redirect to its thanks."""
    home = folder / "django-survey"
    home.mkdir()
    python, baselines = _venv(home, *DJANGO_SURVEY), REPOSITORY / "benchmarks" / "baselines"
    settings = {"BENCH_DATABASE": str(home / "survey.db"), "BENCH_ORIGIN": ORIGIN, "BENCH_SECRET": secrets.token_hex(32)}
    made = subprocess.run(
        [python, str(baselines / "django_survey.py")],
        env=os.environ | settings, capture_output=True, text=True, timeout=INSTALL_SECONDS,
    )  # fmt: skip
    if made.returncode:
        raise NotHere(f"django-survey-and-report could not make its database: {made.stderr.strip()[-200:]}")
    survey, mood, comment, contact = json.loads(made.stdout)
    token = "a" * 32  # as its cookie and its form carry it
    said = [
        {"csrfmiddlewaretoken": token, f"question_{mood}": str(number % 5 + 1), f"question_{comment}": text}
        | ({f"question_{contact}": f"person{number}@mail.example"} if number % 3 == 0 else {})
        for number, text in enumerate(TEXTS * 5)
    ]
    with application(python, "django_survey:app", home, PYTHONPATH=str(baselines), **settings) as serving:
        yield serving, form_requests(f"/survey/{survey}/", said, f"csrftoken={token}")


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
PEERS: dict[str, Peer] = {"Isso": isso, "django-survey-and-report": django_survey}
