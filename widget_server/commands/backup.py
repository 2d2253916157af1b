"""`widget-server backup`: a copy of all data while it runs."""

from __future__ import annotations

from pathlib import Path

import click

from widget_server.commands.frame import application


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy all data while the server runs, into a new folder or a .tar file.

    The keys are not in it: keep keys.json (or WIDGET_ENCRYPTION_KEYS and WIDGET_SECRET_KEY) in another place, so that a
    stolen copy opens no contact.
    """
    from widget_server.backup.making import back_up

    with application():
        made = back_up(target)
    click.echo(f"{made.rows} rows of {len(made.tables)} tables are in {target}, {made.bytes / 1e6:.1f} MB.")
    click.echo(f"Sealed with the keys {', '.join(made.key_ids)}, which are not in it: keep them apart, and keep them.")
    click.echo("Keep erasures.jsonl of the data folder apart too: a restored backup is held to it.")
