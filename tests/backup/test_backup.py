"""A25: a backup is whole, comes back elsewhere as it was, and what was erased since is erased again."""

from __future__ import annotations

import fcntl
import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.postgres import PostgresServer
from tests.privacy.conftest import CANARY, ELEANOR, make_place, said_by, with_case, with_picture
from tests.visitor.test_erasing import everything
from widget_server import holding
from widget_server.backup import restoring
from widget_server.backup.making import back_up, postgres_address
from widget_server.backup.manifest import count_tables, sha256_of
from widget_server.backup.restoring import restore
from widget_server.config import WrongSetting, settings
from widget_server.database import db, writing
from widget_server.errors import Conflict, Invalid, Unavailable
from widget_server.people.erasures import JOURNAL
from widget_server.privacy import operations as privacy
from widget_server.responses.models import Response

PlaceAt = Callable[..., Flask]


def fill(app: Flask) -> int:
    """Eleanor's response with a case and a picture, and another's. Returns the site's id."""
    with app.app_context(), writing():
        site = make_place()
        first = said_by(site, ELEANOR)
        with_picture(first)
        with_case(first)
        said_by(site, None, words="Nobody was saved")
        site_id: int = site.id
        return site_id


def erase_eleanor(app: Flask, site_id: int) -> None:
    with app.app_context(), writing():
        privacy.erase(privacy.find(site_id, "email", ELEANOR), None)


@pytest.mark.parametrize("name", ["saved", "saved.tar", "saved.tar.gz"])
def test_a_backup_comes_back_elsewhere_row_by_row(place_at: PlaceAt, tmp_path: Path, name: str) -> None:
    first, second = place_at(tmp_path / "first"), place_at(tmp_path / "second", empty=True)
    fill(first)
    with first.app_context():
        made, before = back_up(tmp_path / name), everything()
        db.session.remove()
    with second.app_context():
        done = restore(tmp_path / name)
        assert everything() == before
    assert (done.erased_again, done.missing_keys) == (0, ())
    assert made.tables["responses"].rows == 2


def test_tables_are_counted_without_a_warning(any_app: Flask) -> None:
    with warnings.catch_warnings(), db.engine.connect() as connection:
        warnings.simplefilter("error")
        assert "responses" in count_tables(connection)


def test_what_was_erased_after_the_backup_is_erased_again(place_at: PlaceAt, tmp_path: Path) -> None:
    first, second = place_at(tmp_path / "first"), place_at(tmp_path / "second", empty=True)
    site_id = fill(first)
    with first.app_context():
        back_up(tmp_path / "saved")
    erase_eleanor(first, site_id)
    with second.app_context():
        done = restore(tmp_path / "saved", erasures=tmp_path / "first" / JOURNAL)
        left = everything()
    assert done.erased_again == 1
    assert CANARY not in left
    assert "Nobody was saved" in left
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "second").iterdir())


def test_put_over_a_living_database_it_keeps_that_ones_erasures(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first")
    site_id = fill(app)
    with app.app_context():
        back_up(tmp_path / "saved")
    erase_eleanor(app, site_id)
    (tmp_path / "first" / JOURNAL).unlink()  # the database remembers, too
    with app.app_context():
        with pytest.raises(Conflict, match="--force"):
            restore(tmp_path / "saved")
        assert restore(tmp_path / "saved", force=True).erased_again == 1
        assert CANARY not in everything()


def test_a_backup_that_was_changed_is_refused_before_anything_is_touched(place_at: PlaceAt, tmp_path: Path) -> None:
    first, second = place_at(tmp_path / "first"), place_at(tmp_path / "second", empty=True)
    fill(first)
    with first.app_context():
        back_up(tmp_path / "saved")
    file = tmp_path / "saved" / "widget.db"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with second.app_context(), pytest.raises(Invalid, match="not what was saved"):
        restore(tmp_path / "saved")
    assert not (tmp_path / "second" / "widget.db").exists()


def test_what_is_no_backup_is_said_to_be_none(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first")
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "manifest.json").write_text(json.dumps({"format": "something else"}))
    with app.app_context():
        for source in ("nowhere", "empty", "odd"):
            with pytest.raises(Invalid):
                restore(tmp_path / source, force=True)


@pytest.mark.parametrize("name", ["saved.tar", "saved.tar.gz"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.9])
def test_an_archive_that_was_cut_off_is_said_to_be_cut_off(
    place_at: PlaceAt, tmp_path: Path, name: str, share: float
) -> None:
    app = place_at(tmp_path / "first")
    with app.app_context():
        back_up(tmp_path / name)
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(Invalid, match="not the whole of one"):
            restore(tmp_path / name, force=True)
    assert [path for path in (tmp_path / "first").iterdir() if path.name.startswith(".restore")] == []


def test_of_a_place_without_tables_no_backup_is_made(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first", empty=True)
    with app.app_context(), pytest.raises(Conflict, match=r"nothing to back up: .*widget\.db has no tables"):
        back_up(tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize("content", [b"not a database" * 100, None], ids=["no database", "torn"])
def test_a_database_that_cannot_be_read_is_replaced(place_at: PlaceAt, tmp_path: Path, content: bytes | None) -> None:
    app = place_at(tmp_path / "first")
    site_id = fill(app)
    with app.app_context():
        back_up(tmp_path / "saved")
    erase_eleanor(app, site_id)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    file = tmp_path / "first" / "widget.db"
    file.write_bytes(content or file.read_bytes()[:1000] + b"\xff" * 3000 + file.read_bytes()[4000:])
    with app.app_context():
        with pytest.raises(Conflict, match="--force replaces it"):
            restore(tmp_path / "saved")
        assert restore(tmp_path / "saved", force=True).erased_again == 1  # its journal could be read
        assert CANARY not in everything()


def test_no_older_backup_is_written_over(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first")
    with app.app_context():
        back_up(tmp_path / "saved")
        with pytest.raises(Conflict, match="already"):
            back_up(tmp_path / "saved")


def test_no_key_is_in_a_backup(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first")
    fill(app)
    with app.app_context():
        back_up(tmp_path / "saved")
    settings = app.extensions["widget_settings"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "saved").iterdir())
    assert not any(key.encode() in kept for key in (settings.secret_key, *settings.encryption_keys))
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "saved").iterdir()} == {0o600}


@pytest.fixture
def with_tools(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own pg_dump, wherever the tests' server came from."""
    monkeypatch.setenv("PATH", str(Path(postgres_server.command[0]).parent), prepend=":")


@pytest.mark.usefixtures("with_tools")
def test_on_postgresql_it_goes_by_pg_dump(place_at: PlaceAt, tmp_path: Path, postgres_server: PostgresServer) -> None:
    names = [postgres_server.create(), postgres_server.create()]
    first = place_at(tmp_path / "first", url=postgres_server.url(names[0]))
    second = place_at(tmp_path / "second", empty=True, url=postgres_server.url(names[1]))
    site_id = fill(first)
    with first.app_context():
        back_up(tmp_path / "saved.tar")
    erase_eleanor(first, site_id)
    with second.app_context():
        done = restore(tmp_path / "saved.tar", erasures=tmp_path / "first" / JOURNAL)
        assert len(db.session.scalars(select(Response)).all()) == 2
        assert CANARY not in everything()
        db.session.remove()
    assert done.erased_again == 1


def test_without_pg_dump_it_says_what_to_do(
    place_at: PlaceAt, tmp_path: Path, postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = place_at(tmp_path / "first", url=postgres_empty_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    with app.app_context(), pytest.raises(Unavailable, match="postgresql-client"):
        back_up(tmp_path / "saved")


@pytest.mark.usefixtures("with_tools")
def test_without_pg_restore_nothing_is_dropped(
    place_at: PlaceAt, tmp_path: Path, postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = place_at(tmp_path / "first", url=postgres_empty_url)
    fill(app)
    with app.app_context():
        back_up(tmp_path / "saved")
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(Unavailable, match="postgresql-client"):
            restore(tmp_path / "saved", force=True)
        assert len(db.session.scalars(select(Response)).all()) == 2
        db.session.remove()


@pytest.mark.usefixtures("with_tools")
def test_a_dump_that_can_not_be_read_drops_nothing(place_at: PlaceAt, tmp_path: Path, postgres_empty_url: str) -> None:
    app = place_at(tmp_path / "first", url=postgres_empty_url)
    fill(app)
    with app.app_context():
        back_up(tmp_path / "saved")
        dump, manifest = tmp_path / "saved" / "widget.pgdump", tmp_path / "saved" / "manifest.json"
        dump.write_bytes(b"of a newer PostgreSQL")
        said = json.loads(manifest.read_text()) | {"sha256": sha256_of(dump)}
        manifest.write_text(json.dumps(said))
        with pytest.raises(Unavailable, match="pg_restore refused"):
            restore(tmp_path / "saved", force=True)
        assert len(db.session.scalars(select(Response)).all()) == 2
        db.session.remove()


def test_a_tool_of_another_version_is_told_with_what_to_install(
    place_at: PlaceAt, tmp_path: Path, postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = place_at(tmp_path / "first", url=postgres_empty_url)
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'pg_dump: error: aborting because of server version mismatch' >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    with app.app_context(), pytest.raises(Unavailable, match=r"pg_dump refused: .* client of the server's version"):
        back_up(tmp_path / "saved")


def test_a_password_of_the_database_is_in_no_list_of_processes() -> None:
    address, more = postgres_address("postgresql+psycopg2://wren:s%40crow@db.example:5433/voices?sslmode=require")
    assert (address, more) == ("postgresql://wren@db.example:5433/voices?sslmode=require", {"PGPASSWORD": "s@crow"})


def test_while_a_web_process_or_a_worker_runs_nothing_is_put_in_place(place_at: PlaceAt, tmp_path: Path) -> None:
    app = place_at(tmp_path / "first")
    with app.app_context():
        back_up(tmp_path / "saved")
        for part, how in (("web", fcntl.LOCK_SH), ("worker", fcntl.LOCK_EX)):
            descriptor = holding.open_lock(settings(), part)
            assert holding.locked(descriptor, how)
            with pytest.raises(Conflict, match=f"The {part} process runs .* Stop the server first"):
                restore(tmp_path / "saved", force=True)
            os.close(descriptor)
        with holding.alone(settings()), pytest.raises(WrongSetting, match="can start when it is done"):
            holding.serve(settings())
        restore(tmp_path / "saved", force=True)


@pytest.mark.postgres
def test_on_postgresql_an_open_connection_stops_it(postgres_app: Flask, place_at: PlaceAt, tmp_path: Path) -> None:
    other = place_at(tmp_path / "other", url=postgres_app.extensions["widget_settings"].database_url, empty=True)
    with postgres_app.app_context():
        db.session.execute(text("SELECT 1"))
        with other.app_context(), pytest.raises(Conflict, match="open to this database"), restoring._nobody_else():
            raise AssertionError
        db.session.remove()
        db.engine.dispose()
    with other.app_context(), restoring._nobody_else():
        pass
