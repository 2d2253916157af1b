"""Who was erased stays erased: marks are matched under the key that made them, and where it is not there, nothing is put."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.backup.test_backup import erase_eleanor, fill
from tests.privacy.conftest import CANARY
from tests.visitor.test_erasing import everything
from widget_server.backup.making import back_up
from widget_server.backup.manifest import read_manifest
from widget_server.backup.matching import Keys, Matching, matching
from widget_server.backup.restoring import restore
from widget_server.config import Settings, new_keys
from widget_server.database import db
from widget_server.errors import Conflict, Invalid
from widget_server.people.erasures import JOURNAL, Mark, read_journal
from widget_server.sealing import secret_id

PlaceAt = Callable[..., Flask]


@pytest.fixture
def saved(place_at: PlaceAt, tmp_path: Path) -> Path:
    """A backup with Eleanor in it, who was erased afterwards."""
    first = place_at(tmp_path / "first")
    site_id = fill(first)
    with first.app_context():
        back_up(tmp_path / "saved")
    erase_eleanor(first, site_id)
    return tmp_path / "saved"


def with_keys(app: Flask, *, secret: bool = True, encryption: bool = True) -> Flask:
    """The same place with keys that 'init' would make there."""
    fresh, ours = new_keys(), app.extensions["widget_settings"]
    if secret:
        ours = replace(ours, secret_key=str(fresh["secret_key"]))
    if encryption:
        ours = replace(ours, encryption_keys=tuple(fresh["encryption_keys"]))  # type: ignore[arg-type]
    app.extensions["widget_settings"] = ours
    return app


def forget_the_key(saved: Path, journal: Path) -> None:
    """As the release before wrote both."""
    said = json.loads((saved / "manifest.json").read_text())
    del said["secret_id"]
    (saved / "manifest.json").write_text(json.dumps(said))
    lines = [json.loads(line) for line in journal.read_text().splitlines() if line]
    journal.write_text("".join(json.dumps({"hmac": line["hmac"], "at": line["at"]}) + "\n" for line in lines))


@pytest.mark.parametrize("encryption", [True, False], ids=["other keys", "another secret key alone"])
def test_under_another_secret_key_nothing_is_put_in_place(
    place_at: PlaceAt, tmp_path: Path, saved: Path, encryption: bool
) -> None:
    second = with_keys(place_at(tmp_path / "second", empty=True), encryption=encryption)
    with second.app_context():
        with pytest.raises(Conflict, match=r"1 erasures were made under another secret key .* keys\.json of then .* first"):
            restore(saved, erasures=tmp_path / "first" / JOURNAL)
        assert db.session.execute(db.text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    assert not (tmp_path / "second" / JOURNAL).exists()


def test_who_has_lost_that_key_for_good_is_told_who_comes_back(place_at: PlaceAt, tmp_path: Path, saved: Path) -> None:
    second = with_keys(place_at(tmp_path / "second", empty=True))
    with second.app_context():
        done = restore(saved, erasures=tmp_path / "first" / JOURNAL, despite_erasures=True)
    assert done.erased_again == 0
    assert "who was erased then is back" in done.warnings[0]
    assert read_journal(tmp_path / "second" / JOURNAL) == read_journal(tmp_path / "first" / JOURNAL)  # for a later restore


def test_an_older_backup_and_journal_still_work_with_a_warning(place_at: PlaceAt, tmp_path: Path, saved: Path) -> None:
    journal = tmp_path / "first" / JOURNAL
    forget_the_key(saved, journal)
    second = place_at(tmp_path / "second", empty=True)
    with second.app_context():
        done = restore(saved, erasures=journal)
        assert CANARY not in everything()
    assert done.erased_again == 1
    assert "of an older release" in done.warnings[0]


def test_a_database_in_place_whose_erasures_are_of_another_key_is_not_replaced(
    place_at: PlaceAt, tmp_path: Path, saved: Path
) -> None:
    (tmp_path / "first" / JOURNAL).unlink()
    app = with_keys(place_at(tmp_path / "first"))
    with app.app_context(), pytest.raises(Conflict, match="1 erasures were made under another secret key"):
        restore(saved, force=True)


@pytest.mark.parametrize("words", ["", "GET /readyz 200\n", '{"event": "worker.started"}\n', '{"hmac": "x", "at": 1}\n'])
def test_a_journal_without_a_line_of_an_erasure_is_refused(
    place_at: PlaceAt, tmp_path: Path, saved: Path, words: str
) -> None:
    (tmp_path / "serve.log").write_text(words)
    with place_at(tmp_path / "second", empty=True).app_context(), pytest.raises(Invalid, match="Not one line"):
        restore(saved, erasures=tmp_path / "serve.log")


def test_backup_and_journal_name_the_secret_key_and_say_nothing_of_it(tmp_path: Path, saved: Path, keys: Settings) -> None:
    secret, journal = keys.secret_key, tmp_path / "first" / JOURNAL
    names = {read_manifest(saved).secret_id, *(mark.secret_id for mark in read_journal(journal).values())}
    assert names == {secret_id(secret)}
    assert secret not in journal.read_text()
    assert secret_id(secret) != secret_id(f"{secret}x")


HERE = Keys("ours", ("k1", "k2"))
RULES = {
    "all are ours": (["ours", "ours"], Keys("ours", ("k1",)), Matching(0, 0)),
    "a line without a key is of the backup's": ([None], Keys("ours", ("k1",)), Matching(0, 0)),
    "and that may be another": ([None], Keys("other", ("k1",)), Matching(1, 0)),
    "an older backup's key is not known": ([None, "ours"], Keys(None, ("k1",)), Matching(0, 1)),
    "but none of its keys is here": ([None, "ours"], Keys(None, ("k9",)), Matching(1, 0)),
    "another key's, whatever the backup's": (["ours", "other"], Keys("ours", ("k1",)), Matching(1, 0)),
    "nothing was erased": ([], Keys("other", ("k9",)), Matching(0, 0)),
}


@pytest.mark.parametrize(("made_with", "saved_with", "found"), RULES.values(), ids=RULES)
def test_which_marks_can_be_matched(made_with: list[str | None], saved_with: Keys, found: Matching) -> None:
    assert matching([Mark(1, key) for key in made_with], saved_with, HERE) == found
