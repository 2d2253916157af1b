"""A text as lexicons and models see it: addresses and names masked, words, and the signs between them.

Words are `words.Unit`s, so that a place is a place in the text as it was written. Signs are emoji, emoticons, "!" and
"?": people say as much with them as with words. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

from widget_server.scoring.words import SPACELESS, Unit, fold, units_of

WHOLE = 5_000
"""A longer text is read at its beginning and its end, half of this each, so that no text holds up the worker."""

MASKED = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.])@\w+|[^\s@]{1,64}@[^\s@]{1,255}\.\w+|\brt\b(?=\s*@)", re.IGNORECASE
)
"""As long as an address can be, for a text of nothing but "@a." must not be tried from each of its letters to its end."""
_EMOTICON = re.compile(
    r"(?<![\w/])(?:(?P<good>[:;=8x][-'o^]?[)\]DPp]+|\(:|\^_?\^|<3+|xD+|XD+)"
    r"|(?P<bad>[:;=8>]['-]{0,2}[(\[/\\|]+|\):|:'\(|-_+-|>:\(|</3|:-?[sS@]))(?!\w)"
)
_IN_EMOTICONS = re.compile(r"[:;=8xX^<_>]")
"""What each of them has: a look for it costs a tenth of a look for them."""
_SIGN = re.compile(r"[!?]+|\.{3,}|…")
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{3,}\b")
_PICTURE = re.compile("[\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")


class Sign(NamedTuple):
    name: str  # the emoji itself, ":)", ":(", "!", "!!", "?", "??", "..."
    start: int
    end: int
    weight: float  # −1…1; 0 where it has no leaning


@dataclass(frozen=True)
class Tokens:
    text: str  # as it was written
    masked: str  # addresses and @names blanked, of the same length
    language: str
    units: list[Unit]
    signs: list[Sign]

    @property
    def spaceless(self) -> bool:
        return self.language in SPACELESS

    @cached_property
    def folded(self) -> tuple[str, list[int] | None]:
        return fold(self.masked)

    @property
    def shouted(self) -> float:
        """Share of the letters that stand in words of capitals, 0…1; a text all in capitals says little."""
        shouted = sum(map(len, _CAPITALS.findall(self.masked)))
        return shouted / sum(map(str.isalpha, self.masked)) if shouted else 0.0


def tokens_of(text: str, language: str) -> Tokens:
    """Cut a text of any length and content."""
    text = text if len(text) <= WHOLE else f"{text[: WHOLE // 2]}\n{text[-WHOLE // 2 + 1 :]}"
    masked = MASKED.sub(_blank, text) if _masks(text) else text
    units = [] if language in SPACELESS else units_of(masked, language)
    return Tokens(text, masked, language, units, signs_of(masked))


def signs_of(text: str) -> list[Sign]:
    """Emoji, emoticons and marks, in the order of the text."""
    weights = emoji_weights()
    found = [Sign(_mark(match.group()), *match.span(), 0.0) for match in _SIGN.finditer(text)]
    for match in _EMOTICON.finditer(text) if _IN_EMOTICONS.search(text) else ():
        good = match.lastgroup == "good"
        found.append(Sign(":)" if good else ":(", *match.span(), 0.5 if good else -0.5))
    if not text.isascii():
        found += [
            Sign(match.group(), *match.span(), weights.get(match.group(), 0.0))
            for match in _PICTURE.finditer(text)
        ]
    return sorted(found, key=lambda sign: sign.start) if len(found) > 1 else found


def _masks(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _mark(written: str) -> str:
    if written[0] in ".…":
        return "..."
    kind = "?" if "?" in written else "!"
    return kind if len(written) == 1 else kind * 2 if len(set(written)) == 1 else "?!"


@cache
def emoji_weights() -> dict[str, float]:
    return dict(yaml.safe_load(Path(__file__).with_name("emoji.yaml").read_text("utf-8")))
