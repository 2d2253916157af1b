"""The whole way of a response, without HTTP: site, origin, limit, shape, survey, redaction, commit, receipt.

The public edge calls this, and so does whoever brings responses in by other doors (the demo's history does).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from widget_server.clock import now_ms
from widget_server.config import Settings
from widget_server.database import db
from widget_server.errors import BadShape, Gone, Invalid, NotFound, Unavailable, WrongMediaType
from widget_server.intake.answers import Given, read_answers
from widget_server.intake.arrival import Arrival, Asked, Moment, arrival
from widget_server.intake.limits import Limits
from widget_server.intake.origins import accepted_origin
from widget_server.intake.safe_json import read_object
from widget_server.intake.schemas import Submission, submission_from
from widget_server.intake.writer import Writer, make_writer
from widget_server.people.operations import (
    Fingerprint,
    SealedReach,
    fingerprints,
    remember,
    remember_new,
    sealed,
)
from widget_server.responses.operations import Snapshot, Stored, store, store_new
from widget_server.responses.receipts import receipt_token
from widget_server.sites.queries import PublicSite, blind_key, identity_secrets, public_site
from widget_server.surveys.path import opening_facts
from widget_server.surveys.queries import find_version, is_anonymous, is_live

MOST_BYTES = 32 * 1024
MEDIA_TYPES = ("text/plain", "application/json")


@dataclass(frozen=True)
class Answer:
    """What the sender is told: 202 and a body, since whatever else happens is raised as a Refusal."""

    status: int
    body: dict[str, Any]


@dataclass
class Intake:
    """What one application needs to take in: made at the first request, in the process that serves it."""

    settings: Settings
    limits: Limits
    writer: Writer


_making = threading.Lock()


def intake_of(app: Flask) -> Intake:
    """The application's own, made once. Needs an application context the first time."""
    with _making:
        found: Intake | None = app.extensions.get("intake")
        if found is None:
            settings: Settings = app.extensions["widget_settings"]
            writer = make_writer(db.engine, settings.group_commit_wait)
            found = app.extensions["intake"] = Intake(settings, Limits(settings.limits_url), writer)
        return found


def admitted(
    intake: Intake, site_key: str, origin: str | None, address: str | None, what: str
) -> tuple[PublicSite, str | None]:
    """The site and the origin to note, for a caller who may send now.

    Args:
        origin: the Origin header, None when there is none: accepted, not verified, and under a tighter limit.
        address: the caller's; counted, never kept. None is not counted.

    Raises:
        NotFound, Forbidden, Gone, TooMany
    """
    site = public_site(site_key)
    if site is None:
        raise NotFound("There is no site with this key.")
    settings = intake.settings
    noted = accepted_origin(origin, site.origins, _own_origin(settings.base_url), site.allow_null_origin)
    if site.status == "closed":
        raise Gone("This site takes in nothing any more.")
    if address is not None:
        verified = noted is not None
        per_minute = settings.responses_per_minute if verified else settings.unverified_per_minute
        intake.limits.count(f"{what}:{site.id}:{'page' if verified else 'unverified'}", address, per_minute)
    return site, noted


def receive(
    app: Flask,
    site_key: str,
    body: bytes,
    *,
    origin: str | None,
    address: str | None,
    content_type: str = "text/plain",
    privacy: bool = False,
    handed_over: Callable[[], object] | None = None,
) -> Answer:
    """Take in one snapshot of a response; returns after the commit that holds it. Not within `database.writing()`.

    Args:
        origin: the Origin header, or None.
        address: for the limits alone; None is not counted.
        privacy: the sender asked for it by `Sec-GPC` or `DNT`: no visitor id is used.
        handed_over: called when all that is left is to wait for a commit that another thread makes.

    Raises:
        Refusal: NotFound, Forbidden, Gone, TooMany, WrongMediaType, TooLarge, BadShape, Invalid, Conflict, Unavailable.
    """
    intake = intake_of(app)
    site, noted = admitted(intake, site_key, origin, address, "responses")
    check_media_type(content_type)
    submission = submission_from(read_object(body, MOST_BYTES))
    asked = _asked(site, submission)
    coming = arrival(
        submission,
        asked,
        site,
        identity_secrets(site.id) if submission.visitor.sig or submission.facts_sig else (),
        Moment(now_ms(), noted, privacy),
        intake.settings.quiet_minutes,
    )
    work = _work(coming, site, intake.settings)
    end_reading()
    stored = intake.writer.write(work, handed_over)
    return Answer(202, _receipt(stored, submission.id, intake.settings))


def end_reading() -> None:
    """Give the reads' connection back before a commit is waited for; one that broke meanwhile is thrown away."""
    if not db.session.registry.has():  # all that was asked for was known: there was no read
        return
    try:
        db.session.rollback()
    except DBAPIError:
        db.session().invalidate()


def check_media_type(content_type: str) -> None:
    """JSON, said as text/plain (no preflight) or as application/json, in UTF-8."""
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if kind not in MEDIA_TYPES:
        raise WrongMediaType(f"Send JSON as {' or '.join(MEDIA_TYPES)}, not as {kind[:60] or 'nothing'!r}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise WrongMediaType("Send JSON in UTF-8.")


def _asked(site: PublicSite, submission: Submission) -> Asked:
    """The answers read by the survey's version that asked them."""
    known = find_version(db.session, site.id, submission.survey, submission.version)
    if known is None:
        return Asked(None, None, site.consent_version, anonymous=is_anonymous(site.id, submission.survey))
    opening = submission.at_opening
    if opening is None:
        opening = opening_facts(submission.context, submission.lang)
    given = read_answers(known.definition, submission.answers, submission.finished, opening)
    if not isinstance(given, Given):
        first = given[0]
        raise Invalid(f"{first.pointer}: {first.detail}", given)
    consent = known.definition.consent
    consented = (consent.version if consent else site.consent_version)[:40]
    late = not is_live(site.id, submission.survey)
    return Asked(given, known.version_id, consented, late, known.definition.anonymous)


def _work(coming: Arrival, site: PublicSite, settings: Settings) -> Keep:
    """The writing itself, with all that takes time done before: the writer's thread serves everybody."""
    try:
        persons = fingerprints(blind_key(site.id), coming.identities) if coming.identities else ()
    except LookupError as error:  # the installation's keys are wrong: until they are right the senders keep their words
        raise Unavailable("The server's keys do not open this site; send it again later.") from error
    reaches = sealed(coming.reaches, settings.encryption_keys)
    return Keep(coming.snapshot, reaches, persons)


@dataclass(frozen=True)
class Keep:
    """What the writer does with one snapshot, or with several at once."""

    snapshot: Snapshot
    reaches: tuple[SealedReach, ...]
    persons: tuple[Fingerprint, ...]

    def __call__(self, connection: Connection) -> Stored:
        stored = store(connection, self.snapshot)
        if stored.changed:
            again = self.snapshot.seq > 1
            remember(connection, self.snapshot.site_id, stored.response_id, self.reaches, self.persons, again=again)
        return stored

    @staticmethod
    def together(connection: Connection, several: Sequence[Keep]) -> list[Stored]:
        """Those that begin a response go in by a few statements for all; the others one after the other."""
        first = [one for one in several if one.snapshot.seq == 1]
        stored = iter(store_new(connection, [one.snapshot for one in first]))
        done = [next(stored) if one.snapshot.seq == 1 else one(connection) for one in several]
        new = [(one, kept.response_id) for one, kept in zip(several, done, strict=True) if one.snapshot.seq == 1]
        remember_new(connection, [(one.snapshot.site_id, id, one.reaches, one.persons) for one, id in new])
        return done


def _receipt(stored: Stored, client_id: str, settings: Settings) -> dict[str, Any]:
    token = receipt_token(settings.secret_key, stored.public_id) if stored.held else None
    return {
        "id": client_id,
        "seq": stored.seq,
        "receipt": token,
        "receipt_url": token and f"{settings.base_url}/r/{token}",
    }


def _own_origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def object_in(body: bytes, content_type: str, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The JSON object of a smaller request (events, the state of a receipt)."""
    check_media_type(content_type)
    if not body:
        raise BadShape("The body is empty: send one JSON object.")
    return read_object(body, most_bytes)
