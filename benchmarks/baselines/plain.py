"""Bytes from memory without any framework: what serving a file costs at least on the same server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

BODY = os.urandom(int(os.environ.get("BENCH_BYTES", "2000")) // 2).hex().encode()
HEADERS = [("Content-Type", "text/javascript; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]
