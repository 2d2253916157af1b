"""What the console tells staff before they act, as sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from widget_server.recovery.dates import clock_time, nearness, said
from widget_server.recovery.letters import letters
from widget_server.recovery.lifecycle import Said, apologised_at, needs_authority


def apology_warning(messages: Iterable[Said], now: int, zone: str = "UTC") -> str | None:
    """Known and warned, not forbidden: the sentence in the composer when an apology went out already."""
    at = apologised_at(messages)
    if at is None:
        return None
    today = nearness(at, now, zone) == "today"
    when = f"at {clock_time(at, zone)}" if today else said(letters("en"), at, now, zone)
    return f"An apology went out {when}. A second one can read as insincere."


def authority_warning(*, failures: int | None, severity: int, preventable: bool | None) -> str | None:
    """ "A voucher alone won't mend this one. It is the second failure and it is severe." """
    why = needs_authority(failures=failures, severity=severity, preventable=preventable)
    if not why:
        return None
    listed = why[0] if len(why) == 1 else f"{', '.join(why[:-1])}, and {why[-1]}"
    return f"A voucher alone won't mend this one. {listed[0].upper()}{listed[1:]}."
