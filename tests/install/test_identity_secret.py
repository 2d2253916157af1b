"""The secret with which a site's own server signs: printed, renewed while the old one is believed, then ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import make_app, make_settings
from widget_server.cli import main
from widget_server.config import Settings, ensure_keys, load_settings
from widget_server.database import db, writing
from widget_server.sites.operations import create_site
from widget_server.sites.queries import blind_key, forget, identity_secrets


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    ensure_keys(tmp_path)
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))
    ours: Settings = load_settings()
    app = make_app(make_settings(tmp_path, encryption_keys=ours.encryption_keys, secret_key=ours.secret_key))
    app.app_context().push()
    with writing():
        site = create_site("Shop", key="shop", origins=[])
    return site.id


def secret(*options: str) -> str:
    done = CliRunner().invoke(main, ["site", "secret", "shop", *options])
    assert done.exit_code == 0, done.output
    return done.output.strip()


def believed(site_id: int) -> list[str]:
    db.session.rollback()
    forget()
    return identity_secrets(site_id)


def test_a_new_secret_is_made_and_the_old_one_ended(shop: int) -> None:
    persons = blind_key(shop)
    first = secret()
    assert believed(shop) == [first]
    second = secret("--new")
    assert believed(shop) == [second, first]
    assert secret("--end-others") == second
    assert believed(shop) == [second]
    assert blind_key(shop) == persons  # people are recognised as before
