"""Tables of another release: who starts is refused in a sentence, who runs says whether it is ready."""

from __future__ import annotations

import json

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from flask import Flask

from tests.postgres import free_port
from widget_server import health, jobs, schema, serving
from widget_server import worker as loop
from widget_server.cli import main
from widget_server.config import Settings
from widget_server.database import db, writing
from widget_server.migrations import runner

OLDER = schema.revisions()[-2]


def stand_at(revision: str | None) -> None:
    with writing():
        db.session.execute(db.text("DELETE FROM alembic_version"))
        if revision is not None:
            db.session.execute(db.text("INSERT INTO alembic_version VALUES (:at)"), {"at": revision})
    db.session.remove()


def test_the_files_of_the_migrations_are_named_by_their_revisions() -> None:
    scripts = reversed(list(ScriptDirectory(str(runner.FOLDER)).walk_revisions()))
    assert schema.revisions() == tuple(script.revision for script in scripts)


READY = {"of this release": (schema.revisions()[-1], 200, "ok"), "of a newer one": ("9999", 200, "ok"),
         "of an older one": (OLDER, 503, "the tables are an older release's"),
         "none": (None, 503, "the database has no tables")}  # fmt: skip


@pytest.mark.parametrize(("revision", "status", "said"), READY.values(), ids=READY)
def test_readiness_looks_at_the_tables(
    any_app: Flask, monkeypatch: pytest.MonkeyPatch, revision: str | None, status: int, said: str
) -> None:
    monkeypatch.setattr(health, "REMEMBERED_SECONDS", 0)
    with writing():
        jobs.beat()
    before = schema.revisions()[-1]
    try:
        stand_at(revision)
        answer = any_app.test_client().get("/readyz")
    finally:
        stand_at(before)
    assert (answer.status_code, json.loads(answer.get_data())["checks"]["database"]) == (status, said)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """What was started, instead of starting it."""
    started: list[str] = []
    monkeypatch.setattr(serving, "serve", lambda *_, **__: started.append("serve"))
    monkeypatch.setattr(loop, "run", lambda *_: started.append("worker"))
    monkeypatch.setattr("widget_server.logs.configure", lambda: None)
    monkeypatch.setenv("WIDGET_INSTANCE", str(settings.instance))
    monkeypatch.setenv("WIDGET_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", ",".join(settings.encryption_keys))
    monkeypatch.setenv("WIDGET_PORT", str(free_port()))
    return started


STARTS = {"older": (OLDER, "widget-server db upgrade"), "newer": ("9999", "newer release's. Install that one"),
          "none": (None, "no tables yet: run 'widget-server db upgrade'")}  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(("revision", "said"), STARTS.values(), ids=STARTS)
def test_nothing_starts_over_the_tables_of_another_release(
    app: Flask, begun: list[str], command: str, revision: str | None, said: str
) -> None:
    stand_at(revision)
    done = CliRunner().invoke(main, [command])
    assert (done.exit_code, begun) == (1, [])
    assert said in done.output
    assert done.output.count("\n") == 1
    stand_at(schema.revisions()[-1])
    assert CliRunner().invoke(main, [command]).exit_code == 0
    assert begun == [command]


def test_a_database_server_that_is_away_is_waited_for(begun: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert CliRunner().invoke(main, ["worker"]).exit_code == 0
    assert begun == ["worker"]
