"""Names, sizes and places of files: what reviewers forget to look at."""

from __future__ import annotations

import re

from tests.structure.source import modules, named, tracked
from widget_server.config import _default_surveys
from widget_server.routing.rulebook import load_rulebook
from widget_server.surveys.library import read_library

LONGEST = 400
SAYING_NOTHING = {"utils", "util", "helpers", "common", "constants", "services", "managers", "misc"}
SOURCE = (".py", ".ts", ".css", ".html", ".sh")
"""Code and what is shown; lists of words (the cues) may be as long as they are."""
GENERATED = ("widget_server/static/widget/", "widget_server/migrations/versions/", "vendor/")
PICTURES = (".png", ".jpg", ".ico")
MACHINE = re.compile(r"/root/|/home/[a-z]+/")


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        named(path): lines
        for path in tracked()
        if path.suffix in SOURCE or path.name == "dev"
        if not any(part in named(path) for part in GENERATED)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in tracked() if path.stem in SAYING_NOTHING] == []


def test_every_module_opens_with_its_place() -> None:
    silent = [named(path) for path in modules() if (text := path.read_text(encoding="utf-8").strip()) and text[:3] != '"""']
    assert silent == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    told = [
        f"{named(path)}: {found.group()}"
        for path in tracked()
        if path.suffix not in PICTURES and path.name != "test_files.py"
        if (found := MACHINE.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert told == []


def test_every_survey_file_and_the_routing_load() -> None:
    folder = _default_surveys()
    keys = {entry.key for entry in read_library(folder)}
    assert keys >= {"feedback", "checkout-exit", "long-dwell"}
    load_rulebook(folder / "routing.yaml")
