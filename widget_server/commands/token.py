"""`widget-server token`: bearer tokens for the API."""

from __future__ import annotations

import click

from widget_server.commands.frame import application, site_of


@click.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command("add")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--name", required=True, help="What it is for.")
def add_token(site_key: str, name: str) -> None:
    """Make a token that may read, and print it; it can't be shown again."""
    from widget_server.accounts.tokens import create_api_token
    from widget_server.database import writing

    with application(), writing():
        click.echo(create_api_token(site_of(site_key), name)[1])
