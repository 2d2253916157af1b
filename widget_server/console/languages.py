"""How a customer's words are marked: their language, and which way they run. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def attributes(code: str | None) -> Markup:
    """`lang` and `dir` for an element that holds somebody's words. A code that isn't one is left out."""
    if code and CODE.fullmatch(code):
        return Markup('lang="{}" dir="auto"').format(code)  # format() escapes
    return Markup('dir="auto"')
