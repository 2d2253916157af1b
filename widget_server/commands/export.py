"""`widget-server export`: responses or cases of a site as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import BinaryIO

import click

from widget_server.commands.frame import application, site_of


@click.command()
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--what", type=click.Choice(("responses", "cases")), default="responses", show_default=True)
@click.option("--format", type=click.Choice(("csv", "xlsx", "json")), default="csv", show_default=True)
@click.option("--since", type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")), help="From this day on, in UTC.")
@click.option("--output", type=click.File("wb"), default="-", help="Where to; a file for XLSX.")
def export(site_key: str, what: str, format: str, since: datetime | None, output: BinaryIO) -> None:
    """Write a site's responses or cases as CSV, XLSX or JSON lines. Never who they are from."""
    from widget_server.accounts.operations import audit
    from widget_server.database import db, writing
    from widget_server.exports import making, records

    if format == "xlsx" and output.isatty():
        raise click.ClickException("A sheet is no text: say where to with --output FILE.xlsx")
    after = int(since.replace(tzinfo=UTC).timestamp() * 1000) if since else 0
    with application():
        site = site_of(site_key)
        wanted = (records.all_responses if what == "responses" else records.all_cases)(site.id, after)
        with writing():
            rows = records.count(wanted)
            audit(f"{what}.exported", user=None, site_id=site.id, subject=format, rows=rows, filters=["since"])
        for piece in making.chunks(site_of(site_key), what, format, wanted):
            output.write(piece)
        db.session.rollback()
