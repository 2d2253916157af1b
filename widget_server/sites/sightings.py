"""Where the tag was seen, for "installed? last seen on …": told by the edge, written by a thread, never waited for.

All of it is best effort. A sighting is dropped rather than delay or break an answer.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Mapping
from queue import Empty, Full, Queue
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from widget_server.clock import MINUTE, now_ms
from widget_server.database import db, writing_connection
from widget_server.sites.models import SiteOrigin, SiteSighting

HOST = re.compile(r"[a-z0-9._\-]{1,253}(:[0-9]{1,5})?|\[[0-9a-f:.]{2,45}\](:[0-9]{1,5})?")
MOST_STRANGERS = 50  # hosts of a site beyond its listed ones: anybody can make a name up
MOST_REMEMBERED = 10_000
IDLE_SECONDS = 3.0
BREATH_SECONDS = 1.0  # at most one write transaction in this time

log = logging.getLogger(__name__)

Sighting = tuple[int, str]
"""site id, host"""


def host_of(environ: Mapping[str, Any]) -> str | None:
    """The host of the page that asks, by Origin or else by Referer."""
    address = environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER") or ""
    try:
        host = urlsplit(address[:2_000]).netloc.rpartition("@")[2].lower()
    except ValueError:
        return None
    return host if HOST.fullmatch(host) else None


class Sightings:
    """Takes sightings from any thread; a thread of its own writes them and ends when nothing comes."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._queue: Queue[Sighting] = Queue(maxsize=200)
        self._told: dict[Sighting, float] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def tell(self, site_id: int, host: str | None) -> None:
        """Remember that this host showed the site's tag just now. Returns at once; raises nothing."""
        if host is None or not self._is_new((site_id, host)):
            return
        try:
            self._queue.put_nowait((site_id, host))
            self._ensure_thread()
        except (Full, RuntimeError):  # RuntimeError: no more threads
            self._told.pop((site_id, host), None)

    def _is_new(self, sighting: Sighting) -> bool:
        now = time.monotonic()
        if now - self._told.get(sighting, float("-inf")) < MINUTE / 1_000:
            return False
        if len(self._told) >= MOST_REMEMBERED:
            self._told.clear()
        self._told[sighting] = now
        return True

    def _ensure_thread(self) -> None:
        with self._lock:  # a thread does not survive a fork: is_alive() says so
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="sightings", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            if not batch:
                with self._lock:
                    if self._queue.empty():
                        self._thread = None
                        return
                continue
            try:
                self._write(batch)
            except Exception:  # best effort: the database may be away
                log.warning("sightings of the tag were not written", exc_info=True)
            time.sleep(BREATH_SECONDS)

    def _next_batch(self) -> set[Sighting]:
        batch: set[Sighting] = set()
        try:
            batch.add(self._queue.get(timeout=IDLE_SECONDS))
            while True:
                batch.add(self._queue.get_nowait())
        except Empty:
            return batch

    def _write(self, batch: Iterable[Sighting]) -> None:
        with self._app.app_context():
            engine = db.engine
        with writing_connection(engine) as connection:
            for site_id, host in sorted(batch):
                record(connection, site_id, host, now_ms())


def record(connection: Connection, site_id: int, host: str, now: int) -> None:
    """Write one sighting, unless this host was written within the last minute."""
    here = (SiteSighting.site_id == site_id, SiteSighting.host == host)
    seen_at = connection.scalar(select(SiteSighting.seen_at).where(*here))
    if seen_at is not None:
        if seen_at <= now - MINUTE:
            connection.execute(update(SiteSighting).where(*here).values(seen_at=now))
    elif _is_listed(connection, site_id, host) or _strangers(connection, site_id) < MOST_STRANGERS:
        try:
            with connection.begin_nested():
                connection.execute(insert(SiteSighting).values(site_id=site_id, host=host, seen_at=now))
        except IntegrityError:
            log.debug("another process saw it first, or the site is gone")


def _is_listed(connection: Connection, site_id: int, host: str) -> bool:
    origins = (f"https://{host}", f"http://{host}")
    listed = select(SiteOrigin.origin).where(SiteOrigin.site_id == site_id, SiteOrigin.origin.in_(origins))
    return connection.scalar(listed.limit(1)) is not None


def _strangers(connection: Connection, site_id: int) -> int:
    counted = select(func.count()).select_from(SiteSighting).where(SiteSighting.site_id == site_id)
    return connection.scalar(counted) or 0
