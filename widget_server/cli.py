"""The command line, `widget-server`: sets an installation up, runs it, and looks after it.

Each command imports what it needs when it runs, so that `--help` is quick and `serve` loads no more than it serves.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from widget_server.accounts.models import User
    from widget_server.sites.models import Site


class Commands(click.Group):
    """Turns our own refusals into one sentence, instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        from widget_server.config import WrongSetting
        from widget_server.errors import Refusal

        try:
            return super().invoke(context)
        except (WrongSetting, Refusal) as said:
            raise click.ClickException(str(said)) from said


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Listen to the visitors of your sites, and recover when service failed them."""


@main.command()
def init() -> None:
    """Make the data folder with fresh secrets, once."""
    import os

    from widget_server.config import ensure_keys

    path = ensure_keys(Path(os.environ.get("WIDGET_INSTANCE", "instance")).resolve())
    click.echo(f"Secrets are in {path}: keep a copy where the database's copies are not.")


@main.command()
@click.option("--no-worker", is_flag=True, help="Serve the web only; run 'widget-server worker' elsewhere.")
def serve(no_worker: bool) -> None:
    """Serve the web, with one worker beside it. Ctrl-C stops both."""
    from widget_server import serving
    from widget_server.config import load_settings

    settings = load_settings()
    _refuse_taken_port(settings.host, settings.port)
    serving.serve(settings, with_worker=not no_worker)


@main.command()
def worker() -> None:
    """Process what came in, send what is due, ask what is to be asked. Any number may run."""
    from widget_server import worker as loop

    with _application() as app:
        loop.run(app)


@main.group()
def db() -> None:
    """The database's tables."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to this release."""
    from widget_server.migrations import runner

    with _application():
        runner.upgrade(_engine(), revision)
        click.echo(f"The database is at revision {runner.current(_engine())}.")


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to an earlier revision ('base' drops all of them, with what is in them)."""
    from widget_server.migrations import runner

    if revision == "base":
        click.confirm("This deletes everything in the database. Go on?", abort=True)
    with _application():
        runner.downgrade(_engine(), revision)
        click.echo(f"The database is at revision {runner.current(_engine()) or 'base'}.")


@main.group()
def surveys() -> None:
    """Surveys as files."""


@surveys.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Say it to a program.")
def check(folder: Path | None, as_json: bool) -> None:
    """Read every survey file and routing.yaml, and say what is wrong with which line."""
    from widget_server.config import load_settings
    from widget_server.routing.rulebook import WrongRulebook, load_rulebook
    from widget_server.surveys.library import check_directory, survey_files

    folder = folder or load_settings().surveys_dir
    problems: list[Any] = list(check_directory(folder))
    try:
        load_rulebook(folder / "routing.yaml")
    except WrongRulebook as wrong:
        problems += wrong.faults
    sound = all(getattr(problem, "severity", "error") != "error" for problem in problems)
    if as_json:
        click.echo(json.dumps({"ok": sound, "problems": [asdict(problem) for problem in problems]}))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(survey_files(folder))} surveys and routing.yaml: {'sound' if sound else 'not sound'}.")
    if not sound:
        raise SystemExit(1)


@surveys.command()
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def push(site_key: str, folder: Path | None) -> None:
    """Publish the survey files at a site. What has not changed stays as it is."""
    from widget_server.config import settings
    from widget_server.database import writing
    from widget_server.surveys.operations import load_library

    with _application(), writing():
        for version in load_library(_site(site_key), folder or settings().surveys_dir):
            click.echo(f"{version.title}: version {version.hash}")


@surveys.command()
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def pull(site_key: str, folder: Path) -> None:
    """Write a site's surveys as files into a folder."""
    from widget_server.surveys.operations import export_library

    with _application():
        for path in export_library(_site(site_key), folder):
            click.echo(str(path))


@main.group()
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
    from widget_server.routing.operations import rulebook
    from widget_server.sites.operations import create_site, ensure_team
    from widget_server.surveys.operations import load_library

    with _application(), writing():
        made = create_site(
            name, key=key, origins=origins, zone=zone, language=languages[0], languages=languages, consent_mode=consent
        )
        load_library(made, settings().surveys_dir)
        for team, called in rulebook().teams.items():  # whom routing.yaml sends to must be there
            ensure_team(made, team, called)
        click.echo(f'<script async src="{settings().base_url}/widget.js" data-site="{made.key}"></script>')


@site.command("list")
def list_sites() -> None:
    """Every site of this installation, with its key."""
    from sqlalchemy import select

    from widget_server.database import db
    from widget_server.sites.models import Site

    with _application():
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

    with _application(), writing():
        found = _site(key)
        set_origins(found, [*origins_of(found.id), *origins])
        click.echo("\n".join(origins_of(found.id)))


@main.group()
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
    with _application(), writing():
        person = operations.create_user(email, password, name)
        if site_key:
            operations.grant(person, _site(site_key), role)
    click.echo(f"Password: {password}")


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Give somebody a new password, print it, and end their sessions."""
    from widget_server.accounts import operations
    from widget_server.database import writing

    password = secrets.token_urlsafe(15)
    with _application(), writing():
        operations.set_password(_user(email), password)
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

    with _application(), writing():
        operations.grant(_user(email), _site(site_key), role, team)
    click.echo(f"{email} is {role} at {site_key}.")


@main.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command("add")
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--name", required=True, help="What it is for.")
def add_token(site_key: str, name: str) -> None:
    """Make a token that may read, and print it; it can't be shown again."""
    from widget_server.accounts.tokens import create_api_token
    from widget_server.database import writing

    with _application(), writing():
        click.echo(create_api_token(_site(site_key), name)[1])


@main.command()
@click.option("--no-history", is_flag=True, help="Only the sites and their people, nothing that visitors said.")
def demo(no_history: bool) -> None:
    """Make the demo airline with its people and two weeks of history, once; print where it is and how to sign in."""
    import os

    from widget_server.config import ensure_keys
    from widget_server.migrations import runner

    ensure_keys(Path(os.environ.get("WIDGET_INSTANCE", "instance")).resolve())
    with _application() as app:
        from widget_server.demo import making

        runner.upgrade(_engine())
        click.echo(making.make_demo(app, history=not no_history))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say it to a program.")
def doctor(as_json: bool) -> None:
    """Look at settings, database, disk, worker and mail, and say what is not as it should be."""
    from widget_server import checkup

    with _application():
        findings = checkup.findings()
    well = all(finding.ok for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": well, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.about:12} {finding.says}")
    if not well:
        raise SystemExit(1)


@contextmanager
def _application() -> Iterator[Flask]:
    from widget_server.app import create_app
    from widget_server.database import db

    app = create_app()
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _engine() -> Engine:
    from widget_server.database import db

    return db.engine


def _site(key: str) -> Site:
    from widget_server.sites.queries import site_by_key

    found = site_by_key(key)
    if found is None:
        raise click.ClickException(f"There is no site with the key {key!r}: 'widget-server site list' shows them.")
    return found


def _user(email: str) -> User:
    from widget_server.accounts.queries import user_by_email

    found = user_by_email(email)
    if found is None:
        raise click.ClickException(f"There is no user with the address {email}.")
    return found


def _refuse_taken_port(host: str, port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror or "it can't be used"
            raise click.ClickException(f"Port {port} on {host}: {why}. Set WIDGET_PORT to another.") from error


if __name__ == "__main__":
    main()
