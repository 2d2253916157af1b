"""The server with a schedule of moments instead of hours, for proofs: the same ten tries, the same code."""

from __future__ import annotations

from widget_server.delivery import schedule
from widget_server.webhooks import exchange

schedule.WAITS = (50, 100, 150, 200, 250, 300, 350, 400, 450)  # type: ignore[assignment]
schedule.LONGEST_ASKED = 500
exchange.WHOLE_SECONDS = 0.5

if __name__ == "__main__":
    from widget_server.cli import main

    main()
