"""The application with its guard taken out on purpose: the left-most address, which callers write themselves, is believed.

Prints how many guesses it lets through: `python -m tests.accounts.trusts_the_left FOLDER`. The proof must notice.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.accounts.guesser import guesses_let_through
from tests.conftest import make_app, make_settings
from widget_server import app as application


class TrustsTheLeft:
    def __init__(self, app: Any, **_hops: int) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_FORWARDED_FOR", "unknown").split(",")[0].strip()
        return self.app(environ, start)


if __name__ == "__main__":
    application.ProxyFix = TrustsTheLeft  # type: ignore[assignment,misc]
    print(guesses_let_through(make_app(make_settings(Path(sys.argv[1]), trusted_proxies=1)), 1, rotate="left", tries=8))
