"""What every test may ask for: an application on a fresh SQLite file, with real keys and no mocks.

`tests/postgres.py` and `tests/live.py` add PostgreSQL, the real server and Chromium.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine

from tests.application import Templates, remember_what_is_the_same
from widget_server.app import create_app
from widget_server.config import Settings, new_keys
from widget_server.database import Base, db, writing_connection
from widget_server.schema import revisions

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # dozens of servers start: each would compile all it imports afresh
sys.dont_write_bytecode = False
gc.disable()  # until all is imported and collected

pytest_plugins = ["tests.postgres", "tests.live", "tests.redis_server"]

remember_what_is_the_same()

REPOSITORY = Path(__file__).resolve().parent.parent


MEMORY = Path("/dev/shm")
NEEDS = {"chromium": "browser", "postgres_server": "postgres"}
LONGEST = (
    "browser/test_accessibility", "widget/test_build", "benchmarks/test_benches", "install/test_containers",
    "browser/test_gallery", "console/test_in_browser", "install/test_wheel", "widget/test_in_chromium",
    "browsers/test_journeys", "widget/test_question_types", "browser/test_host_faults", "journeys/test_dev_up",
    "api/test_contract", "browser/test_complaint", "widget/test_screenshot", "proofs/test_restarts", "proofs/test_faults",
    "console/test_access", "widget/test_placement", "backup/test_backup", "widget/test_removal", "recovery/test_learning",
    "proofs/test_payloads", "journeys/test_demo_history", "widget/test_languages", "screens/test_responses",
    "browser/test_network", "widget/test_endings", "intake/test_malformed", "worker/test_processing",
    "proofs/test_surface", "proofs/test_kill",
)
"""By measured CPU, more than some fifteen seconds each. The first of them makes the demo that other tests copy: those that
would wait for it stand behind what needs none."""


def memory_for(size: int) -> bool:
    """Whether files may be in memory, and so many bytes of it are free: in many a container there are 64 MB."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > size


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Tests' folders are in memory where there is enough of it, a tenth less time where a database is written. What is
    killed, filled or measured (tests/proofs, benchmarks) stands on the disk, and so does PostgreSQL. With `--basetemp`
    they are where one can look at them afterwards.
    """
    given = config.option.basetemp or hasattr(config, "workerinput")
    if not given and memory_for(3 * 2**30):  # a whole run leaves 0.6 GB of folders
        config.option.basetemp = tempfile.mkdtemp(prefix="widget-tests-", dir=MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that `-m "not browser"` leaves out all that needs one. What takes long comes
    first: at the end of a run one such file would keep one worker busy, and the others waiting for it.
    """
    for item in items:
        for fixture in set(getattr(item, "fixturenames", ())) & NEEDS.keys():
            item.add_marker(NEEDS[fixture])
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    places = {REPOSITORY / "tests" / f"{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places) + (item.path not in slow)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """All that was imported stays: looking through it for garbage again and again took a tenth of a run."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def make_settings(folder: Path, **changes: Any) -> Settings:
    keys = new_keys()
    settings = Settings(
        instance=folder,
        base_url="http://widget.test",
        host="127.0.0.1",
        port=8000,
        database_url=f"sqlite:///{folder / 'widget.db'}",
        secret_key=str(keys["secret_key"]),
        encryption_keys=tuple(keys["encryption_keys"]),  # type: ignore[arg-type]
        trusted_proxies=0,
        limits_url="memory://",
        responses_per_minute=1_000_000,
        unverified_per_minute=1_000_000,
        smtp=None,
        surveys_dir=REPOSITORY / "surveys",
        demo=False,
    )
    return replace(settings, **changes)


def make_app(settings: Settings, *, with_tables: bool = True) -> Flask:
    """An application with its tables, unless they are there; the migrations are held to the same by tests/migrations."""
    if settings.is_sqlite:
        _copy_tables(Path(settings.database_url.removeprefix("sqlite:///")))
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = Templates()  # jinja_options come too late: an extension has made the environment
    if with_tables and not settings.is_sqlite:
        with app.app_context(), writing_connection(db.engine) as connection:
            make_tables(connection)
    return app


def make_tables(connection: Connection) -> None:
    """All at once, as the newest migration leaves them."""
    Base.metadata.create_all(connection)
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revisions()[-1]}')")


def _copy_tables(path: Path) -> None:
    """A file with all tables and no rows, made once a run: a copy takes a hundredth of the time."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_empty_file())


@cache
def _empty_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "widget.db"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            make_tables(connection)
        engine.dispose()
        return path.read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = make_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def app_with(tmp_path: Path) -> Callable[..., Flask]:
    """An application with other settings: `app_with(demo=True)`."""

    def build(**changes: Any) -> Flask:
        return make_app(make_settings(tmp_path, **changes))

    return build
