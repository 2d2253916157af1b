"""`widget-server restore`: a backup into an empty place, held to every erasure since."""

from __future__ import annotations

from pathlib import Path

import click

from widget_server.commands.frame import application


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the database that is there.")
@click.option("--erasures", type=click.Path(path_type=Path), help="The journal of erasures of the place that was lost.")
@click.option("--despite-erasures", is_flag=True, help="Also where the key of what was erased is lost: they come back.")
def restore(source: Path, force: bool, erasures: Path | None, despite_erasures: bool) -> None:
    """Put a backup in the place that the settings name, check it, and erase again what was erased since.

    The keys of then go in first: what was erased is told by them alone.
    """
    from widget_server.backup.restoring import restore as put_back

    with application():
        done = put_back(source, force=force, erasures=erasures, despite_erasures=despite_erasures)
    click.echo(f"{done.manifest.rows} rows of {len(done.manifest.tables)} tables, each table as it was saved.")
    if done.upgraded_from:
        click.echo(f"The tables were brought from revision {done.upgraded_from} to this release's.")
    click.echo(f"Erased again: {done.erased_again}.")
    for warning in done.warnings:
        click.echo(f"Mind: {warning}")
    if done.missing_keys:
        click.echo(f"Keys are missing: {', '.join(done.missing_keys)}. Without them contacts and site keys can't be opened.")
    click.echo("What waited to be sent then is sent now, once more if it went out since. Look it over: widget-server doctor")
