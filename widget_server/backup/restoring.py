"""`widget-server restore`: a backup into an empty place, compared with its manifest, and held to every erasure since.

The file is checked before anything is touched, put beside its place and renamed. What stood there is refused without
`force`, and its erasures are carried over: who asked to be forgotten stays forgotten.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from widget_server import desk, holding
from widget_server.backup import making, matching
from widget_server.backup.manifest import (
    Manifest,
    Part,
    count_tables,
    differences,
    read_manifest,
    sha256_of,
    table_names,
)
from widget_server.config import settings
from widget_server.config.secrets import ensure_folder
from widget_server.database import APPLICATION, db, writing
from widget_server.errors import Conflict, Invalid
from widget_server.migrations import runner
from widget_server.people.erasures import JOURNAL, Mark, add_to_journal, erasure_mark, joined, read_journal
from widget_server.people.models import Erasure
from widget_server.privacy.sweeping import sweep
from widget_server.responses.models import Response
from widget_server.sealing import key_id, secret_id

AT_ONCE = 100
OTHERS = f"""SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = '{APPLICATION}' AND pid <> pg_backend_pid()"""  # noqa: S608
ASIDE = "before_restore"
"""The schema that PostgreSQL keeps what stood there in, while another is put in its place."""


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    erased_again: int
    missing_keys: tuple[str, ...]
    upgraded_from: str | None
    warnings: tuple[str, ...] = ()


def restore(
    source: Path, *, force: bool = False, erasures: Path | None = None, despite_erasures: bool = False
) -> Restored:
    """Put a backup in the place that the settings name.

    Args:
        force: replace a database that has rows.
        erasures: a journal of another machine, besides the one beside the database.
        despite_erasures: also where what was erased can't be told with the keys that are here.

    Raises:
        Invalid: it is no backup, was changed, or is of the other kind of database.
        Conflict: there is a database already, the server runs, or erasures were made under another secret key.
    """
    with _unpacked(source) as folder:
        manifest = read_manifest(folder)
        file = _checked(folder, manifest)
        saved, here = matching.Keys(manifest.secret_id, manifest.key_ids), _keys_here()
        marks = _erasures(folder, erasures)
        with _nobody_else():
            in_place, foreign = _marks_in_place()
            marks = joined([marks, in_place])
            _refuse_to_replace(force)
            found = matching.matching((marks | foreign).values(), saved, here)
            if not despite_erasures and (why := matching.refusal(found)):
                raise Conflict(why)
            add_to_journal(settings().instance / JOURNAL, marks)  # should the rest fail, they are not lost
            _put(file, manifest)
            wrong = differences(manifest.tables, _tables_now())
            if wrong:
                raise Invalid(f"What was restored is not what was saved. {'; '.join(wrong[:5])}")
            before = runner.current(db.engine)
            runner.upgrade(db.engine)
            again = erase_again(set(marks))
    missing = tuple(sorted(set(manifest.key_ids) - set(here.key_ids)))
    said = matching.warnings(found, saved, here)
    return Restored(manifest, again, missing, before if before != runner.newest() else None, said)


def erase_again(marks: set[str]) -> int:
    """Erase what a journal names and the database still has. Returns how many responses that were. Own transactions."""
    key = settings().secret_key
    db.session.rollback()
    rows = db.session.execute(select(Response.id, Response.public_id)).yield_per(2_000)
    found = [id for id, public_id in rows if erasure_mark(key, public_id) in marks]
    db.session.rollback()
    again = 0
    for start in range(0, len(found), AT_ONCE):
        with writing():
            for id in found[start : start + AT_ONCE]:
                response = db.session.get_one(Response, id)
                if "erased" not in response.context:
                    desk.erase(response)
                    again += 1
    if again:
        sweep(vacuum=True)
    return again


# Checks ---------------------------------------------------------------------------------------------------------------


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    if not source.is_file():
        raise Invalid(f"{source} is no backup: give the folder or the .tar file that 'widget-server backup' made.")
    ensure_folder(settings().instance)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings().instance) as folder:
        _unpack(source, Path(folder))
        yield Path(folder)


def _unpack(source: Path, folder: Path) -> None:
    """Raises: Invalid, where the archive ends too early or is none; an error of the disk that it goes to as it is."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Invalid(
            f"{source} is no backup, or not the whole of one ({type(error).__name__}): give the folder or the .tar file "
            "that 'widget-server backup' made, and copy it again if it was cut off on its way."
        ) from error


def _checked(folder: Path, manifest: Manifest) -> Path:
    """The file itself, whole and of our kind of database."""
    ours = db.engine.dialect.name
    if manifest.database != ours:
        raise Invalid(f"This backup is of {manifest.database}, and WIDGET_DATABASE_URL names {ours}.")
    file = folder / Path(manifest.file).name
    if not file.is_file() or sha256_of(file) != manifest.sha256:
        raise Invalid(f"{file.name} is missing, or not what was saved: its hash is another. Take another backup.")
    if manifest.revision is None or manifest.revision > (runner.newest() or ""):
        raise Invalid(f"This backup is of revision {manifest.revision}, unknown to this release: install a newer one.")
    return file


def _keys_here() -> matching.Keys:
    ours = settings()
    return matching.Keys(secret_id(ours.secret_key), tuple(key_id(key) for key in ours.encryption_keys))


def _erasures(folder: Path, given: Path | None) -> dict[str, Mark]:
    if given is not None and not given.is_file():
        raise Invalid(f"There is no file {given}.")
    if given is not None and not read_journal(given):
        raise Invalid(f"Not one line of {given} is of an erasure: give the {JOURNAL} of the data folder that was lost.")
    places = [folder / JOURNAL, settings().instance / JOURNAL, *([given] if given else [])]
    return joined(read_journal(place) for place in places)


@contextmanager
def _nobody_else() -> Iterator[None]:
    """A database is not to be replaced under the hands of web processes and workers, of this machine or another."""
    if db.engine.dialect.name == "sqlite":
        with holding.alone(settings()):
            yield
        return
    db.session.remove()
    db.engine.dispose()  # our own connections
    with db.engine.connect() as connection:
        others = connection.scalar(text(OTHERS))
    if others:
        raise Conflict(
            f"{others} connections of a web process or worker are open to this database. "
            "Stop the server first, on every machine, then restore."
        )
    yield


def _marks_in_place() -> tuple[dict[str, Mark], dict[str, Mark]]:
    """Erasures of the database that is there now, if it can be read; and those of them that are of another secret key:
    what was erased leaves its response behind, so a mark of ours fits one. Which key it is isn't known, so their line in
    the journal will not say.
    """
    key, named = settings().secret_key, secret_id(settings().secret_key)
    db.session.rollback()
    with suppress(SQLAlchemyError):
        found = dict(db.session.execute(select(Erasure.hmac, Erasure.at)).tuples().all())
        there = db.session.scalars(select(Response.public_id)).yield_per(2_000) if found else ()
        ours = {mark for public_id in there if (mark := erasure_mark(key, public_id)) in found}
        marks = {mark: Mark(at, named if mark in ours else None) for mark, at in found.items()}
        return marks, {mark: Mark(at, "another") for mark, at in found.items() if mark not in ours}
    db.session.rollback()
    return {}, {}


def _refuse_to_replace(force: bool) -> None:
    db.session.remove()
    if force:  # also what can't be read: to replace that is what a backup is for
        return
    try:
        with db.engine.connect() as connection:
            there = table_names(connection) - {"alembic_version"}
    except DatabaseError as error:
        if db.engine.dialect.name != "sqlite":
            raise
        raise Conflict("What stands in this place can't be read as a database. --force replaces it.") from error
    if there:
        raise Conflict("There is a database in this place already. --force replaces it; take a backup of it first.")


# Putting it there -----------------------------------------------------------------------------------------------------


def _put(file: Path, manifest: Manifest) -> None:
    db.session.remove()
    db.engine.dispose()
    if manifest.database == "sqlite":
        _put_sqlite(file)
        return
    _put_postgres(file)


def _put_postgres(file: Path) -> None:
    """What stood there is set aside until the restored one stands, and comes back if that fails."""
    program = making.postgres_program("pg_restore")
    _schemas(f"ALTER SCHEMA public RENAME TO {ASIDE}", "CREATE SCHEMA public")
    try:
        making.run_postgres([program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)])
    except BaseException:
        _schemas("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    _schemas(f"DROP SCHEMA {ASIDE} CASCADE")


def _schemas(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    db.engine.dispose()


def _put_sqlite(file: Path) -> None:
    path = _sqlite_path()
    fresh = path.with_name(f".{path.name}.restored")
    fresh.unlink(missing_ok=True)
    private = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as out, file.open("rb") as saved:
        shutil.copyfileobj(saved, out)
        out.flush()
        os.fsync(out.fileno())
    for beside in ("-wal", "-shm", "-journal"):
        Path(f"{path}{beside}").unlink(missing_ok=True)
    fresh.replace(path)


def _sqlite_path() -> Path:
    return Path(make_url(settings().database_url).database or "")


def _tables_now() -> dict[str, Part]:
    engine = create_engine(settings().database_url)
    try:
        with engine.connect() as connection:
            return count_tables(connection)
    finally:
        engine.dispose()
