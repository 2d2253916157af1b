"""What came with the release: the built widget, the surveys and their routing, the models that read texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from widget_server.checks.analysers import unknown_analysers
from widget_server.checks.finding import Finding, well, wrong
from widget_server.config import Settings
from widget_server.routing.rulebook import WrongRulebook, load_rulebook
from widget_server.scoring.combination import FILE as COMBINATION
from widget_server.surveys.library import check_directory

PACKAGE = Path(__file__).resolve().parent.parent
AGAIN = "install the release again"


def about_shipped(ours: Settings, package: Path = PACKAGE) -> Iterator[Finding]:
    yield _widget(package / "static" / "widget")
    yield _surveys(ours.surveys_dir)
    yield _models(package / "scoring" / "trained", ours.analysers)


def _widget(folder: Path) -> Finding:
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        missing = [name for name in manifest["files"] if not (folder / name).is_file()]
    except (OSError, ValueError, LookupError) as error:
        return wrong("widget", f"its files can't be read ({type(error).__name__} in {folder}): {AGAIN}")
    if missing:
        return wrong("widget", f"{len(missing)} of its files are missing ({', '.join(missing[:3])}): {AGAIN}")
    return well("widget", f"build {manifest['build']}, {len(manifest['files'])} files")


def _surveys(folder: Path) -> Finding:
    try:
        faults = [str(one) for one in check_directory(folder) if one.severity == "error"]
        load_rulebook(folder / "routing.yaml")
    except WrongRulebook as error:
        faults = [*faults, *map(str, error.faults)]
    except OSError as error:
        return wrong("surveys", f"{folder} can't be read ({error.strerror}): look at WIDGET_SURVEYS")
    if faults:
        return wrong("surveys", f"{faults[0]} ({len(faults)} faults in {folder}; 'widget-server surveys check' tells all)")
    return well("surveys", f"those in {folder} are sound")


def _models(folder: Path, chosen: Sequence[str]) -> Finding:
    """The weights, the learned n-grams, a file for each language, and whoever else is to read."""
    if unknown := unknown_analysers(chosen):
        return wrong("models", unknown)
    try:
        json.loads((folder / COMBINATION.name).read_bytes())
        found = sorted(path.stem for path in folder.glob("*.npz") if path.stat().st_size)
    except (OSError, ValueError) as error:
        return wrong("models", f"what reads texts can't be loaded ({type(error).__name__} in {folder}): {AGAIN}")
    if not found:
        return wrong("models", f"there is none in {folder}: {AGAIN}")
    return well("models", f"for {', '.join(found)}")
