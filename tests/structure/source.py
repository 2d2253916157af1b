"""The source tree as the structure tests read it: parsed, never imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "widget_server"


def tracked() -> list[Path]:
    """Every file of the project: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := REPOSITORY / name).is_file()]


def modules() -> Iterator[Path]:
    """Our own Python files, migrations left out: those are records of the past."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "versions" not in path.parts:
            yield path


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "widget_server":
            yield from (f"widget_server.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{named(path)} imports relatively: say the whole name"
            yield node.module
