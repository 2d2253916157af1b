"""The samples of the guides: JSON is JSON, Python, Node and PHP sign as the server reads, policies hold in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from tests.docs.guides import Block, all_blocks, blocks
from tests.proofs.installation import Installation, installation
from widget_server.clock import now_ms
from widget_server.intake.identity import is_signed

RUN = {"sh", "json", "python", "js", "php", "html", "csp", "ts"}  # ts: tests/widget/test_npm_package.py
DRAWN = {""}
"""Grammar and formulas, which nothing runs."""


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert [str(block) for block in all_blocks() if block.kind not in RUN | DRAWN] == []


@pytest.mark.parametrize("block", all_blocks("json"), ids=str)
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


SECRET = "5f" * 32
VALUES: list[dict[str, object]] = [
    {"reference": "C-1042"},
    {"order": "TA-7Q4K2", "tier": "gold", "value": 418000, "ok": True, "none": None},
    {"name": "Søren Ødegård ขอโทษ 😀", "email": "søren@kunde.example", "tab": "a\tb\n\"c\\/d\u2028\x7f\x01"},
    {"b": 1, "a": {"z": "x", "ø": [1, "two", False], "é": ""}, "B": -5, "😀": 1, "\uffee": 2},
    {},
]
HARNESS = {
    "python": ("import json, sys\n{text}\nfor value in json.load(sys.stdin):\n"
               "    print(sign('{secret}', 'facts', {expires}, value))\n"),
    "js": ("{text}\nconst input = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));\n"
           "for (const value of input) console.log(sign('{secret}', 'facts', {expires}, value));\n"),
    "php": ("<?php\n{text}\nforeach (json_decode(file_get_contents('php://stdin'), true) as $value)\n"
            "    echo sign('{secret}', 'facts', {expires}, $value), \"\\n\";\n"),
}  # fmt: skip
PROGRAMS = {"python": sys.executable, "js": "node", "php": "php"}


def node() -> str | None:
    beside = Path(sys.executable).with_name("node")
    return str(beside) if beside.exists() else shutil.which("node")


@pytest.mark.parametrize("language", HARNESS)
def test_what_your_server_signs_is_believed(language: str, tmp_path: Path) -> None:
    program = node() if language == "js" else shutil.which(PROGRAMS[language])
    if program is None:
        pytest.skip(f"no {language} here")
    sample = next(block for block in blocks("docs/embed.md", language) if "sign(" in block.text)
    expires = now_ms() // 1000 + 3600
    values = VALUES[:-1] if language == "php" else VALUES  # an empty array of PHP is a list
    text = HARNESS[language].replace("{secret}", SECRET).replace("{expires}", str(expires)).replace("{text}", sample.text)
    (tmp_path / "sample").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, tmp_path / "sample"], input=json.dumps(values), capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    for value, sig in zip(values, done.stdout.split(), strict=True):
        assert is_signed("facts", value, sig, [SECRET], now_ms()), value
        assert not is_signed("visitor", value, sig, [SECRET], now_ms())


def test_the_python_of_the_protocol_signs_the_same() -> None:
    import hashlib
    import hmac

    [sample] = blocks("docs/protocol.md", "python")
    names: dict[str, object] = {"json": json, "hmac": hmac, "hashlib": hashlib}
    facts, exp = VALUES[1], now_ms() // 1000 + 60
    exec(sample.text, found := names | {"facts": facts, "exp": exp, "secret": SECRET})
    assert is_signed("facts", facts, found["sig"], [SECRET], now_ms())


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append({"tag": tag, **dict(attributes)})


@pytest.mark.parametrize("block", [block for block in all_blocks("html") if "<script" in block.text], ids=str)
def test_the_tag_is_one_script_with_a_key(block: Block) -> None:
    [tag] = Tags(block.text).found
    assert (tag["tag"], tag["src"], tag["data-site"]) == ("script", "https://feedback.example.com/widget.js", "KEY")
    assert "async" in tag


@pytest.fixture(scope="module")
def served() -> Iterator[Installation]:
    with installation() as at:
        at.start("widget_server.cli", "--no-worker")
        yield at


POLICIES = [block.text.strip() for block in blocks("docs/embed.md", "csp")]
MARKUP = [block.text for block in blocks("docs/embed.md", "html")]
TAGS = [text for text in MARKUP if "<script" in text]
ELEMENTS = "".join(text for text in MARKUP if "<script" not in text)


@pytest.mark.parametrize("policy", POLICIES, ids=["named", "nonce"])
def test_the_policies_let_the_widget_in_and_calls_are_taken(policy: str, served: Installation, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    answer(page, served, policy, TAGS[-1].replace("KEY", "proof"))
    page.goto("https://www.example.com/checkout")
    page.wait_for_function("() => !Array.isArray(window.FeedbackWidget) && window.FeedbackWidget?.explain")
    page.evaluate("() => { window.sig = '1795290000.00'; }")  # what the page's own server would have put there
    for block in blocks("docs/embed.md", "js"):
        if "FeedbackWidget" in block.text:
            page.evaluate(block.text)
    explained = page.evaluate("async () => JSON.stringify(await window.FeedbackWidget.explain())")
    assert "checkout-exit" in explained
    page.locator("[data-feedback-survey] [data-part=step]").wait_for()
    for opener in page.locator("[data-feedback-open]").all():
        opener.click()
        page.locator("[data-part=panel][role=dialog]").wait_for()
        page.keyboard.press("Escape")
        page.locator("[data-part=panel][role=dialog]").wait_for(state="detached")
    context.close()
    unlisted = "403 (Forbidden)"  # the origin is not listed there: what the opened surveys would send is refused
    assert [problem for problem in problems if "favicon" not in problem and unlisted not in problem] == []


def answer(page: Page, served: Installation, policy: str, tag: str) -> None:
    """Both hosts by name, without a network: the shop's page here, the other from the real server."""

    def shop(route: Route) -> None:
        head = f'<title>Shop</title><link rel="icon" href="data:,">{tag}'
        html = f'<!doctype html><html lang="en">{head}<h1>Shop</h1>{ELEMENTS}'
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy + "; img-src data:"})

    def server(route: Route) -> None:
        there = route.request.url.replace("https://feedback.example.com", served.url)
        with suppress(Error):  # a page that closes takes what is under way with it; one that stays open would miss it
            route.fulfill(response=route.fetch(url=there))

    page.route("https://www.example.com/**", shop)
    page.route("https://feedback.example.com/**", server)
