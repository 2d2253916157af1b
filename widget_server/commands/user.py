"""`widget-server user`: staff, their passwords and roles."""

from __future__ import annotations

import secrets

import click

from widget_server.commands.frame import application, site_of, user_of


@click.group()
def user() -> None:
    """Staff."""


ROLES = click.Choice(["admin", "product", "support", "viewer"])


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="As customers read it under an answer.")
@click.option("--site", "site_key", help="A site to give a role at.")
@click.option("--role", type=ROLES, default="support", show_default=True)
def add_user(email: str, name: str, site_key: str | None, role: str) -> None:
    """Add a member of staff, and print their first password."""
    from widget_server.accounts import operations
    from widget_server.database import writing

    password = secrets.token_urlsafe(15)
    with application(), writing():
        person = operations.create_user(email, password, name)
        if site_key:
            operations.grant(person, site_of(site_key), role)
    click.echo(f"Password: {password}")


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Give somebody a new password, print it, and end their sessions."""
    from widget_server.accounts import operations
    from widget_server.database import writing

    password = secrets.token_urlsafe(15)
    with application(), writing():
        operations.set_password(user_of(email), password)
    click.echo(f"Password: {password}")


@user.command("grant")
@click.argument("email")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--role", type=ROLES, required=True)
@click.option("--team", help="A team's key.")
def grant_role(email: str, site_key: str, role: str, team: str | None) -> None:
    """Give somebody a role at a site, or change it."""
    from widget_server.accounts import operations
    from widget_server.database import writing

    with application(), writing():
        operations.grant(user_of(email), site_of(site_key), role, team)
    click.echo(f"{email} is {role} at {site_key}.")
