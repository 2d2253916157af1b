"""In front of Flask: the widget's files, site configs and survey files, as bytes made beforehand.

They outnumber submissions a thousand to one, so they never enter Flask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask


class Edge:
    def __init__(self, inner: Callable[..., Iterable[bytes]], app: Flask) -> None:
        self._inner = inner
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._inner(environ, start_response)
