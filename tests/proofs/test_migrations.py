"""A24 at a small size: see migrations.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.test_migrations import open_engine
from tests.proofs.migrations import up_and_down


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_every_row_is_what_it_was_after_going_up_and_down(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    postgres = database == "postgres"
    url = request.getfixturevalue("postgres_empty_url") if postgres else f"sqlite:///{tmp_path / 'widget.db'}"
    engine = open_engine(url)
    found = up_and_down(engine, 40)
    engine.dispose()
    assert found["changed"] == []
    assert found["tables"] > 30
