"""From a checked submission to what is stored: redacted, its claims weighed, its moment fixed. Pure.

Everything that the database is to hold is decided here; `receive.py` only hands it on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from widget_server.addresses import normal_address
from widget_server.clock import DAY, MINUTE
from widget_server.intake.answers import Given
from widget_server.intake.identity import is_signed
from widget_server.intake.page_context import cut_to_size, is_plain, redact_url, redact_value, redact_words
from widget_server.intake.schemas import MARGIN, Submission, Visitor
from widget_server.people.operations import Reach
from widget_server.redaction import Found, Redacted, redact
from widget_server.responses.operations import Snapshot
from widget_server.sites.queries import PublicSite
from widget_server.surveys.questions.contact import contact_given
from widget_server.surveys.questions.question import ContactGiven
from widget_server.surveys.questions.text import LONGEST as LONGEST_TEXT

TEXT_CONTACT_LIFE = 30 * DAY
MOST_FOUND = 10  # contacts kept of what was found in texts
REGIONS = {"no": "NO", "nb": "NO", "nn": "NO", "nl": "NL", "th": "TH", "da": "DK", "sv": "SE", "fi": "FI", "de": "DE",
           "fr": "FR", "es": "ES", "it": "IT", "pl": "PL", "pt": "PT", "ja": "JP"}  # fmt: skip
"""Where a language is mostly spoken: whose telephone numbers may stand in a text without a country code."""


@dataclass(frozen=True)
class Moment:
    """What the request itself says: when, from which listed origin, and whether privacy was asked for (GPC, DNT)."""

    now: int
    origin: str | None
    privacy: bool = False


@dataclass(frozen=True)
class Asked:
    """What the answers were read by: None for a version that we don't know, so that they are kept aside for staff."""

    given: Given | None
    version_id: int | None
    consent_version: str
    late: bool = False  # the survey is paused meanwhile
    anonymous: bool = False  # nothing is kept of whoever answers, nor of where


@dataclass(frozen=True)
class Arrival:
    """A snapshot to be stored, with the ways to reach its sender and what they may be recognised by, still in plain."""

    snapshot: Snapshot
    reaches: tuple[Reach, ...]
    identities: tuple[tuple[str, str], ...]


def arrival(
    submission: Submission,
    asked: Asked,
    site: PublicSite,
    secrets: Sequence[str],
    moment: Moment,
    quiet_minutes: int,
) -> Arrival:
    """What to store.

    Args:
        secrets: the site's identity secrets.
    """
    if asked.anonymous:
        submission, moment = unnamed(submission), replace(moment, origin=None)
    regions = regions_of(site.region, submission.lang, submission.context.get("locale"))
    visitor, said = submission.visitor, submission.visitor.said
    visitor_signed = said is not None and is_signed("visitor", said, visitor.sig, secrets, moment.now)
    facts_signed = bool(submission.facts) and is_signed("facts", submission.facts, submission.facts_sig, secrets, moment.now)
    unread = asked.given is None
    kept = asked.given or _unread(submission.answers)
    texts = {key: redact(text, regions) for key, text in kept.texts.items()}
    contact, reaches = _reaches(kept.contact, submission, asked.consent_version, texts.values(), moment.now)
    state = "quarantined" if unread else "test" if site.test_mode else "kept"
    columns = {
        "updated_at": moment.now,
        "display_id": submission.display,
        "client_skew": None if submission.sent_at is None else submission.sent_at - moment.now,
        "language": (submission.lang or site.language)[:10],
        "url": redact_url(submission.context.get("url", "")).text[:2000],
        "release": _release(submission.context.get("release")),
        "visitor_verified": visitor_signed,
        "facts_verified": facts_signed,
        "answers": _values(kept, unread, regions),
        "context": _context(submission, regions, visitor_signed) | ({"late": True} if asked.late else {}),
        "due_at": _due(state, submission.finished, moment.now, quiet_minutes),
        "survey_key": submission.survey,
        "version": submission.version,
        "version_id": asked.version_id,
        "wave": submission.wave,
    }
    snapshot = Snapshot(
        site_id=site.id,
        client_id=submission.id,
        secret_hash=secret_hash(submission.secret),
        seq=submission.seq,
        finished=submission.finished,
        state=state,
        fixed={"received_at": moment.now, "zone": site.zone, "origin": moment.origin, **local_time(moment.now, site.zone)},
        columns=columns,
        answers=tuple(
            {"question": one.question, "kind": one.kind, "number": one.number, "key": one.key and one.key[:400]}
            for one in kept.closed
        ),
        texts=tuple(
            {"question": key, "text": done.text[:LONGEST_TEXT], "redactions": list(done.kinds)}
            for key, done in texts.items()
        ),
    )
    identities = () if asked.anonymous else _identities(submission, site, contact, visitor_signed, moment.privacy)
    return Arrival(snapshot, () if asked.anonymous else tuple(reaches), tuple(identities))


def unnamed(submission: Submission) -> Submission:
    """The same answers of nobody in particular: no claims, no page, no behaviour, no showing that it belongs to."""
    return replace(
        submission, visitor=Visitor(), context={}, facts={}, facts_sig=None, display=None, sent_at=None, at_opening=None
    )


def secret_hash(secret: str | None) -> str | None:
    """A secret of 128 random bits needs no slow hash."""
    return None if secret is None else hashlib.sha256(secret.encode()).hexdigest()


def local_time(now: int, zone: str) -> dict[str, Any]:
    """The site's own calendar day and hour."""
    return _local_time(now // QUARTER * QUARTER, zone)


QUARTER = 15 * MINUTE  # no zone changes its hour at another minute


@lru_cache(256)
def _local_time(now: int, zone: str) -> dict[str, Any]:
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone))
    return {"local_day": local.date().isoformat(), "local_hour": local.hour}


def regions_of(region: str | None, language: str | None, locale: object) -> tuple[str, ...]:
    """Countries whose telephone numbers may stand without a country code, likeliest first."""
    spoken = [part.partition("-")[0].lower() for part in (language, locale) if isinstance(part, str)]
    country = locale.rpartition("-")[2].upper() if isinstance(locale, str) and len(locale) == 5 else None
    found = [region, country, *(REGIONS.get(one) for one in spoken)]
    return tuple(dict.fromkeys(one for one in found if one))[:3]


def _due(state: str, finished: bool, now: int, quiet_minutes: int) -> int | None:
    if state != "kept":
        return None
    return now if finished else now + quiet_minutes * MINUTE


def _unread(answers: Mapping[str, Any]) -> Given:
    """Answers to an unknown version: sentences apart as texts, what looks like a contact as one, the rest as sent."""
    texts: dict[str, str] = {}
    values: dict[str, Any] = {}
    contact = None
    for key, value in answers.items():
        name = key[:60]
        if isinstance(value, str) and (len(value) > 60 or " " in value):
            texts[name], values[name] = value[: LONGEST_TEXT + MARGIN], True
        elif isinstance(value, dict) and "consent" in value:
            contact = contact_given(value)
            values[name] = {"given": bool(contact.email and contact.consent)}
        else:
            values[name] = value
    return Given(texts=texts, contact=contact, values=values)


def _values(given: Given, unread: bool, regions: Sequence[str]) -> dict[str, Any]:
    """Answers of a known version are its own keys and numbers, or words of the page; of an unknown one anything."""
    if not unread:
        found = dict(given.values)
        for name in given.of_the_page:
            found[name] = redact_value(found[name], lambda text: redact_words(text, regions))
        return found
    redacted = redact_value(given.values, lambda text: redact(text, regions))
    return redacted if isinstance(redacted, dict) else {}


def _reaches(
    contact: ContactGiven | None, submission: Submission, consent_version: str, texts: Any, now: int
) -> tuple[ContactGiven | None, list[Reach]]:
    """The contact that may be used, and all that is to be kept. Without consent an address is dropped here."""
    visitor = submission.visitor
    said = [("form", contact, consent_version)]
    if visitor.consent_version:
        said.append(("visitor", ContactGiven(visitor.email, visitor.name, True), visitor.consent_version))
    reaches: list[Reach] = []
    used: ContactGiven | None = None
    for source, one, consented in said:
        if one is None or not one.consent:
            continue
        address = (one.email or "").strip()
        if address and normal_address(address) is not None:
            reaches.append(Reach("email", source, address, consented))
            used = used or one
        if one.name:
            reaches.append(Reach("name", source, one.name, consented))
    found: list[Found] = [found for done in texts for found in done.found]
    first = list(dict.fromkeys(found))[:MOST_FOUND]
    reaches += [Reach(one.kind, "text", one.value, delete_at=now + TEXT_CONTACT_LIFE) for one in first]
    return used, reaches


def _identities(
    submission: Submission, site: PublicSite, contact: ContactGiven | None, signed: bool, privacy: bool
) -> list[tuple[str, str]]:
    """By what this person may be recognised: signed, consented, or nothing."""
    visitor = submission.visitor
    found: list[tuple[str, str]] = []
    if signed and visitor.reference:
        found.append(("reference", visitor.reference))
    if contact is not None and (address := normal_address(contact.email or "")):
        found.append(("email", address))
    if visitor.id and not privacy and (site.consent_mode == "open" or visitor.consent_version):
        found.append(("visitor", visitor.id))
    return found


def _release(release: object) -> str | None:
    return redact(release).text[:100] if isinstance(release, str) else None


def _redacted(context: Mapping[str, Any], regions: Sequence[str]) -> dict[str, Any]:
    def words(text: str) -> Redacted:
        return redact_words(text, regions)

    return {name: redact_value(part, redact if name in PLAIN else words) for name, part in context.items()}


def _redacted_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: redact_value(fact, redact_words) for name, fact in facts.items() if not redact(name).kinds}


PLAIN = ("signals", "tz", "locale", "device")
"""Context of numbers and short codes, in which a number without a country code is no telephone's."""


def _context(submission: Submission, regions: Sequence[str], signed: bool) -> dict[str, Any]:
    """What staff and rules see of the page and the visitor; claims marked as such, nothing in it that was taken out."""
    kept = {name: part for name, part in submission.context.items() if name not in ("url", "release", "facts")}
    facts = submission.context.get("facts")
    if not is_plain([kept, facts]):
        kept, facts = _redacted(kept, regions), _redacted_facts(facts or {})
    kept = {name: cut_to_size(part, name) for name, part in kept.items()}
    if facts:
        kept["facts"] = facts
    reference = submission.visitor.reference
    if reference:
        kept["visitor"] = {"reference": redact(reference).text, "verified": signed}
    return kept
