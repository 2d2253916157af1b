"""The documentation as a site: strict, whole, and nothing on it comes from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.docs.guides import pages

ASSET = re.compile(r"<(?:link|script|img|iframe|source)\b[^>]*?(?:src|href)=\"?(?:https?:)?//[^\s\">]+", re.IGNORECASE)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]+)?\)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="mkdocs-material is not installed: './dev setup' brings it")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=100, env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_built_and_found_by_search(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text()
    for page in pages():
        assert (site / f"{page.stem}.html").is_file()
        assert f'"{page.stem}.html"' in index


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    found = {f"{path.name}: {one}" for path in site.glob("*.html") for one in ASSET.findall(path.read_text())}
    assert found == set()
    styles = "".join(path.read_text() for path in site.rglob("*.css"))
    assert re.findall(r"url\(\"?(?:https?:)?//[^)]+", styles) == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_links_of_what_stands_outside_the_site_lead_somewhere(document: str) -> None:
    text = (REPOSITORY / document).read_text()
    broken = [to for to, _ in LINK.findall(text) if "://" not in to and not (REPOSITORY / to).exists()]
    assert broken == []
