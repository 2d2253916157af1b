"""Settings that say where: the address that visitors reach, where to listen, which database, where limits are counted.

Each is checked here as it stands, without asking anybody: the same value is right or wrong for every command.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from widget_server.config.wrong import WrongSetting

_NAME = re.compile(r"[^\s/?#@\\\"'<>\[\]:%,;|^`{}]+")
DRIVERS = ("postgresql", "postgresql+psycopg2")


def base_url(name: str, raw: str) -> str:
    """Without a slash at the end. Raises: WrongSetting."""
    wrong = WrongSetting(f"{name} is {_shown(raw)}: give a full address such as https://feedback.example.com")
    given = raw.rstrip("/")
    try:
        parts = urlsplit(given)
        named, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise wrong from error
    known = _is_address(named) if ":" in named else bool(_NAME.fullmatch(named))
    if parts.scheme not in ("http", "https") or not known or port == 0 or "@" in parts.netloc:
        raise wrong
    if parts.query or parts.fragment or not given.isprintable() or re.search(r"[\s\"'<>\\]", given):
        raise wrong
    return given


def _shown(raw: str) -> str:
    """As it stands, but for a password in it."""
    return repr(re.sub(r"(?<=://)[^/@]*@", "…@", raw))


def listening(name: str, raw: str) -> str:
    """An address of this machine. A name could be several, and the server listens on one. Raises: WrongSetting."""
    if raw == "localhost":
        return "127.0.0.1"
    if not _is_address(raw):
        raise WrongSetting(f"{name} is {raw!r}: give an address of this machine such as 127.0.0.1, 0.0.0.0 (all) or ::1")
    return raw


def _is_address(raw: str) -> bool:
    try:
        ip_address(raw)
    except ValueError:
        return False
    return True


def database_url(name: str, raw: str) -> str:
    """A file of SQLite's, or a database of PostgreSQL's. Raises: WrongSetting, without the password in it."""
    from sqlalchemy.engine import make_url  # whoever asks needs it anyway, but for a look at survey files
    from sqlalchemy.exc import ArgumentError

    begins = WrongSetting(f"{name} must start with sqlite:/// or postgresql://, and be an address that can be read")
    try:
        url = make_url(raw)
    except (ArgumentError, ValueError) as error:
        raise begins from error
    if url.drivername == "sqlite" and not url.host:
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise WrongSetting(f"{name} is {raw!r}: name a file, such as sqlite:////var/lib/widget-server/widget.db")
        return raw
    if url.drivername not in DRIVERS:
        raise begins
    return raw
