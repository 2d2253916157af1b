"""`widget-server backup`: a copy of the database while it runs, with a manifest that a restored one can be compared with.

Pictures stand in the database, so it is all there is besides the keys. The copy is made beside its place and renamed, so a
backup that was cut off is never taken for one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from widget_server import schema
from widget_server.backup.manifest import Manifest, count_tables, sha256_of, write_manifest
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import Conflict, Unavailable
from widget_server.migrations import runner
from widget_server.people.erasures import JOURNAL
from widget_server.sealing import key_id, secret_id

SQLITE_FILE, POSTGRES_FILE = "widget.db", "widget.pgdump"
ARCHIVES = (".tar", ".tar.gz", ".tgz")


def back_up(target: Path) -> Manifest:
    """Into a new folder, or into one file when the name ends in .tar, .tar.gz or .tgz.

    Raises:
        Conflict: there is something already, or nothing to copy. Unavailable: PostgreSQL's own tool is missing or refuses.
    """
    target = target.absolute()
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise Conflict(f"There is something at {target} already: give a new place, so that no older backup is lost.")
    _refuse_nothing()
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=target.parent))
    try:
        made = _sqlite(folder) if db.engine.dialect.name == "sqlite" else _postgres(folder)
        write_manifest(folder, made)
        _copy_journal(folder)
        _sync(folder)
        if target.name.endswith(ARCHIVES):
            _pack(folder, target)
        else:
            os.chmod(folder, 0o700)
            if target.exists():
                target.rmdir()
            folder.rename(target)
        return made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_nothing() -> None:
    """A place without tables is not the one that was meant: its copy would be taken for a backup."""
    with db.engine.connect() as connection:
        at = schema.revision_of(connection)
    if at is None:
        where = make_url(settings().database_url).render_as_string()
        raise Conflict(f"There is nothing to back up: {where} has no tables. Look at WIDGET_INSTANCE, WIDGET_DATABASE_URL.")


def _sqlite(folder: Path) -> Manifest:
    """By SQLite's own online copy, in one step of one read transaction: writers go on meanwhile."""
    copy = folder / SQLITE_FILE
    source = make_url(settings().database_url).database or ""
    address = f"file:{source}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as live, closing(sqlite3.connect(copy)) as out:
        live.backup(out)
        out.execute("PRAGMA journal_mode = delete")  # one file, without a log beside it
        broken = out.execute("PRAGMA quick_check").fetchone()[0]
    if broken != "ok":
        raise Unavailable(f"The copy is not sound ({broken}), so it was thrown away. Look at the disk of {source}.")
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            return _manifest(copy, connection)
    finally:
        engine.dispose()


def _postgres(folder: Path) -> Manifest:
    """By pg_dump, in the same snapshot that the rows are counted in."""
    program, dump = postgres_program("pg_dump"), folder / POSTGRES_FILE
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}"]
        run_postgres([program, *options])
        return _manifest(dump, connection)


def _manifest(file: Path, connection: Connection) -> Manifest:
    return Manifest(
        made_at=now_ms(),
        database=connection.dialect.name,
        revision=schema.revision_of(connection),
        release=release(),
        file=file.name,
        bytes=file.stat().st_size,
        sha256=sha256_of(file),
        key_ids=tuple(key_id(key) for key in settings().encryption_keys),
        secret_id=secret_id(settings().secret_key),
        tables=count_tables(connection),
    )


def release() -> str:
    try:
        return version("widget-server")
    except PackageNotFoundError:  # from a checkout
        return f"checkout at {runner.newest()}"


def postgres_program(name: str) -> str:
    """PostgreSQL's own tool. Raises: Unavailable, with what to do."""
    found = shutil.which(name)
    if found is None:
        raise Unavailable(
            f"{name} is not on this machine. Install PostgreSQL's client of the server's version (on Debian: "
            "apt install postgresql-client), or back up the server's way."
        )
    return found


def postgres_address(database_url: str) -> tuple[str, dict[str, str]]:
    """The address as PostgreSQL's tools read it, and its password apart: everybody sees the arguments of a process."""
    url = make_url(database_url).set(drivername="postgresql")
    apart = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    return url._replace(password=None).render_as_string(), apart


def run_postgres(command: list[str]) -> None:
    """One of PostgreSQL's tools on the settings' database. Raises: Unavailable, with the tool's last word."""
    address, apart = postgres_address(settings().database_url)
    whole = [*command[:1], "--dbname", address, *command[1:]]
    done = subprocess.run(whole, capture_output=True, text=True, timeout=24 * 3600, env={**os.environ, **apart})
    if done.returncode:
        said = done.stderr.strip().splitlines()
        why = said[-1][:300] if said else f"it ended with {done.returncode}"
        raise Unavailable(f"{Path(command[0]).name} refused: {why}.{_remedy(done.stderr)}")


def _remedy(said: str) -> str:
    if "version mismatch" in said or "unsupported version" in said:
        return " Install PostgreSQL's client of the server's version (on Debian: postgresql-client-NN), first in PATH."
    return ""


def _copy_journal(folder: Path) -> None:
    journal = settings().instance / JOURNAL
    if journal.exists():
        shutil.copyfile(journal, folder / JOURNAL)


def _pack(folder: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)  # of one that was cut off
    private = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # from its first byte on
    mode: Literal["w:gz", "w"] = "w:gz" if target.name.endswith("gz") else "w"
    with os.fdopen(private, "wb") as out, tarfile.open(fileobj=out, mode=mode) as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, arcname=path.name)
    _sync_file(partial)
    partial.rename(target)


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        os.chmod(path, 0o600)
        _sync_file(path)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
