"""The fenced blocks of the guides, as tests run them.

`<!-- test: skip, WHY -->` before a block says that it is not run, and why; `<!-- test: background -->` that it goes on
running. Indented blocks (of tabs) count as well.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY

OURS = ("README.md", "docs/index.md", "docs/install.md", "docs/embed.md", "docs/operate.md", "docs/upgrade.md",
        "docs/integrate.md", "docs/protocol.md")  # fmt: skip
"""The guides that are held here; api, webhooks, people and privacy are held by the tests of their features."""
FENCE = re.compile(
    r"(?:^<!-- test: (?P<how>\w+)(?:, (?P<why>[^\n]*?))? -->\n)?"
    r"^(?P<in> *)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=in)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    kind: str
    text: str
    how: str | None = None  # skip | background
    why: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line} {self.kind}"


def blocks(page: str, kind: str | None = None) -> Iterator[Block]:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start("kind")) + 1
        if kind in (None, found["kind"]):
            yield Block(page, line, found["kind"], textwrap.dedent(found["text"]), found["how"], found["why"])


def all_blocks(kind: str | None = None) -> list[Block]:
    return [block for page in OURS for block in blocks(page, kind)]


def pages() -> list[Path]:
    return sorted((REPOSITORY / "docs").glob("*.md"))
