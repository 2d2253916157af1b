"""How many cases stand where: in each view, with each team, in each group of due times, and since a page was made."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from widget_server.console.queue_reading import VIEWS, Wanted, conditions, due_group, in_view
from widget_server.database import db
from widget_server.recovery.models import Case
from widget_server.sites.models import Team


@dataclass(frozen=True)
class Counts:
    views: dict[str, int]  # of "mine" the open ones, as the bar and the team lines count
    teams: list[tuple[str, str, int]]  # key, name, open
    next_due: int | None


def counts(site_id: int, user_id: int, now: int) -> Counts:
    """How many stand in each view and with each team, and when the next open one is due."""
    names = [view for view in VIEWS if view != "closed"]
    sums = [func.count().filter(_counted(view, user_id, now)) for view in names]
    nearest = func.min(Case.due).filter(Case.state == "open", Case.due >= now)
    *numbers, next_due = db.session.execute(
        select(*sums, nearest).where(Case.site_id == site_id, Case.state != "closed")
    ).one()
    teams = db.session.execute(
        select(Team.key, Team.name, func.count(Case.id).filter(Case.state == "open"))
        .outerjoin(Case, Case.team_id == Team.id)
        .where(Team.site_id == site_id)
        .group_by(Team.id, Team.key, Team.name)
        .order_by(Team.name)
    ).all()
    return Counts(dict(zip(names, numbers, strict=True)), [tuple(team) for team in teams], next_due)


def _counted(view: str, user_id: int, now: int) -> ColumnElement[bool]:
    asked = in_view(view, user_id, now)
    return asked & (Case.state == "open") if view == "mine" else asked


def size(site_id: int, wanted: Wanted, *, user_id: int, now: int, after_id: int = 0) -> int:
    """How many cases a view holds with its filters; with `after_id`, how many newer than that one."""
    asked = [*conditions(site_id, wanted, user_id, now), Case.id > after_id]
    return db.session.scalar(select(func.count()).select_from(Case).where(*asked)) or 0


def newest_id(site_id: int) -> int:
    """The mark to ask 'anything newer?' from."""
    return db.session.scalar(select(func.max(Case.id)).where(Case.site_id == site_id)) or 0


def group_sizes(site_id: int, wanted: Wanted, *, user_id: int, now: int, zone: ZoneInfo) -> dict[str, int]:
    """How many stand in each group of due times, those not on the page counted."""
    group = due_group(now, zone)
    found = db.session.execute(
        select(group, func.count()).where(*conditions(site_id, wanted, user_id, now)).group_by(group)
    )
    names = ("over", "hour", "today", "later", "rest")
    return {names[n]: count for n, count in found}


def languages(site_id: int) -> list[str]:
    """The languages that this site's cases are in."""
    return list(db.session.scalars(select(Case.language).where(Case.site_id == site_id).distinct().order_by(Case.language)))
