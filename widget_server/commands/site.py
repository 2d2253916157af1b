"""`widget-server site`: the websites that listen."""

from __future__ import annotations

import click

from widget_server.commands.frame import application, site_of


@click.group()
def site() -> None:
    """Websites that listen."""


@site.command("add")
@click.argument("name")
@click.option("--key", help="The public key in the script tag; made up if it is left out.")
@click.option("--origin", "origins", multiple=True, help="An origin that may send, such as https://www.example.com.")
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")
@click.option("--language", "languages", multiple=True, default=["en"], help="The first one is the default.")
@click.option("--consent", type=click.Choice(["open", "ask"]), default="open", show_default=True)
def add_site(name: str, key: str | None, origins: list[str], zone: str, languages: list[str], consent: str) -> None:
    """Add a site with the shipped surveys, and print its script tag."""
    from widget_server.config import settings
    from widget_server.database import writing
    from widget_server.recovery.letters import LANGUAGES, known_language
    from widget_server.routing.queries import rulebook
    from widget_server.sites.operations import create_site, ensure_team
    from widget_server.surveys.operations import load_library

    if strange := [code for code in languages if known_language(code, "") not in LANGUAGES]:
        raise click.ClickException(f"No page or mail of ours is in {strange[0]!r}: give one of {', '.join(LANGUAGES)}.")
    with application(), writing():
        made = create_site(
            name, key=key, origins=origins, zone=zone, language=languages[0], languages=languages, consent_mode=consent
        )
        load_library(made, settings().surveys_dir)
        for team, called in rulebook().teams.items():  # whom routing.yaml sends to must be there
            ensure_team(made, team, called)
        tag = f'<script async src="{settings().base_url}/widget.js" data-site="{made.key}"></script>'
    click.echo(tag)


@site.command("list")
def list_sites() -> None:
    """Every site of this installation, with its key."""
    from sqlalchemy import select

    from widget_server.database import db
    from widget_server.sites.models import Site

    with application():
        for found in db.session.scalars(select(Site).order_by(Site.name)):
            click.echo(f"{found.key:20} {found.status:7} {found.name}")


@site.command()
@click.argument("key")
@click.argument("origins", nargs=-1, required=True)
def origin(key: str, origins: tuple[str, ...]) -> None:
    """Let pages of these origins send, beside those that may already."""
    from widget_server.database import writing
    from widget_server.sites.operations import set_origins
    from widget_server.sites.queries import origins_of

    with application(), writing():
        found = site_of(key)
        set_origins(found, [*origins_of(found.id), *origins])
        now = origins_of(found.id)
    click.echo("\n".join(now))


@site.command()
@click.argument("key")
@click.option("--new", is_flag=True, help="Make another one; the old ones go on being believed.")
@click.option("--end-others", is_flag=True, help="Believe only the newest from now on.")
def secret(key: str, new: bool, end_others: bool) -> None:
    """Print the identity secret, with which your own server signs what it says of a visitor."""
    from widget_server.database import writing
    from widget_server.sites.operations import add_key, end_older_keys
    from widget_server.sites.queries import identity_secrets

    with application(), writing():
        found = site_of(key)
        newest = add_key(found, "identity") if new else identity_secrets(found.id)[0]
        if end_others:
            end_older_keys(found, "identity")
    click.echo(newest)


@site.command("explain-link")
@click.argument("key")
@click.argument("address")
@click.option("--days", type=click.FloatRange(0.01, 30), default=2, show_default=True, help="How long it works.")
def explain_link_(key: str, address: str, days: float) -> None:
    """Print the address of one of your pages that says there why each survey shows, or does not."""
    from widget_server.clock import now_ms
    from widget_server.config import settings
    from widget_server.sites.explaining import explain_link, explain_token

    with application():
        token, _ = explain_token(settings().secret_key, site_of(key).key, now_ms(), days)
        click.echo(explain_link(address, token))
