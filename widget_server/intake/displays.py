"""Displays: that a survey was shown, started or closed. Counted by the client's own id; may be lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from widget_server.intake.schemas import DisplayEvent

COLUMNS = {"shown": "shown_at", "started": "started_at", "closed": "closed_at"}

# The first time that something happened counts.
_statements = {
    column: text(  # columns are our own names
        f"INSERT INTO displays (site_id, display_id, survey_key, version, {column})"  # noqa: S608
        f" VALUES (:site_id, :display_id, :survey_key, :version, :at) ON CONFLICT (site_id, display_id)"
        f" DO UPDATE SET {column} = coalesce(displays.{column}, excluded.{column})"
    )
    for column in COLUMNS.values()
}


def note_displays(connection: Connection, site_id: int, events: Sequence[DisplayEvent], now: int) -> None:
    """Add or complete the rows of a batch, in the order of their ids so that two batches can't lock each other out."""
    for event in sorted(events, key=lambda one: one.display):
        row = {"site_id": site_id, "display_id": event.display, "survey_key": event.survey}
        row |= {"version": event.version, "at": now}
        connection.execute(_statements[COLUMNS[event.kind]], row)
