"""The commands: people, retention, backup and restore, as somebody types them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import make_app, make_settings
from tests.privacy.conftest import CANARY, ELEANOR, make_place, said_by, with_case
from widget_server.cli import main
from widget_server.clock import DAY, now_ms
from widget_server.config import Settings
from widget_server.database import db, writing

Run = Callable[..., Result]


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    """Eleanor's response of today, with a case, and one without, from two years ago."""
    settings = make_settings(tmp_path)
    app = make_app(settings)
    with app.app_context():
        with writing():
            site = make_place()
            site.key = "ternair"
            with_case(said_by(site, ELEANOR))
            long_ago = now_ms() - 800 * DAY
            said_by(site, None, words="Two years old", received_at=long_ago, updated_at=long_ago)
        db.session.remove()
        db.engine.dispose()
    return settings


@pytest.fixture
def run(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    def typed(*words: object, instance: Path = installation.instance) -> Result:
        monkeypatch.setenv("WIDGET_INSTANCE", str(instance))
        monkeypatch.setenv("WIDGET_SECRET_KEY", installation.secret_key)
        monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", ",".join(installation.encryption_keys))
        return CliRunner().invoke(main, [str(word) for word in words])

    return typed


def test_a_person_is_found_exported_and_erased(run: Run, tmp_path: Path) -> None:
    who = ("--site", "ternair", "--email", ELEANOR)
    assert "1 responses, 1 cases." in run("people", "find", *who).output
    assert run("people", "export", *who, tmp_path / "person.zip").exit_code == 0
    data = json.loads(zipfile.ZipFile(tmp_path / "person.zip").read("data.json"))
    assert CANARY in data["responses"][0]["texts"]["comment"]
    assert "is there already" in run("people", "export", *who, tmp_path / "person.zip").output
    assert "Erased: 1 responses" in run("people", "erase", *who, "--yes").output
    assert "0 responses" in run("people", "find", *who).output
    assert CANARY.encode() not in (tmp_path / "widget.db").read_bytes()


def test_erasing_asks_first_and_wants_exactly_one_way(run: Run) -> None:
    assert run("people", "erase", "--site", "ternair", "--email", ELEANOR).exit_code == 1
    assert "by one of" in run("people", "find", "--site", "ternair").output
    assert "by one of" in run("people", "find", "--site", "ternair", "--email", ELEANOR, "--reference", "x").output
    assert "is not an e-mail address" in run("people", "find", "--site", "ternair", "--email", "nobody").output


def test_what_would_go_is_told_before_it_goes(run: Run) -> None:
    assert "words      365 days          1 would go" in run("retention", "show", "--site", "ternair").output
    assert "words             1 would go" in run("retention", "run", "--dry-run").output
    assert "words             1 went" in run("retention", "run").output
    assert "words             0 would go" in run("retention", "run", "--dry-run").output
    assert "written anew" in run("retention", "sweep").output


def test_days_are_set_by_command_with_a_warning(run: Run) -> None:
    assert "for good" in run("retention", "set", "--site", "ternair", "words", "keep").output
    assert "words      for good" in run("retention", "show", "--site", "ternair").output
    assert run("retention", "set", "--site", "ternair", "words", "soon").exit_code == 1


def test_a_backup_is_put_back_by_command(run: Run, tmp_path: Path) -> None:
    made = run("backup", tmp_path / "saved.tar")
    assert "keep them apart" in made.output
    run("people", "erase", "--site", "ternair", "--email", ELEANOR, "--yes")
    (tmp_path / "elsewhere").mkdir()
    put = run("restore", tmp_path / "saved.tar", "--erasures", tmp_path / "erasures.jsonl", instance=tmp_path / "elsewhere")
    assert "Erased again: 1." in put.output
    assert "--force" in run("restore", tmp_path / "saved.tar").output
