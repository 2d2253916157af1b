"""A28 at a small size: no byte is left of what was erased, on either database."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.postgres import PostgresServer
from tests.privacy.conftest import make_place, said_by, with_case, with_picture
from tests.proofs import erasure
from widget_server.database import writing
from widget_server.privacy import operations as privacy
from widget_server.privacy.sweeping import sweep

CANARY = "Canary-Rigby-5A7F"


@pytest.mark.slow
def test_what_a_visitor_deleted_is_in_no_file_of_the_installation() -> None:
    found = erasure.prove(6)
    assert found["ok"], found


def test_postgresql_keeps_it_in_its_own_log_alone_once_the_tables_are_written_anew(
    postgres_app: Flask, postgres_server: PostgresServer
) -> None:
    with writing():
        site = make_place()
        response = said_by(site, f"{CANARY}@example.org", words=f"{CANARY} could not pay.")
        with_picture(response, CANARY.encode())
        with_case(response)
    with writing():
        privacy.erase(privacy.find(site.id, "email", f"{CANARY}@example.org"), None)
    data = Path(postgres_server.command[postgres_server.command.index("-D") + 1])
    sweep(vacuum=True)
    assert files_with(data / "base") == []


def files_with(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
