"""In front of Flask: the widget's files, site configs and survey files, as bytes made beforehand.

They outnumber submissions a thousand to one, so they never enter Flask. Nothing in a request becomes a path of the
file system: what can be served is in memory by name, and names are looked up. Nothing here raises: when the database
is away, what was known is served on, else 503 says when to come back.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from flask import Flask

from widget_server.database import db
from widget_server.sites.help import spoken_to
from widget_server.sites.logo import logo_of
from widget_server.sites.queries import PublicSite, read_public_site
from widget_server.sites.sightings import Sightings, host_of
from widget_server.surveys import wire
from widget_server.surveys.queries import find_version, live_surveys

WIDGET_FOLDER = Path(__file__).parent / "static" / "widget"
CHUNK = re.compile(r"/widget/([^/]*)/([^/]*)")
CONFIG = re.compile(r"/v1/sites/([^/]*)/config")
LOGO = re.compile(r"/v1/sites/([^/]*)/logo/([^/]*)")
SURVEY = re.compile(r"/v1/sites/([^/]*)/surveys/([^/]*)/([^/]*)/([^/]*)")
HELP = re.compile(r"/v1/sites/([^/]*)/help/([^/]*)")
SITE_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
SURVEY_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
VERSION = re.compile(r"[0-9a-f]{16}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")

LOADER_CACHE = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
CONFIG_CACHE = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
FOREVER = "public, max-age=31536000, immutable"
NO_STORE = "no-store"

FRESH_SECONDS = 5.0  # as long a site's config is served without a look at the database
RETRY_SECONDS = 1.0  # as long the database is left alone after it failed
WAIT_SECONDS = 2.0  # as long a request waits for another one's look at the database
CHECK_FILES_SECONDS = 1.0
MOST_MISSING = 1_000
MOST_SURVEYS = 5_000

PUBLIC = [
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
]
METHODS = "GET, HEAD, OPTIONS"
REASONS = {200: "OK", 204: "No Content", 304: "Not Modified", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone"}

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class Packed:
    """Bytes with their compressed twin and tag, made once."""

    content_type: str
    body: bytes

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)

    @cached_property
    def tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:20]


@dataclass(frozen=True)
class Answer:
    status: int
    packed: Packed
    cache: str
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class KeptSite:
    site: PublicSite
    config: Packed
    until: float  # by the monotonic clock
    help: dict[str, Packed] = field(default_factory=dict)  # by the language that it speaks

    @cached_property
    def logo(self) -> tuple[str, Packed | None]:
        """Its name and its bytes."""
        logo = logo_of(self.site.theme)
        return (logo.tag, Packed("image/png", logo.content)) if logo else ("", None)


def problem(status: int, title: str, detail: str, cache: str = NO_STORE, *more: tuple[str, str]) -> Answer:
    """An RFC 9457 problem that scripts of other origins may read."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    exposed = ("Access-Control-Expose-Headers", "Retry-After")
    return Answer(status, Packed("application/problem+json", wire.as_bytes(body)), cache, (exposed, *more))


NO_SITE = problem(404, "Not found", "There is no site with this key. Look at data-site in the script tag.")
NO_SURVEY = problem(404, "Not found", "This site has no such survey, version or language.")
NO_LOGO = problem(404, "Not found", "This site has no such logo.")
NO_HELP = problem(404, "Not found", "This is no language. Write it as in en, or pt-BR.")
NO_FILE = problem(404, "Not found", "The widget has no such file.")
CLOSED = problem(410, "Closed", "This site takes no feedback any more. Its script tag can go.", "public, max-age=60")
LATER = ("Retry-After", "5")
AWAY = problem(503, "Not possible just now", "The server can't reach its database. Try again.", NO_STORE, LATER)
METHOD = problem(405, "Method not allowed", f"This address answers {METHODS}.", NO_STORE, ("Allow", METHODS))


class Edge:
    def __init__(self, inner: Callable[..., Iterable[bytes]], app: Flask, folder: Path = WIDGET_FOLDER) -> None:
        self._inner = inner
        self._files = WidgetFiles(folder)
        self._sites = SiteFiles(app)
        self._sightings = Sightings(app)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(("/widget", "/v1/sites/")):
            return self._inner(environ, start_response)
        find = self._resource(path, environ)
        if find is None:
            return self._inner(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return preflight(start_response)
        return send(find() if method in ("GET", "HEAD") else METHOD, environ, start_response)

    def _resource(self, path: str, environ: Environ) -> Callable[[], Answer] | None:
        """What answers at this path, if it is one of ours."""
        if path == "/widget.js":
            return self._files.loader
        if found := CHUNK.fullmatch(path):
            return partial(self._files.chunk, *found.groups())
        if found := CONFIG.fullmatch(path):
            return partial(self._config, found[1], environ)
        if found := LOGO.fullmatch(path):
            return partial(self._sites.logo, *found.groups())
        if found := SURVEY.fullmatch(path):
            return partial(self._sites.survey, *found.groups())
        if found := HELP.fullmatch(path):
            return partial(self._sites.help, *found.groups())
        return None

    def _config(self, key: str, environ: Environ) -> Answer:
        kept = self._sites.kept(key)
        if isinstance(kept, Answer):
            return kept
        self._sightings.tell(kept.site.id, host_of(environ))
        return Answer(200, kept.config, CONFIG_CACHE)


class WidgetFiles:
    """The built widget in memory; read again when a new build lies in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Packed] = {}
        self._build = ""
        self._stamp = 0
        self._look_again = 0.0

    def loader(self) -> Answer:
        self._refresh()
        loader = self._files.get("widget.js")
        return Answer(200, loader, LOADER_CACHE) if loader else NO_FILE

    def chunk(self, build: str, name: str) -> Answer:
        """The chunk of that build, or of the present one: a tab that was open before a deploy goes on working."""
        self._refresh()
        packed = self._files.get(f"{self._build}/{name}")
        if packed is None:
            return NO_FILE
        return Answer(200, packed, FOREVER if build == self._build else NO_STORE)

    def _refresh(self) -> None:
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + CHECK_FILES_SECONDS
        try:
            manifest = self._folder / "manifest.json"
            stamp = manifest.stat().st_mtime_ns
            if stamp != self._stamp:
                self._read(json.loads(manifest.read_bytes()))
                self._stamp = stamp
        except (OSError, ValueError, LookupError):
            log.warning("the built widget could not be read", exc_info=True)

    def _read(self, manifest: dict[str, Any]) -> None:
        paths = [path for path in self._folder.rglob("*.js") if path.is_file()]
        files = {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}
        self._build = str(manifest["build"])
        self._files = {name: Packed("text/javascript; charset=utf-8", body) for name, body in files.items()}


class SiteFiles:
    """Configs and surveys in memory, read from the database when they are older than a few seconds."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kept: dict[str, KeptSite] = {}
        self._missing: dict[object, float] = {}
        self._surveys: dict[tuple[int, str, str, str], Packed] = {}
        self._reading = threading.Lock()
        self._left_alone_until = 0.0

    def kept(self, key: str) -> KeptSite | Answer:
        """The open site with this key, or why there is none."""
        if SITE_KEY.fullmatch(key) is None or self._is_missing(key):
            return NO_SITE
        kept = self._kept.get(key)
        if kept is None or kept.until <= time.monotonic():
            kept = self._refreshed(key, kept)
        if kept is None:
            return NO_SITE if self._is_missing(key) else AWAY
        return kept if kept.site.status == "open" else CLOSED

    def logo(self, key: str, tag: str) -> Answer:
        """The site's logo by the name of its bytes: another picture has another address."""
        kept = self.kept(key)
        if isinstance(kept, Answer):
            return kept
        name, packed = kept.logo
        return Answer(200, packed, FOREVER) if packed and name == tag else NO_LOGO

    def survey(self, site_key: str, survey_key: str, version: str, language: str) -> Answer:
        kept = self.kept(site_key)
        if isinstance(kept, Answer):
            return kept
        shapes = ((SURVEY_KEY, survey_key), (VERSION, version), (LANGUAGE, language))
        if not all(shape.fullmatch(text) for shape, text in shapes):
            return NO_SURVEY
        try:
            return self._survey(kept.site, survey_key, version, language)
        except Exception:  # the page must get an answer whatever the database does
            log.warning("a survey could not be read", exc_info=True)
            return AWAY

    def help(self, site_key: str, language: str) -> Answer:
        """The site's list of help, as old as its config at most."""
        kept = self.kept(site_key)
        if isinstance(kept, Answer):
            return kept
        if not LANGUAGE.fullmatch(language):
            return NO_HELP
        spoken_in, entries = spoken_to(kept.site.help, language, kept.site.language)
        packed = kept.help.get(spoken_in)
        if packed is None:
            said = wire.as_bytes(wire.help_list(spoken_in, entries))
            packed = kept.help[spoken_in] = Packed("application/json", said)
        return Answer(200, packed, CONFIG_CACHE)

    def _survey(self, site: PublicSite, key: str, version: str, language: str) -> Answer:
        if self._is_missing((site.id, key, version)):
            return NO_SURVEY
        with self._app.app_context():
            known = find_version(db.session, site.id, key, version)
        if known is None:
            self._note_missing((site.id, key, version))
            return NO_SURVEY
        spoken = known.definition.language_for(language, site.language)
        name = (site.id, key, version, spoken)
        packed = self._surveys.get(name)
        if packed is None:
            if len(self._surveys) >= MOST_SURVEYS:
                self._surveys.clear()
            packed = Packed("application/json", wire.as_bytes(wire.survey(known, spoken)))
            self._surveys[name] = packed
        # Another language than was asked for follows the site's default, which may change.
        return Answer(200, packed, FOREVER if spoken == language else LOADER_CACHE)

    def _refreshed(self, key: str, stale: KeptSite | None) -> KeptSite | None:
        """Read by one thread at a time; the others go on with what they have, and wait only if they have nothing."""
        if time.monotonic() < self._left_alone_until:
            return stale
        if not self._reading.acquire(timeout=0 if stale else WAIT_SECONDS):
            return stale
        try:
            return self._read(key)
        except Exception:  # the page must get an answer whatever the database does
            log.warning("a site's config could not be read", exc_info=True)
            self._left_alone_until = time.monotonic() + RETRY_SECONDS
            return stale
        finally:
            self._reading.release()

    def _read(self, key: str) -> KeptSite | None:
        kept = self._kept.get(key)
        if kept is not None and kept.until > time.monotonic():  # another thread was quicker
            return kept
        with self._app.app_context():
            site = read_public_site(key)
            config = wire.as_bytes(wire.config(site, live_surveys(site.id))) if site else b""
        if site is None:
            self._kept.pop(key, None)
            self._note_missing(key)
            return None
        until = time.monotonic() + FRESH_SECONDS
        packed = kept.config if kept and kept.config.body == config else Packed("application/json", config)
        self._kept[key] = fresh = KeptSite(site, packed, until)
        return fresh

    def _is_missing(self, name: object) -> bool:
        return time.monotonic() < self._missing.get(name, 0.0)

    def _note_missing(self, name: object) -> None:
        if len(self._missing) >= MOST_MISSING:
            self._missing.clear()
        self._missing[name] = time.monotonic() + FRESH_SECONDS


def send(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the bytes, compressed if that is understood, or with 304 if the client has them."""
    packed = answer.packed
    squeeze = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) and len(packed.gzipped) < len(packed.body)
    body = packed.gzipped if squeeze else packed.body
    headers = [*PUBLIC, ("Cache-Control", answer.cache), ("Vary", "Accept-Encoding"), *answer.more]
    status = answer.status
    if status == 200:
        headers.append(("ETag", f'"{packed.tag}{"-gz" if squeeze else ""}"'))
        if has_it(packed.tag, environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 Not Modified", headers)
            return []
    headers += [("Content-Type", packed.content_type), ("Content-Length", str(len(body)))]
    if squeeze:
        headers.append(("Content-Encoding", "gzip"))
    start_response(f"{status} {REASONS.get(status, 'Service Unavailable')}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def preflight(start_response: StartResponse) -> Iterable[bytes]:
    allowed = [("Access-Control-Allow-Methods", METHODS), ("Access-Control-Max-Age", "7200"), ("Allow", METHODS)]
    start_response("204 No Content", [*PUBLIC, *allowed])
    return []


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding allows gzip (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight) is None
    return False


def has_it(tag: str, if_none_match: str) -> bool:
    """Whether an If-None-Match names this content, in either form (RFC 9110, 13.1.2: weak comparison)."""
    if if_none_match.strip() == "*":
        return True
    named = (one.strip().removeprefix("W/").strip('"') for one in if_none_match.split(","))
    return any(one.removesuffix("-gz") == tag for one in named)
