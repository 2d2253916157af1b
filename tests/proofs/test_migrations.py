"""A24 at a small size: see migrations.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.migrations.test_migrations import open_engine
from tests.proofs.migrations import up_and_down

AGAIN = "SELECT response_id, 'again', site_id, text, redactions FROM texts WHERE response_id = 7"
CARELESS = {
    "assessments": "DELETE FROM assessments WHERE response_id = 7",
    "person_keys": "UPDATE person_keys SET key_id = 'K' WHERE response_id = 7",
    "texts": f"INSERT INTO texts (response_id, question, site_id, text, redactions) {AGAIN}",
}
"""A row that is lost, one that is changed, one that is doubled."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_empty_url") if postgres else f"sqlite:///{tmp_path / 'widget.db'}"
    engine = open_engine(url)
    yield engine
    engine.dispose()


def test_every_row_is_what_it_was_after_going_up_and_down(engine: Engine) -> None:
    found = up_and_down(engine, 40)
    assert found["changed"] == []
    assert found["tables"] > 30


def test_a_row_that_a_migration_loses_changes_or_doubles_is_found(engine: Engine) -> None:
    assert up_and_down(engine, 9, careless=tuple(CARELESS.values()))["changed"] == sorted(CARELESS)
