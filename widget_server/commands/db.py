"""`widget-server db`: the tables, up and down."""

from __future__ import annotations

import click

from widget_server.commands.frame import application, engine


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to this release."""
    from widget_server.commands.tables import upgrade_tables
    from widget_server.migrations import runner

    with application():
        upgrade_tables(revision)
        click.echo(f"The database is at revision {runner.current(engine())}.")


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to an earlier revision ('base' drops all of them, with what is in them)."""
    from widget_server.commands.tables import downgrade_tables
    from widget_server.migrations import runner

    if revision == "base":
        click.confirm("This deletes everything in the database. Go on?", abort=True)
    with application():
        downgrade_tables(revision)
        click.echo(f"The database is at revision {runner.current(engine()) or 'base'}.")
