"""From nothing to a site with people, by the command line alone, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from click.testing import CliRunner, Result

from tests.conftest import REPOSITORY
from widget_server.cli import main
from widget_server.errors import Unavailable

Run = Callable[..., Result]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("site", "list")`: a command in an installation of its own."""
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path / "instance"))
    if request.param == "postgres":
        monkeypatch.setenv("WIDGET_DATABASE_URL", request.getfixturevalue("postgres_empty_url"))

    def command(*arguments: str, fails: bool = False) -> Result:
        done = CliRunner().invoke(main, arguments)
        assert bool(done.exit_code) == fails, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return command


def test_an_installation_is_set_up_by_five_commands(run: Run, tmp_path: Path) -> None:
    run("init")
    assert "The database is at revision" in run("db", "upgrade").output
    tag = run("site", "add", "My shop", "--key", "shop", "--origin", "https://www.example.com", "--language", "nl").output
    assert tag == '<script async src="http://127.0.0.1:8000/widget.js" data-site="shop"></script>\n'
    assert "Password: " in run("user", "add", "me@example.com", "--site", "shop", "--role", "admin").output
    assert run("token", "add", "--site", "shop", "--name", "reports").output.startswith("wst_")
    assert run("site", "list").output.split() == ["shop", "open", "My", "shop"]
    assert "https://shop.example.com" in run("site", "origin", "shop", "https://shop.example.com").output
    run("user", "grant", "me@example.com", "--site", "shop", "--role", "support", "--team", "payments")
    assert "http://127.0.0.1:8000/console/reset/" in run("user", "reset", "me@example.com").output
    assert "/console/invitation/" in run("user", "invite", "you@example.com", "--site", "shop").output
    assert "had no second step" in run("user", "two-factor-off", "me@example.com").output
    assert "Ended: 0" in run("user", "sign-out", "me@example.com").output


def test_surveys_that_were_pulled_are_pushed_back_as_the_same_versions(run: Run, tmp_path: Path) -> None:
    run("init")
    run("db", "upgrade")
    run("site", "add", "My shop", "--key", "shop")
    first = run("surveys", "push", "--site", "shop").output
    run("surveys", "pull", "--site", "shop", str(tmp_path / "pulled"))
    again = run("surveys", "push", "--site", "shop", str(tmp_path / "pulled")).output
    assert again == first


def test_a_spoiled_survey_is_told_with_file_and_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "routing.yaml").write_text((REPOSITORY / "surveys" / "routing.yaml").read_text())
    (tmp_path / "broken.yaml").write_text("title: {en: Broken}\nlanguages: [en]\nquestoins: []\n")
    assert "broken.yaml:3" in run("surveys", "check", str(tmp_path), fails=True).output
    told = json.loads(run("surveys", "check", str(tmp_path), "--json", fails=True).output)
    assert told["ok"] is False
    assert told["problems"][0]["remedy"]
    assert "sound" in run("surveys", "check", str(REPOSITORY / "surveys")).output


def test_doctor_says_what_is_missing_and_what_to_do(run: Run) -> None:
    run("init")
    run("db", "upgrade")
    told = json.loads(run("doctor", "--json", fails=True).output)
    wrong = {finding["about"]: finding["says"] for finding in told["findings"] if not finding["ok"]}
    assert list(wrong) == ["worker"]
    assert "widget-server serve" in wrong["worker"]


REFUSED = [
    (("user", "add", "me@example.com", "--site", "none"), "There is no site with the key 'none'"),
    (("user", "reset", "nobody@example.com"), "There is no user with the address nobody@example.com."),
    (("site", "add", "Shop", "--origin", "www.example.com"), "is not an origin"),
    (("site", "add", "", "--key", "ww"), "Give the site a name"),
    (("site", "add", "Shop", "--language", "xx-rubbish"), "No page or mail of ours is in 'xx-rubbish': give one of en, nl"),
    (("site", "add", "Shop", "--zone", "Mars/Phobos"), "There is no time zone"),
]


def test_what_cannot_be_is_refused_in_a_sentence(run: Run) -> None:
    run("init")
    run("db", "upgrade")
    said = {command: run(*command, fails=True).output for command, _ in REFUSED}
    assert [command for command, sentence in REFUSED if sentence not in said[command]] == []


def test_what_is_printed_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the commit to fail, nobody would have been shown a token, a link or a tag."""
    run("init")
    run("db", "upgrade")
    run("site", "add", "My shop", "--key", "shop")
    run("user", "add", "me@example.com")
    monkeypatch.setattr("widget_server.database.db.session.commit", _full)
    for command in (
        ("token", "add", "--site", "shop", "--name", "reports"), ("user", "reset", "me@example.com"),
        ("user", "invite", "you@example.com"), ("site", "add", "Other", "--key", "other"),
        ("site", "secret", "shop", "--new"),
        ("site", "origin", "shop", "https://a.example"), ("user", "sign-out", "me@example.com"),
    ):  # fmt: skip
        done = run(*command, fails=True)
        assert done.output == "Error: the disk is full\n"


def _full() -> None:
    raise Unavailable("the disk is full")


def test_a_link_that_explains_leads_to_a_page(run: Run) -> None:
    run("init")
    run("db", "upgrade")
    run("site", "add", "My shop", "--key", "shop")
    assert "no address of a page" in run("site", "explain-link", "shop", "rubbish", fails=True).output
    assert "fw-explain=" in run("site", "explain-link", "shop", "http://localhost:3000/?a=1").output


NOWHERE = [
    ("upgrade", "foo"), ("downgrade", "foo"), ("upgrade", "0001:0002"), ("downgrade", "0005"), ("upgrade", ""),
    ("downgrade", " "),
]  # fmt: skip


def test_a_revision_that_there_is_not_is_told_with_those_that_there_are(run: Run) -> None:
    run("init")
    run("db", "upgrade", "0004")
    for command in NOWHERE:
        said = run("db", *command, fails=True).output
        assert "The database is at 0004; there are base, 0001, 0002" in said
        assert said.count("\n") == 1


def test_over_a_newer_releases_tables_this_one_changes_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init")
    run("db", "upgrade")
    monkeypatch.setattr("widget_server.schema.revisions", lambda: ("0001", "0002"))  # as an older release knows them
    monkeypatch.setattr(ScriptDirectory, "_upgrade_revs", unknown)
    monkeypatch.setattr(ScriptDirectory, "_downgrade_revs", unknown)
    for command in (("upgrade",), ("downgrade", "0001")):
        assert "a newer release's. Install that one, or restore a backup" in run("db", *command, fails=True).output


def unknown(*_: object) -> None:
    raise CommandError("Can't locate revision identified by '0005'")
