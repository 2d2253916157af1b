"""Which version a caller looked at before they write: ETag and If-Match (RFC 9110), 428 where it is missing. Pure."""

from __future__ import annotations

import re

from widget_server.errors import BadShape, Refusal

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')


class Stale(Refusal):
    status = 412
    title = "This was changed by somebody else"


class PreconditionRequired(Refusal):
    status = 428
    title = "Say which version you looked at"


def etag(version: int) -> str:
    return f'"{version}"'


def versions_wanted(if_match: str | None) -> frozenset[str] | None:
    """The versions that the caller would write over; None for any ('*').

    Raises:
        PreconditionRequired: there is no If-Match.
        BadShape: it can't be read.
    """
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag that you read, or If-Match: * to write over anything.")
    if if_match.strip() == "*":
        return None
    tags = [_TAG.fullmatch(part) for part in if_match.split(",")]
    if not all(tags):
        raise BadShape('If-Match is an ETag as it was sent, such as "7", or *.')
    return frozenset(tag[2] for tag in tags if tag and not tag[1])  # a weak one never matches


def hold_to(version: int, wanted: frozenset[str] | None) -> int | None:
    """The version to write over, for the desk; None for any.

    Raises:
        Stale: it is another one by now.
    """
    if wanted is None:
        return None
    if str(version) not in wanted:
        raise Stale(f"This is version {version} by now: read it again, and decide with what you see.")
    return version
