"""When a delivery is tried again: a pure answer from how often it was tried. The worker acts on it.

The waits are those of Standard Webhooks (https://www.standardwebhooks.com): ten tries in 75 h 35 min.
"""

from __future__ import annotations

from widget_server.clock import HOUR, MINUTE, SECOND

WAITS = (
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
SPREAD = 0.1
LONGEST_ASKED = 24 * HOUR
"""How far the other side may put a try off: not beyond the longest wait of our own."""


def next_try(tries: int, now: int, jitter: float, asked: int | None = None) -> int | None:
    """When to try again after `tries` failed tries, in ms since the epoch; None when it is enough.

    Args:
        tries: how many were made, 1 or more.
        now: ms since the epoch.
        jitter: 0…1; moves the wait by up to a tenth to either side, so that many do not come back at once.
        asked: how long the other side wants to be left alone, ms; it makes a wait longer, never shorter.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1]
    spread = round(wait * (1 + SPREAD * (2 * jitter - 1)))
    return now + max(spread, min(asked or 0, LONGEST_ASKED))
