"""`widget-server scoring`: reads texts as the worker would, and measures how well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from widget_server.commands.scoring_models import COMMANDS

BATCH = 256


@click.group()
def scoring() -> None:
    """Read texts as the worker would, measure how well, and learn from a site's own labels."""


for _command in COMMANDS:
    scoring.add_command(_command)


@scoring.command()
@click.argument("source", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@click.option("--analyser", "names", multiple=True, help="Instead of the ensemble; may be given several times.")
def predict(source: IO[str], quiet: bool, names: tuple[str, ...]) -> None:
    """Read rows {"id", "text", "lang"} from SOURCE (standard input), write what each says.

    `lang` may be null or missing: then it is found. A row without a text that can be read is named on standard error,
    answered as unsupported where it has an id, and the command ends with 1 after all others.
    """
    from widget_server.scoring.analysers import ENSEMBLE, UnknownAnalyser, analyser
    from widget_server.scoring.analysis import analyze_all
    from widget_server.scoring.predictions import said

    try:
        chosen = [name for name in names if name == ENSEMBLE or analyser(name)] or [ENSEMBLE]
    except UnknownAnalyser as problem:
        raise click.ClickException(str(problem)) from problem
    done, wrong = 0, 0
    for batch in _batches(source):
        rows = []
        for number, line in batch:
            row, amiss = _row(line)
            if row is not None:
                rows.append(row)
            if amiss:
                wrong += 1
                click.echo(f"line {number}: {amiss}", err=True)
        made = analyze_all([(row["text"], row["lang"]) for row in rows], analysers=chosen, explained=False)
        lines = [json.dumps(said(row["id"], analysis)) for row, analysis in zip(rows, made, strict=True)]
        if lines:
            click.echo("\n".join(lines))
        done += len(rows)
        if not quiet:
            click.echo(f"\r{done} texts", err=True, nl=False)
    if not quiet:
        click.echo("", err=True)
    if wrong:
        raise SystemExit(1)


@scoring.command()
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Say it to a program.")
def evaluate(files: tuple[Path, ...], as_json: bool) -> None:
    """Measure on labelled FILES: rows with "text" and "label" or "friction", and perhaps "lang"."""
    from widget_server.scoring.evaluating import evaluated, read_labelled, table

    try:
        found = [evaluated(path.stem, read_labelled(path)) for path in files]
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(json.dumps(found) if as_json else table(found))


def _batches(source: IO[str]) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    for number, line in enumerate(source, 1):
        if line.strip():
            batch.append((number, line))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _row(line: str) -> tuple[dict[str, Any] | None, str | None]:
    """What is to be answered, if anything, and what is wrong with the line."""
    try:
        row = json.loads(line, strict=False)
    except (ValueError, RecursionError) as problem:
        return None, f"this is no JSON ({problem})"
    if not isinstance(row, dict):
        return None, 'a row is an object with "text"'
    text = row.get("text")
    texts = {name: row[name] if isinstance(row.get(name), str) else None for name in ("text", "lang")}
    asked = {"id": row.get("id"), "text": texts["text"] or "", "lang": texts["lang"]}
    if "text" not in row or not isinstance(text, str | None):
        return asked if "id" in row else None, 'a row is an object with "text"'
    return asked, None
