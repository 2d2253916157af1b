"""Where it listens, what address it has, which database: what can't be is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import make_settings
from widget_server.cli import main
from widget_server.config import WrongSetting, ensure_keys, load_settings
from widget_server.starting import unusable


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_keys(tmp_path)
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))


REFUSED = [
    ("WIDGET_HOST", ""), ("WIDGET_HOST", "foo.invalid"), ("WIDGET_HOST", "[::1]"), ("WIDGET_HOST", "127.0.0.1:80"),
    ("WIDGET_BASE_URL", "https://a.example:abc"), ("WIDGET_BASE_URL", "http://[::1"), ("WIDGET_BASE_URL", ""),
    ("WIDGET_BASE_URL", "https://a b.example"), ("WIDGET_BASE_URL", "https://u:secret@a.example"),
    ("WIDGET_BASE_URL", "https://a.example:99999"), ("WIDGET_BASE_URL", "https://"), ("WIDGET_BASE_URL", "ftp://a.example"),
    ("WIDGET_BASE_URL", "https://a.example?x=1"), ("WIDGET_BASE_URL", "https://a.example/x y"),
    ("WIDGET_DATABASE_URL", "sqlite:///"), ("WIDGET_DATABASE_URL", "sqlite://"), ("WIDGET_DATABASE_URL", ""),
    ("WIDGET_DATABASE_URL", "sqlite:///:memory:"), ("WIDGET_DATABASE_URL", "sqlite:///file:x?uri=true"),
    ("WIDGET_DATABASE_URL", "postgresql:foo"), ("WIDGET_DATABASE_URL", "postgresql+foo://h/d"),
    ("WIDGET_DATABASE_URL", "postgresql://u:secret@h:abc/d"), ("WIDGET_DATABASE_URL", "mysql://h/d"),
    ("WIDGET_DEMO", "perhaps"), ("WIDGET_PORT", "٣"), ("WIDGET_PORT", ""), ("WIDGET_SURVEYS", "/nonexist"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_place_that_cannot_be(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=name) as refused:
        load_settings()
    assert "secret" not in str(refused.value)
    done = CliRunner().invoke(main, ["site", "list"])
    assert (done.exit_code, done.output) == (1, f"Error: {refused.value}\n")


TAKEN = [
    ("WIDGET_HOST", "localhost", "host", "127.0.0.1"), ("WIDGET_HOST", "::", "host", "::"),
    ("WIDGET_BASE_URL", "https://a.example:8443/", "base_url", "https://a.example:8443"),
    ("WIDGET_BASE_URL", "http://[::1]:8000", "base_url", "http://[::1]:8000"),
    ("WIDGET_BASE_URL", "https://bücher.example/voices", "base_url", "https://bücher.example/voices"),
    ("WIDGET_DATABASE_URL", "sqlite:////tmp/x.db", "database_url", "sqlite:////tmp/x.db"),
    ("WIDGET_DATABASE_URL", "postgresql://u:p@h:5433/d?sslmode=require", "database_url",
     "postgresql://u:p@h:5433/d?sslmode=require"),
    ("WIDGET_DATABASE_URL", "postgresql+psycopg2://@/d", "database_url", "postgresql+psycopg2://@/d"),
    ("WIDGET_DEMO", "", "demo", False), ("WIDGET_DEMO", "1", "demo", True), ("WIDGET_DEMO", "Off", "demo", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "field", "taken"), TAKEN)
def test_a_place_that_can_be(name: str, value: str, field: str, taken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == taken


LOADED = [
    ({"analysers": ("foo",)}, "There is no analyser 'foo'; there are .*ensemble"),
    ({"limits_url": "foo://x"}, "WIDGET_LIMITS_URL names no store"),
    ({"limits_url": "redis://h:abc/0"}, "WIDGET_LIMITS_URL names no store"),
    ({"surveys_dir": Path("/")}, "routing.yaml"),
]


@pytest.mark.parametrize(("changes", "said"), LOADED)
def test_what_would_let_a_process_die_again_and_again(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    import re

    assert re.search(said, unusable(make_settings(tmp_path, **changes)) or "")


def test_a_store_that_is_away_is_no_reason(tmp_path: Path) -> None:
    assert unusable(make_settings(tmp_path, limits_url="redis://127.0.0.1:1/0")) is None
    assert unusable(make_settings(tmp_path)) is None


def test_serve_and_worker_look_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_ANALYSERS", "foo")
    for command in ("serve", "worker"):
        done = CliRunner().invoke(main, [command])
        assert done.exit_code == 1
        assert "There is no analyser 'foo'" in done.output
