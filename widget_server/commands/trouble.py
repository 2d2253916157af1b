"""Errors of the world around a command, as one sentence that says what and what to do. What is none of these is a mistake of
ours, and keeps its traceback.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from pathlib import Path

ASK = "'widget-server doctor' looks it over"
AWAY = f"look at WIDGET_DATABASE_URL, and whether the server runs; {ASK}"
TABLES = f"run 'widget-server db upgrade'; {ASK}"
FILES = {
    errno.EACCES: "this user may not: run the command as the user that serves, or give the place to this one",
    errno.EPERM: "this user may not: run the command as the user that serves, or give the place to this one",
    errno.EROFS: "it is only read: choose another place, or mount it to be written to",
    errno.ENOENT: "make the folder first, or mend the path",
    errno.ENOTDIR: "a part of the path is no folder: mend the path",
    errno.EISDIR: "it is a folder: name a file in it",
    errno.EEXIST: "there is something already: choose another name",
    errno.ENOSPC: "make room on its disk, then run the command again",
    errno.EDQUOT: "make room on its disk, then run the command again",
    errno.EFBIG: "the file may not grow so large: look at the limits of this user (ulimit -f)",
    errno.EIO: "look at the disk",
    errno.ENAMETOOLONG: "choose a shorter name",
}
SQLITE = (
    (("no such table", "no such column", "has no column"), f"its tables are not this release's: {TABLES}"),
    (("unable to open database file",), "its folder must be there, and this user may read and write it: mend that, or "
     "WIDGET_DATABASE_URL"),
    (("readonly database",), "this user may not write it, or its folder: run the command as the user that serves"),
    (("database or disk is full",), "make room on its disk, then run the command again"),
    (("locked",), "something else holds it for long: try again, and end it if it hangs"),
    (("not a database", "malformed"), "it is damaged: put a backup in its place with 'widget-server restore --force'"),
    (("disk I/O error",), "look at its disk, and who may write there"),
)  # fmt: skip
POSTGRES = (
    (("42P01", "42703", "3F000"), f"its tables are not this release's: {TABLES}"),
    (("42501",), "its user may not: give the tables to the user that WIDGET_DATABASE_URL names"),
    (("53100",), "make room on the server's disk, then run the command again"),
    (("25006",), "it takes no writes: WIDGET_DATABASE_URL must name the primary server"),
)


def sentence(error: BaseException) -> str | None:
    """What to say of this error; None when it is none of the world's."""
    if isinstance(error, OSError):
        return _of_file(error)
    if isinstance(error, sqlite3.Error):
        return _of_database(error)
    loaded = sys.modules.get("sqlalchemy.exc")  # nobody who has not loaded it raises its errors
    if loaded is None:
        return None
    if isinstance(error, loaded.DBAPIError) and not isinstance(error, (loaded.IntegrityError, loaded.DataError)):
        return _of_database(error.orig)
    if isinstance(error, loaded.TimeoutError):
        return f"The database gives no connection in time: {AWAY}."
    return None


def _of_file(error: OSError) -> str | None:
    remedy = FILES.get(error.errno or 0)
    if remedy is None:
        return None
    where = Path(error.filename) if isinstance(error.filename, str | Path) else None
    return f"{f'{where}: ' if where else ''}{error.strerror}. What to do: {remedy}."


def _of_database(error: BaseException | None) -> str | None:
    said = str(error).strip().split("\n")[0]
    if isinstance(error, sqlite3.Error):
        remedy = next((remedy for words, remedy in SQLITE if any(word in said for word in words)), None)
        return f"The database can't be used ({said}): {remedy}." if remedy else None
    code = getattr(error, "pgcode", None)
    if code is None:  # libpq itself: there is no connection
        return f"The database can't be reached ({said}): {AWAY}." if type(error).__name__ in UNCONNECTED else None
    remedy = next((remedy for codes, remedy in POSTGRES if code in codes), AWAY if code[:2] in CLASSES else None)
    return f"The database can't be used ({said}): {remedy}." if remedy else None


UNCONNECTED = ("OperationalError", "InterfaceError")
CLASSES = ("08", "28", "3D", "53", "57", "58", "55")
"""Of PostgreSQL's codes: connections, logins, databases that are not there, resources, an operator's doing, the system's."""
