"""`widget-server retention`: how long a site keeps what, and what would go now."""

from __future__ import annotations

import click

from widget_server.commands.frame import application, site_of


@click.group()
def retention() -> None:
    """How long a site keeps what; what would go, and letting it go."""


@retention.command("show")
@click.option("--site", "site_key", required=True, help="The site's key.")
def show(site_key: str) -> None:
    """What is kept for how long, and how many rows would go now. Changes nothing."""
    from widget_server.clock import now_ms
    from widget_server.privacy.periods import PERIODS
    from widget_server.privacy.retention import due_counts, keeping_of

    with application():
        site = site_of(site_key)
        kept, due = keeping_of(site.id), due_counts(site.id, now_ms())
    for period in PERIODS:
        days = kept.days[period.kind]
        time = f"{days} days" if days else "for good"
        click.echo(f"{period.kind:10} {time:10} {due[period.kind]:8} would go   {period.title}")


@retention.command("set")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.argument("kind")
@click.argument("days")
def set_period(site_key: str, kind: str, days: str) -> None:
    """Keep KIND for DAYS from now on; 0 or 'keep' is for good."""
    from widget_server.accounts.operations import audit
    from widget_server.database import writing
    from widget_server.privacy.periods import KINDS, MOST_DAYS, PERIODS, read_days
    from widget_server.privacy.retention import set_days

    wanted = read_days(days)
    if kind not in KINDS or wanted is None:
        raise click.ClickException(f"Say one of {', '.join(KINDS)}, and days from 0 (for good) to {MOST_DAYS}.")
    with application(), writing():
        site = site_of(site_key)
        set_days(site.id, kind, wanted)
        audit("retention.changed", user=None, site_id=site.id, subject=kind, days=wanted)
    period = next(one for one in PERIODS if one.kind == kind)
    click.echo(f"{period.title}: {f'{wanted} days. {period.says}' if wanted else f'for good. {period.kept}'}")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def run_now(dry_run: bool) -> None:
    """Let go of what is due, at every site. The worker does it each hour."""
    from sqlalchemy import select

    from widget_server.clock import now_ms
    from widget_server.database import db
    from widget_server.privacy import retention as work
    from widget_server.privacy.sweeping import sweep
    from widget_server.sites.models import Site

    with application():
        gone: dict[str, int] = {}
        if dry_run:
            for site_id in db.session.scalars(select(Site.id)).all():
                for kind, count in work.due_counts(site_id, now_ms()).items():
                    gone[kind] = gone.get(kind, 0) + count
        else:
            gone = work.run()
            sweep()
    verb = "would go" if dry_run else "went"
    click.echo("\n".join(f"{kind:10} {count:8} {verb}" for kind, count in gone.items()))


@retention.command("sweep")
def sweep_now() -> None:
    """Write the database anew, so that no trace of erased bytes is left in its files. Holds writers up meanwhile."""
    from widget_server.privacy.sweeping import sweep

    with application():
        click.echo(sweep(vacuum=True))
