"""The server with its guard taken out on purpose: the database no longer holds a client's id unique for its site.

The proof by repeating must notice. Runs as the command line does: `python -m tests.proofs.counts_repeats serve`.
"""

from __future__ import annotations

import sqlite3

from tests.proofs.breaking import told_out
from tests.proofs.restarts_at_once import serve
from widget_server.config import load_settings


def drop_unique() -> None:
    connection = sqlite3.connect(load_settings().database_url.removeprefix("sqlite:///"))
    connection.executescript(
        "CREATE TABLE loose AS SELECT * FROM response_ids; DROP TABLE response_ids;"
        "ALTER TABLE loose RENAME TO response_ids;"
    )
    told_out("the unique key of response_ids", connection.execute("PRAGMA index_list(response_ids)").fetchall() == [])
    connection.close()


if __name__ == "__main__":
    drop_unique()
    serve()
