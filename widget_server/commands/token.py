"""`widget-server token`: bearer tokens for the API."""

from __future__ import annotations

import click

from widget_server.commands.frame import application, site_of

YEAR = 365


@click.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command("add")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--name", required=True, help="What it is for: its name stands in the history of what it does.")
@click.option("--scope", "scopes", multiple=True, default=["read"], help="Repeat it; 'read' is all that names no person.")
@click.option("--days", type=click.IntRange(1, 3650), default=YEAR, show_default=True, help="How long it lasts.")
def add_token(site_key: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token, and print it; it can't be shown again."""
    from widget_server.accounts.tokens import create_api_token
    from widget_server.clock import DAY, now_ms
    from widget_server.database import writing

    with application():
        with writing():
            made = create_api_token(site_of(site_key), name, scopes, now_ms() + days * DAY)[1]
        click.echo(made)  # once it is there: one that was shown and is not would be tried for long


@token.command("list")
@click.option("--site", "site_key", required=True, help="The site's key.")
def list_tokens(site_key: str) -> None:
    """A site's tokens: number, state, last use, scopes, name. Never the token itself."""
    from widget_server.accounts.tokens import tokens_of

    with application():
        for one in tokens_of(site_of(site_key).id):
            used = f"used {_day(one.last_used_at)}" if one.last_used_at else "never used"
            state = _state(one.revoked_at, one.expires_at)
            click.echo(f"{one.id:5} {state:19} {used:16} {' '.join(one.scopes)}  {one.name}")


@token.command("revoke")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.argument("number", type=int)
def revoke(site_key: str, number: int) -> None:
    """End a token at once, by its number in the list."""
    from widget_server.accounts.tokens import revoke_token
    from widget_server.database import writing

    with application():
        with writing():
            ended = revoke_token(site_of(site_key), number).name
        click.echo(f"Ended: {ended}")


def _state(revoked_at: int | None, expires_at: int | None) -> str:
    from widget_server.clock import now_ms

    if revoked_at is not None:
        return f"revoked {_day(revoked_at)}"
    if expires_at is None:
        return "without end"
    return f"{'until' if expires_at > now_ms() else 'expired'} {_day(expires_at)}"


def _day(ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
