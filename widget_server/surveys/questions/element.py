"""A part of the page that somebody pointed at: where it is and what the page calls it. Its words are the page's, so
they are redacted as such; nothing of it is counted, and no condition looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from widget_server.errors import pointer_part
from widget_server.surveys.questions.kind import Cell, Content, Kind
from widget_server.surveys.questions.question import Kept, Question

KINDS = {
    "button": "Button",
    "link": "Link",
    "field": "Field",
    "picture": "Picture",
    "heading": "Heading",
    "frame": "Frame",
    "part": "Part of the page",
}
PARTS = ("selector", "tag", "kind", "name", "rect", "viewport")
WORDS = ("selector", "name")
"""What of it may hold words of the page: gone when the response is erased."""
MOST_SELECTOR, MOST_NAME, FARTHEST = 400, 100, 1_000_000
_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}\Z")


@dataclass(frozen=True)
class Pointed:
    """What was pointed at, to be shown: sizes in CSS pixels of the visitor's window."""

    kind: str
    name: str
    selector: str
    rect: tuple[int, int, int, int]
    viewport: tuple[int, int]

    @property
    def title(self) -> str:
        """'Button “Pay now”', 'Part of the page'."""
        word = KINDS.get(self.kind, KINDS["part"])
        return f"{word} “{self.name}”" if self.name else word

    @property
    def place(self) -> str:
        """'upper left', 'middle', 'below the window': by its middle."""
        x, y, width, height = self.rect
        across, down = (x + width / 2) / self.viewport[0], (y + height / 2) / self.viewport[1]
        if down < 0 or down > 1:
            return "above the window" if down < 0 else "below the window"
        row = "upper" if down < 1 / 3 else "lower" if down > 2 / 3 else ""
        column = "left" if across < 1 / 3 else "right" if across > 2 / 3 else ""
        return f"{row} {column}".strip() or "middle"


class Element(Kind):
    name = "element"
    has_page_words = True

    def facts(self, content: Content) -> tuple[str, ...]:
        return ()

    def fault(self, question: Question, value: Any) -> str | None:
        if not isinstance(value, dict):
            return "An object with selector, tag, kind, rect and viewport is needed."
        for part in value:
            if part not in PARTS:
                return f"/{pointer_part(part)}\tWhat was pointed at has {', '.join(PARTS)}."
        name, tag, kind = value.get("name"), value.get("tag"), value.get("kind")
        if not _is_text(value.get("selector"), MOST_SELECTOR):
            return f"/selector\tA text of 1 to {MOST_SELECTOR} characters is needed."
        if not isinstance(tag, str) or not _TAG.match(tag):
            return "/tag\tThe name of an element is needed."
        if not isinstance(kind, str) or kind not in KINDS:
            return f"/kind\tOne of {', '.join(KINDS)} is needed."
        if name is not None and not _is_text(name, MOST_NAME):
            return f"/name\tA text of 1 to {MOST_NAME} characters is needed."
        return _sizes_fault(value.get("rect"), value.get("viewport"))

    def kept(self, question: Question, value: Any) -> Kept:
        kept = {part: value[part] for part in PARTS if value.get(part) is not None}
        kept |= {"rect": [round(one) for one in value["rect"]], "viewport": [round(one) for one in value["viewport"]]}
        return Kept({question.key: kept})

    def in_words(self, question: Question, value: Any, language: str) -> str:
        pointed = pointed_at(value)
        return f"{pointed.title}, {pointed.place}" if pointed else "Something on the page"

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        pointed = pointed_at(value)
        if pointed is None:
            return None
        return " | ".join(filter(None, (pointed.title, pointed.selector, ",".join(map(str, pointed.rect)))))


def pointed_at(value: Any) -> Pointed | None:
    """What is kept of such an answer, to be shown; None for anything else."""
    if not isinstance(value, Mapping) or "rect" not in value or _sizes_fault(value["rect"], value.get("viewport")):
        return None
    x, y, width, height = value["rect"]
    across, down = value["viewport"]
    kind, name, selector = (str(value.get(part) or "") for part in ("kind", "name", "selector"))
    return Pointed(kind, name, selector, (round(x), round(y), round(width), round(height)), (round(across), round(down)))


def without_words(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with what was pointed at as a place alone."""
    return {
        key: {part: one for part, one in value.items() if part not in WORDS} if pointed_at(value) else value
        for key, value in answers.items()
    }


def _is_text(value: Any, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= most


def _sizes_fault(rect: Any, viewport: Any) -> str | None:
    if not _are_numbers(rect, 4) or rect[2] < 0 or rect[3] < 0:
        return "/rect\tFour numbers are needed: left, top, width and height in pixels."
    if not _are_numbers(viewport, 2) or min(viewport) < 1:
        return "/viewport\tTwo numbers are needed: width and height in pixels."
    return None


def _are_numbers(value: Any, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= FARTHEST for one in value)
    )


ELEMENT = Element()
