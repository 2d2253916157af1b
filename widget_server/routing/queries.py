"""The rulebook that holds here, and when a case is due by it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from widget_server.clock import MINUTE
from widget_server.config import settings
from widget_server.database import db
from widget_server.routing import hours
from widget_server.routing.rulebook import FILE, load_rulebook
from widget_server.routing.rules import Rulebook
from widget_server.sites.models import Site


def rulebook() -> Rulebook:
    """The rulebook of this installation."""
    return load_rulebook(_path(settings().surveys_dir))


@lru_cache(maxsize=16)
def _path(folder: Path) -> Path:
    """The same one each time: to make and hash a path takes longer than to look at the file."""
    return folder / FILE


def due_after(site_id: int, priority: str, start: int, minutes: int) -> int:
    """When this much of the time in which somebody is there has passed since `start`; both in ms since the epoch."""
    kept = rulebook().hours_of(priority)
    return start + minutes * MINUTE if kept is None else hours.due_after(kept, _zone(site_id), start, minutes)


def in_hours(site_id: int, priority: str, moment: int) -> int:
    """The moment itself when somebody is there then, else an hour into the next time that somebody is."""
    kept = rulebook().hours_of(priority)
    if kept is None or hours.is_open(kept, _zone(site_id), moment):
        return moment
    return hours.due_after(kept, _zone(site_id), moment, 60)


def _zone(site_id: int) -> str:
    return db.session.get_one(Site, site_id).zone
