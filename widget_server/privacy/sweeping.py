"""Erased bytes leave the disk too. Nothing here decides what goes: that was committed before.

SQLite overwrites deleted rows with zeros (`secure_delete`), and its log is cut to nothing here, since old pages stand in it:
at once where somebody is erased by hand, and every ten minutes by the worker.
What moved inside a page may leave traces there until the file is written anew (`vacuum`). PostgreSQL keeps dead rows until
it vacuums, and their bytes until the table is written anew; its own log (pg_wal), and what a file system keeps, are out of
our hands.
"""

from __future__ import annotations

from sqlalchemy import text

from widget_server.database import db

WORDS = ("texts", "contacts", "person_keys", "attachments", "case_messages", "deliveries", "assessments", "responses",
         "cases", "promises", "gestures", "approvals", "followups", "api_answers")  # fmt: skip
"""Tables that hold, or held, somebody's words."""


def sweep(*, vacuum: bool = False) -> str:
    """Cut SQLite's log; with `vacuum` write the file (or PostgreSQL's tables) anew, which holds up writers meanwhile.

    Returns a sentence on what was done.
    """
    db.session.rollback()
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not sqlite:
            if not vacuum:
                return "PostgreSQL vacuums by itself; --vacuum writes the tables anew at once."
            for table in WORDS:
                connection.execute(text(f"VACUUM (FULL) {table}"))
            connection.execute(text("CHECKPOINT"))
            return "The tables are written anew. PostgreSQL's own log is recycled in its own time."
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.read_only(False)
        if vacuum:
            raw.execute("VACUUM")
        raw.execute("PRAGMA busy_timeout = 1000")  # while it waits for readers, writers wait for it
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        raw.execute("PRAGMA busy_timeout = 10000")
    if busy:
        return "Somebody reads just now, so the log could not be cut; the worker tries again."
    return "The file is written anew, and its log is empty." if vacuum else "The log is empty."
