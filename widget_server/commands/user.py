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
    with application(whole=True), writing():
        person = operations.create_user(email, password, name)
        if site_key:
            operations.grant(person, site_of(site_key), role)
    click.echo(f"Password: {password}")


@user.command()
@click.argument("email")
@click.option("--name", default="", help="As customers read it under an answer.")
@click.option("--site", "site_key", help="A site to give a role at.")
@click.option("--role", type=ROLES, default="support", show_default=True)
def invite(email: str, name: str, site_key: str | None, role: str) -> None:
    """Add a member of staff, and print the link by which they choose their password. Again: a new link."""
    from widget_server.accounts import operations
    from widget_server.accounts.queries import user_by_email
    from widget_server.database import writing

    with application(), writing():
        person = user_by_email(email) or operations.create_user(email, None, name or email.partition("@")[0])
        if person.password is not None:
            raise click.ClickException(f"{email} has a password already: 'user reset' makes a link for a new one.")
        if site_key:
            operations.grant(person, site_of(site_key), role)
        link = _link(person.id, "invitation")
    click.echo(link)


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """End somebody's sessions, and print the link by which they choose a new password."""
    from widget_server.accounts.sessions import end_sessions
    from widget_server.database import writing

    with application(), writing():
        person = user_of(email)
        end_sessions(person.id)
        link = _link(person.id, "reset" if person.password else "invitation")
    click.echo(link)


@user.command("two-factor-off")
@click.argument("email")
def two_factor_off(email: str) -> None:
    """Take somebody's second step away, for a lost phone, and end their sessions."""
    from widget_server.accounts.operations import audit
    from widget_server.accounts.second_factor import take_away
    from widget_server.accounts.sessions import end_sessions
    from widget_server.database import writing

    with application(), writing():
        person = user_of(email)
        gone = take_away(person.id)
        end_sessions(person.id)
        audit("two_factor.taken", user=None, site_id=None, subject=person.email[:200])
    click.echo(f"{email} signs in without a second step now." if gone else f"{email} had no second step.")


@user.command("sign-out")
@click.argument("email")
def sign_out(email: str) -> None:
    """End all sessions of somebody, at once."""
    from widget_server.accounts.sessions import end_sessions
    from widget_server.database import writing

    with application(), writing():
        ended = end_sessions(user_of(email).id)
    click.echo(f"Ended: {ended}")


def _link(user_id: int, kind: str) -> str:
    from widget_server.accounts.links import address_of_link, make_link

    lasts = "three days" if kind == "invitation" else "an hour"
    return f"Works once, within {lasts}: {address_of_link(make_link(user_id, kind))}"


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
