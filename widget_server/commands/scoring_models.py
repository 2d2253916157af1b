"""`widget-server scoring fit`, `models`, `use`, `labels`: weights of a site's own; `rescore`, `status`: older responses
read again by them. Hung on the group in `commands/scoring.py`.
"""

from __future__ import annotations

from typing import Any

import click

from widget_server.commands.frame import application, site_of


@click.command()
@click.option("--site", "key", metavar="KEY", help="The site whose labels are fitted to.")
@click.option("--all", "everywhere", is_flag=True, help="Each site in turn, to its own labels.")
@click.option("--dry-run", is_flag=True, help="Show what it would find, and keep nothing.")
@click.option("--force", is_flag=True, help="Use the new weights even where they are not better.")
def fit(key: str | None, everywhere: bool, dry_run: bool, force: bool) -> None:
    """Fit the weights to a site's own labels, cross-validated, and use them where they are better."""
    from sqlalchemy import select

    from widget_server.database import db
    from widget_server.errors import Conflict
    from widget_server.sites.models import Site

    if bool(key) == everywhere:
        raise click.UsageError("Give --site KEY, or --all.")
    with application():
        sites = list(db.session.scalars(select(Site).order_by(Site.key))) if everywhere else [site_of(str(key))]
        for site_id, name in [(site.id, site.key) for site in sites]:
            try:
                _fit(site_id, name, dry_run, force)
            except Conflict as refused:
                if not everywhere:
                    raise
                click.echo(f"{name}: {refused}")


@click.command()
@click.option("--site", "key", metavar="KEY", required=True, help="Whose models.")
def models(key: str) -> None:
    """List a site's models, newest last, with their figures on labels that they were not fitted to."""
    from widget_server.desk.learning import models_of

    with application():
        found = models_of(site_of(key).id)
        mark = "" if any(row.active for row in found) else "  in use"
        click.echo(f"shipped    the weights of the release{mark}")
        for row in found:
            now = "  in use" if row.active else ""
            after = row.figures["after"]
            click.echo(
                f"{row.name:<10} {_day(row.made_at)} by {row.made_by}, {row.labels} labels,"
                f" AUC {after['auc'][0]:.3f}, Brier {after['brier'][0]:.3f}{now}"
            )


@click.command()
@click.argument("name")
@click.option("--site", "key", metavar="KEY", required=True, help="At which site.")
def use(name: str, key: str) -> None:
    """Score by model NAME from the next response on; "shipped" goes back to the weights of the release."""
    from widget_server.accounts.operations import audit
    from widget_server.database import writing
    from widget_server.desk.learning import use_model

    with application():
        site_id = site_of(key).id
        with writing():
            use_model(site_id, name)
            audit("scoring.model_used", user=None, site_id=site_id, subject=name)
        click.echo(f"{key} is scored by {name} from the next response on; older ones follow in the background.")


@click.command()
@click.option("--site", "key", metavar="KEY", required=True, help="Whose responses.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From that day on (UTC); 400 days back unless told.")
def rescore(key: str, since: Any) -> None:
    """Have the worker read older responses again by the model in use, in the background.

    Each gets a new score beside the old one. No case is opened or closed, and nobody is told.
    """
    from datetime import UTC

    from widget_server.clock import now_ms
    from widget_server.database import writing
    from widget_server.scoring.rescoring import HISTORY, begin

    start = int(since.replace(tzinfo=UTC).timestamp() * 1000) if since else now_ms() - HISTORY
    with application():
        site_id = site_of(key).id
        with writing():
            row = begin(site_id, start)
            total, model = row.total, row.model
        if total:
            click.echo(f"{total} responses will be read by {model}: 'scoring status --site {key}' says how far it is.")
        else:
            click.echo(f"All of them were read by {model} already.")


@click.command()
@click.option("--site", "key", metavar="KEY", required=True, help="Which site.")
def status(key: str) -> None:
    """The model in use, the labels so far, and how far rescoring has come."""
    from widget_server.desk.learning import count_flagged_by_rescoring
    from widget_server.scoring.labelling import count_of
    from widget_server.scoring.labels import NEEDED
    from widget_server.scoring.operations import active_weights, scores_as
    from widget_server.scoring.rescoring import newest

    with application():
        site_id = site_of(key).id
        count, last = count_of(site_id), newest(site_id)
        click.echo(f"Model: {scores_as(active_weights(site_id))}")
        click.echo(
            f"Labels: {count.total} of {NEEDED} until own weights"
            f" ({count.yes} needed help, {count.no} needed none, {count.ratings} ratings that count a quarter)"
        )
        if last is None:
            click.echo("Rescoring: none so far")
        else:
            state = "under way" if last.finished_at is None else "ended"
            failed = f", {last.failed} could not be read" if last.failed else ""
            click.echo(f"Rescoring: {last.done} of {last.total} by {last.model}, {state}{failed}")
        click.echo(f"Older responses that would be flagged now: {count_flagged_by_rescoring(site_id)}")


@click.command()
@click.option("--site", "key", metavar="KEY", required=True, help="Which site.")
def labels(key: str) -> None:
    """Write what staff corrected as rows {"id", "text", "lang", "label", "friction"}, for `scoring evaluate`.

    The rows hold what customers wrote: keep the file as you keep the database, and delete it after use.
    """
    import json

    from widget_server.scoring.labelling import corrected_texts

    with application():
        for row in corrected_texts(site_of(key).id):
            click.echo(json.dumps(row, ensure_ascii=False))


COMMANDS = (fit, models, use, rescore, status, labels)


def _fit(site_id: int, key: str, dry_run: bool, force: bool) -> None:
    from widget_server.accounts.operations import audit
    from widget_server.database import writing
    from widget_server.desk.learning import gather, keep_model, learn

    with writing():
        gather(site_id)
    lesson = learn(site_id)
    fitted, count = lesson.fitted, lesson.count
    click.echo(
        f"{key}: {count.total} labels ({count.yes} needed help, {count.no} needed none,"
        f" {count.ratings} ratings that count a quarter)"
    )
    click.echo(table(fitted.figures))
    using = fitted.better or force
    if dry_run:
        click.echo(f"A dry run: nothing was kept. It would {'' if using else 'not '}be used.")
        return
    with writing():
        name = keep_model(site_id, lesson, by="the command line", use=using).name
        audit("scoring.model_made", user=None, site_id=site_id, subject=name, used=using)
    if using:
        click.echo(f"{name} is in use. Back: widget-server scoring use shipped --site {key}")
    else:
        click.echo(f"{name} is kept and not used: it is not surely better. widget-server scoring use {name} --site {key}")


def table(figures: dict[str, Any]) -> str:
    """Before and after on labels that the weights were not fitted to, with 95 % intervals."""
    from widget_server.scoring.fit_figures import NAMES

    lines = [f"{'':<30}{'before':>24}{'after':>24}"]
    for name, words in NAMES.items():
        lines.append(f"{words:<30}{_cell(figures['before'][name]):>24}{_cell(figures['after'][name]):>24}")
    change = figures["brier_change"]
    lines.append(f"n = {figures['n']}, {figures['yes']} of them needed help; intervals hold 95 %, cross-validated")
    moved = f"{change[0]:+.3f} ({change[1]:+.3f} to {change[2]:+.3f})"
    lines.append(f"Brier changes by {moved}; calibration: {figures['calibration']}")
    return "\n".join(lines)


def _cell(value: list[float]) -> str:
    return f"{value[0]:.3f} ({value[1]:.3f}–{value[2]:.3f})"


def _day(ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")
