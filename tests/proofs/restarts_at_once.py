"""The server without its pause for who keeps dying, and with shorter leases: a proof that kills for a living need not
wait for either.

Runs as the command line does: `python -m tests.proofs.restarts_at_once serve`.
"""

from __future__ import annotations

from widget_server import processing, serving
from widget_server.cli import main
from widget_server.clock import SECOND


def serve() -> None:
    serving.HEALTHY_SECONDS, processing.LEASE = 0.0, 3 * SECOND
    main()


if __name__ == "__main__":
    serve()
