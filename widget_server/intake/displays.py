"""Displays: that a survey was shown, started or closed. Counted by the client's own id; may be lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func
from sqlalchemy.dialects import postgresql, sqlite

from widget_server.intake.schemas import DisplayEvent
from widget_server.responses.models import Display

COLUMNS = {"shown": "shown_at", "started": "started_at", "closed": "closed_at"}

_displays = Display.__table__


def _upsert(dialect: Any, column: str) -> Any:
    """The first time that something happened counts."""
    adding = dialect.insert(_displays)
    first = func.coalesce(_displays.c[column], adding.excluded[column])
    return adding.on_conflict_do_update(index_elements=["site_id", "display_id"], set_={column: first})


_statements = {
    name: {column: _upsert(dialect, column) for column in COLUMNS.values()}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def note_displays(connection: Connection, site_id: int, events: Sequence[DisplayEvent], now: int) -> None:
    """Add or complete the rows of a batch, in the order of their ids so that two batches can't lock each other out."""
    for event in sorted(events, key=lambda one: one.display):
        column = COLUMNS[event.kind]
        row = {"site_id": site_id, "display_id": event.display, "survey_key": event.survey}
        row |= {"version": event.version, column: now}
        connection.execute(_statements[connection.dialect.name][column], row)
