"""`widget-server people`: what there is of one person; find it, hand it out, erase it. Each use is in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from widget_server.commands.frame import application, site_of

if TYPE_CHECKING:
    from widget_server.privacy.finding import Person


def _who(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--receipt", help="The receipt's address, or the number on it.")(command)
    command = click.option("--reference", help="As the site's server signed it.")(command)
    command = click.option("--email", help="The address that they gave.")(command)
    return click.option("--site", "site_key", required=True, help="The site's key.")(command)


@click.group()
def people() -> None:
    """What there is of one person: find, export, erase."""


@people.command("find")
@_who
def find_person(site_key: str, **who: str | None) -> None:
    """List what a person sent."""
    from widget_server.database import writing
    from widget_server.privacy import operations as privacy

    with application():
        person = _person(site_key, who)
        with writing():
            privacy.note_search(person, None)
        for response in person.responses:
            state = "erased" if "erased" in response.context else response.state
            click.echo(f"{_day(response.received_at)}  {response.survey_key:20} {state:12} {response.public_id}")
        click.echo(_sum_of(person))


@people.command("export")
@_who
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def export_person(site_key: str, target: Path, **who: str | None) -> None:
    """Write all that there is of a person into a zip: data.json, and their pictures."""
    from widget_server.database import writing
    from widget_server.privacy import operations as privacy

    if target.exists():
        raise click.ClickException(f"{target} is there already.")
    with application():
        person = _person(site_key, who)
        made, said = privacy.export(person), _sum_of(person)
        target.touch(mode=0o600)  # before it is noted: what can't be written was not handed out
        with writing():
            privacy.note_export(person, None, bytes=len(made))
    target.write_bytes(made)
    click.echo(f"{said} Written to {target}.")


@people.command("erase")
@_who
@click.option("--yes", is_flag=True, help="Don't ask first.")
def erase_person(site_key: str, yes: bool, **who: str | None) -> None:
    """Erase words, contacts, pictures and keys of a person for good; ratings and what was done stay."""
    from widget_server.database import db, writing
    from widget_server.privacy import operations as privacy
    from widget_server.privacy.sweeping import sweep

    with application():
        others: set[str] = set()
        person = _person(site_key, who, others)
        click.echo(_sum_of(person))
        if not yes:
            click.confirm("Erase this for good?", abort=True)
        db.session.rollback()
        with writing():
            done = privacy.erase(_person(site_key, who, others), None)
        click.echo(f"Erased: {done.responses} responses, in {done.cases} cases, and {done.mentions} mentions. {sweep()}")


def _person(site_key: str, who: dict[str, str | None], others: set[str] | None = None) -> Person:
    from widget_server.privacy import operations as privacy

    given = [(by, value) for by, value in who.items() if value]
    if len(given) != 1:
        raise click.ClickException("Say who by one of --email, --reference and --receipt.")
    return privacy.find(site_of(site_key).id, *given[0], others=others)


def _sum_of(person: Person) -> str:
    parts = [f"{len(person.responses)} responses", f"{len(person.cases())} cases"]
    if person.mentions:
        parts.append(f"{len(person.mentions)} mentions of the address by somebody else")
    more = f" {len(person.related)} more are of the same person: look by address or reference." if person.related else ""
    return f"{', '.join(parts)}.{more}"


def _day(ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
