"""The command line, `widget-server`: sets an installation up, runs it, and looks after it.

Groups of commands are `commands/<group>.py`, loaded when they are asked for; each command imports what it needs when it
runs. So `--help` is quick, and `serve` loads no more than it serves.
"""

from __future__ import annotations

import gc
import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import click

from widget_server import counting
from widget_server.commands.frame import application

LOADED_LATER = ("backup", "db", "export", "people", "restore", "retention", "scoring", "site", "surveys", "token", "user")
"""Each is `commands/<name>.py`, with a command or group of that name in it."""


class Commands(click.Group):
    """Loads groups when they are called, and turns our own refusals, and what the world around refuses, into
    one sentence instead of a traceback."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *LOADED_LATER})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in LOADED_LATER:
            found: click.Command = getattr(import_module(f"widget_server.commands.{name}"), name)
            return found
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> object:
        from widget_server.config import WrongSetting
        from widget_server.errors import Refusal

        try:
            return super().invoke(context)
        except (WrongSetting, Refusal) as said:
            raise click.ClickException(str(said)) from said
        except click.ClickException:
            raise
        except Exception as error:
            from widget_server.commands import trouble

            if (sentence := trouble.sentence(error)) is None:
                raise
            raise click.ClickException(sentence) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Listen to the visitors of your sites, and recover when service failed them."""
    gc.set_threshold(10_000, 10, 10)  # what is imported is no garbage: to look through it took a tenth of a start


@main.command()
def init() -> None:
    """Make the data folder with fresh secrets, once."""
    click.echo(f"Secrets are in {_make_place()}: keep a copy where the database's copies are not.")


def _make_place() -> str:
    """The data folder, and secrets in it unless the environment names them. Returns where they are."""
    import os

    from widget_server.config.secrets import BOTH, ensure_folder, ensure_keys, from_environment

    instance = Path(os.environ.get("WIDGET_INSTANCE", "instance")).resolve()
    if not from_environment(os.environ):
        return str(ensure_keys(instance))
    ensure_folder(instance)
    return " and ".join(BOTH)


@main.command()
@click.option("--no-worker", is_flag=True, help="Serve the web only; run 'widget-server worker' elsewhere.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes on the port.")
def serve(no_worker: bool, workers: int) -> None:
    """Serve the web, with one worker beside it. Ctrl-C stops both."""
    from widget_server import serving
    from widget_server.config import WrongSetting, load_settings
    from widget_server.starting import refuse_to_start

    settings = load_settings()
    if workers > 1 and counting.in_memory(settings.limits_url):
        raise WrongSetting(
            f"{workers} web processes would count limits each for itself, and let in {workers} times as many: "
            "set WIDGET_LIMITS_URL to a redis:// address, or leave --workers away"
        )
    refuse_to_start(settings)
    _refuse_taken_port(settings.host, settings.port)
    serving.serve(settings, with_worker=not no_worker, processes=workers)


@main.command()
def worker() -> None:
    """Process what came in, send what is due, ask what is to be asked. Any number may run."""
    import structlog

    from widget_server import logs
    from widget_server import worker as loop
    from widget_server.config import WrongSetting, load_settings
    from widget_server.errors import Refusal
    from widget_server.starting import refuse_to_start

    refuse_to_start(load_settings())
    logs.configure()  # else an error is printed in full, with the customer's words that it was about
    with application() as app:
        try:
            loop.run(app)
        except (WrongSetting, Refusal):
            raise
        except Exception as error:
            structlog.get_logger("worker").exception("worker.failed")
            raise SystemExit(1) from error


@main.command()
@click.option("--no-history", is_flag=True, help="Only the sites and their people, nothing that visitors said.")
def demo(no_history: bool) -> None:
    """Make the demo airline with its people and two weeks of history, once; print where it is and how to sign in."""
    import logging

    from widget_server import logs
    from widget_server.commands.tables import upgrade_tables

    logs.configure(least=logging.WARNING)  # what is done by the way, while the two weeks are lived, is no news
    _make_place()
    with application(whole=True) as app:
        from widget_server.demo import making

        upgrade_tables()
        click.echo(making.make_demo(app, history=not no_history))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say it to a program.")
def doctor(as_json: bool) -> None:
    """Look at settings, database, disk, worker and mail, and say what is not as it should be."""
    from widget_server import checkup

    with application():
        findings = checkup.findings()
    well = all(finding.ok for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": well, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.about:12} {finding.says}")
    if not well:
        raise SystemExit(1)


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
