"""What the world around a command refuses is one sentence that says what to do; a mistake of ours keeps its traceback."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.conftest import REPOSITORY
from tests.postgres import free_port
from tests.privacy.conftest import ELEANOR, make_place, said_by
from widget_server.accounts.models import AuditEntry
from widget_server.cli import main
from widget_server.commands.trouble import sentence
from widget_server.config import Settings
from widget_server.database import db, writing

Fails = Callable[..., str]


@pytest.fixture
def fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Fails:
    """`fails("site", "list")`: the sentence with which a command ends."""
    monkeypatch.setenv("WIDGET_INSTANCE", str(settings.instance))
    monkeypatch.setenv("WIDGET_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", ",".join(settings.encryption_keys))

    def command(*words: object) -> str:
        done: Result = CliRunner().invoke(main, [str(word) for word in words])
        assert isinstance(done.exception, SystemExit), done.exception
        assert (done.exit_code, done.output.count("\n")) == (1, 1), done.output
        return done.output

    return command


def test_postgresql_that_is_away(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    for words in (("site", "list"), ("db", "upgrade"), ("backup", "x.tar"), ("token", "list", "--site", "s")):
        assert "can't be reached" in (said := fails(*words))
        assert "WIDGET_DATABASE_URL" in said


@pytest.mark.postgres
def test_a_database_of_postgresql_that_is_not_there(
    fails: Fails, postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", postgres_empty_url)
    assert "db upgrade" in fails("site", "list")
    monkeypatch.setenv("WIDGET_DATABASE_URL", postgres_empty_url + "x")
    assert "does not exist" in fails("site", "list")


def test_no_tables(fails: Fails) -> None:
    assert "run 'widget-server db upgrade'" in fails("site", "list")


def test_a_damaged_database(fails: Fails, settings: Settings) -> None:
    (settings.instance / "widget.db").write_bytes(b"not a database" * 100)
    assert "restore --force" in fails("site", "list")


def test_a_folder_that_is_not_there(fails: Fails, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/widget.db")
    assert "unable to open" in fails("site", "list")


def test_keys_that_are_no_file(fails: Fails, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WIDGET_SECRET_KEY")
    monkeypatch.delenv("WIDGET_ENCRYPTION_KEYS")
    (tmp_path / "keys.json").mkdir()
    assert "keys.json can't be read" in fails("site", "list")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path / "file" / "place"))
    assert "a part of the path is no folder" in fails("init")


def test_an_export_into_a_folder_that_is_not_there_is_not_noted(app: Flask, fails: Fails, tmp_path: Path) -> None:
    with writing():
        site = make_place()
        said_by(site, ELEANOR)
        key = site.key
    db.session.remove()
    target = tmp_path / "nowhere" / "person.zip"
    said = fails("people", "export", "--site", key, "--email", ELEANOR, target)
    assert f"{target}: No such file or directory. What to do: make the folder first" in said
    assert "export" not in " ".join(db.session.scalars(db.select(AuditEntry.action)))


def test_a_place_that_is_not_to_be_written(app: Flask, fails: Fails, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file: File exists" in fails("backup", tmp_path / "file" / "saved.tar")


def test_a_disk_that_is_full(app: Flask, fails: Fails, settings: Settings) -> None:
    """A limit on what a file may hold, which the kernel refuses as it does a full disk."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-m", "widget_server.cli", "backup", str(settings.instance / "saved.tar")], env=environment,
        capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1, done.stderr


ERRORS = {
    "read-only": (OSError(errno.EROFS, "Read-only file system", "/mnt/x"), "/mnt/x: Read-only file system. What to do:"),
    "forbidden": (PermissionError(errno.EACCES, "Permission denied", "/x"), "as the user that serves"),
    "full": (OSError(errno.ENOSPC, "No space left on device"), "make room"),
    "full, by SQLite": (OperationalError("x", None, sqlite3.OperationalError("database or disk is full")), "make room"),
    "read-only, by SQLite": (sqlite3.OperationalError("attempt to write a readonly database"), "may not write it"),
}
BUGS = (
    ValueError("x"), OSError("x"), BrokenPipeError(errno.EPIPE, "Broken pipe"),
    sqlite3.OperationalError("near SELEC: syntax"),
    IntegrityError("x", None, sqlite3.IntegrityError("CHECK constraint failed: a customer's words")),
)  # fmt: skip


@pytest.mark.parametrize(("error", "said"), ERRORS.values(), ids=ERRORS)
def test_what_is_said_of_an_error(error: Exception, said: str) -> None:
    assert said in (sentence(error) or "")


@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_a_mistake_of_ours_is_none_of_the_worlds(error: Exception) -> None:
    assert sentence(error) is None
