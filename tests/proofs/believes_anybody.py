"""The server with its guard taken out on purpose: it believes the left-most address of X-Forwarded-For.

The proof of limits must notice. Runs as the command line does: `python -m tests.proofs.believes_anybody serve`.
"""

from __future__ import annotations

from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from tests.proofs.breaking import take_out
from widget_server.cli import main


def _left_most(_self: ProxyFix, trusted: int, value: str | None) -> Any:
    return value.split(",")[0].strip() if trusted and value else None


def believe_anybody() -> None:
    take_out(ProxyFix, "_get_real_value", _left_most)


if __name__ == "__main__":
    believe_anybody()
    main()
