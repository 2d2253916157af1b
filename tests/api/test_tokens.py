"""Tokens: what they open, how they end, and the command that makes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.api.rules import ask, refused, said, token_for
from tests.worker.conftest import Tern, tern_at
from widget_server import clock
from widget_server.accounts.models import ApiToken
from widget_server.accounts.tokens import READ, READS, create_api_token, granted, revoke_token
from widget_server.cli import main
from widget_server.clock import HOUR, now_ms
from widget_server.database import db, writing
from widget_server.errors import Invalid, NotFound
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site


@pytest.fixture
def tern(app: Flask) -> Tern:
    return tern_at(app)


def test_the_old_scope_reads_everything_but_who_people_are(tern: Tern) -> None:
    token = token_for(tern.site_id, [READ])
    for path in ("/responses", "/cases", "/surveys", "/site"):
        said(ask(tern, "GET", path, token))
    refused(ask(tern, "POST", "/people/find", token, {"email": "a@b.example"}), 403)
    refused(ask(tern, "PATCH", "/site", token, {}), 403)
    assert granted([READ]) == {READ, *READS}


def test_a_token_that_was_ended_opens_nothing(tern: Tern) -> None:
    token = token_for(tern.site_id)
    said(ask(tern, "GET", "/site", token))
    number = _only(tern)
    with writing():
        revoke_token(db.session.get_one(Site, tern.site_id), number)
    refused(ask(tern, "GET", "/site", token), 401)


def test_a_site_ends_only_its_own_tokens(tern: Tern) -> None:
    token_for(tern.site_id)
    number = _only(tern)
    with writing(), pytest.raises(NotFound):
        revoke_token(create_site("Other", key="other"), number)


def test_the_last_use_is_known_to_the_minute(tern: Tern) -> None:
    token, now = token_for(tern.site_id), now_ms()
    for later in (0, 1000, HOUR):
        with clock.travel(now + later):
            said(ask(tern, "GET", "/site", token))
        [row] = tern.all(ApiToken)
        assert row.last_used_at is not None
        assert (row.last_used_at >= now + HOUR) == (later == HOUR)


def test_a_scope_that_there_is_not_and_a_token_for_nothing_are_refused(tern: Tern) -> None:
    for name, scopes in (("x", ["everything"]), ("", [READ])):
        with writing(), pytest.raises(Invalid):
            create_api_token(db.session.get_one(Site, tern.site_id), name, scopes)


def _only(tern: Tern) -> int:
    [row] = tern.all(ApiToken)
    return row.id


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`widget-server …` in an installation of its own; what it printed."""
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))

    def go(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == code, done.output
        return done.output

    go("init")
    go("db", "upgrade")
    go("site", "add", "Tern", "--key", "tern")
    return go


def test_tokens_are_made_listed_and_ended_by_command(run: Callable[..., str]) -> None:
    made = run("token", "add", "--site", "tern", "--name", "Shop", "--scope", "cases:read", "--scope", "cases:write")
    assert made.startswith("wst_")
    listed = run("token", "list", "--site", "tern")
    assert "cases:read cases:write  Shop" in listed
    assert "until" in listed
    assert "never used" in listed
    assert made.strip() not in listed
    run("token", "revoke", "--site", "tern", listed.split()[0])
    assert "revoked" in run("token", "list", "--site", "tern")
    for name in ("Shop\ndesk", "\u202eksed", "\u200b"):
        assert "name" in run("token", "add", "--site", "tern", "--name", name, code=1)
    assert "There is no scope" in run("token", "add", "--site", "tern", "--name", "x", "--scope", "all", code=1)
    run("token", "add", "--site", "tern", "--name", "x", "--days", "0", code=2)
