"""`widget-server surveys`: the surveys as files, checked, published, written out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from widget_server.commands.frame import application, site_of


@click.group()
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

    with application(), writing():
        published = load_library(site_of(site_key), folder or settings().surveys_dir)
        said = [f"{version.title}: version {version.hash}" for version in published]
    for line in said:
        click.echo(line)


@surveys.command()
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def pull(site_key: str, folder: Path) -> None:
    """Write a site's surveys as files into a folder."""
    from widget_server.surveys.operations import export_library

    with application():
        for path in export_library(site_of(site_key), folder):
            click.echo(str(path))


@surveys.command()
@click.option("--site", "site_key", required=True, help="The site's key.")
@click.option("--days", type=click.FloatRange(0.01, 400), default=90, show_default=True, help="How long it is believed.")
@click.argument("survey_key")
@click.argument("facts", nargs=-1, metavar="NAME=VALUE…")
def link(site_key: str, days: float, survey_key: str, facts: tuple[str, ...]) -> None:
    """Print the address of a survey's own page, with what you know of whoever gets it, signed: room=412."""
    from widget_server.clock import DAY, now_ms
    from widget_server.config import settings
    from widget_server.sites.queries import identity_secrets
    from widget_server.surveys.queries import survey_by_key
    from widget_server.visitor.links import hosted_link

    known = dict(fact.partition("=")[::2] for fact in facts)
    with application():
        site = site_of(site_key)
        if survey_by_key(site.id, survey_key) is None:
            raise click.ClickException(f"{site.key} has no survey '{survey_key}'.")
        expires = (now_ms() + int(days * DAY)) // 1000
        click.echo(hosted_link(settings().base_url, site.key, survey_key, known, identity_secrets(site.id)[0], expires))
