"""What is kept for how long: the kinds, their defaults, and how each is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DAY = 24 * 60 * 60 * 1000
KEEP = 0
MOST_DAYS = 3650


@dataclass(frozen=True)
class Period:
    """`says` is a sentence for the settings screen; `kept` what keeping it for good means."""

    kind: str
    title: str
    days: int
    says: str
    kept: str


PERIODS = (
    Period(
        "words", "What was written", 365,
        "Texts, the conversation of the case, pictures, and what recognises a person again, after a response came in. "
        "Not while its case is open. Ratings, dates, cause and remedy stay.",
        "Everything that anybody ever wrote stays, and people are recognised for good.",
    ),
    Period(
        "contacts", "Addresses and names", 30,
        "After the case was closed; without a case, after the response came in. Mails that went to the address go with it. "
        "Addresses that were found in a text go after 30 days in any case.",
        "Addresses and names stay for good, also of people whose case was closed years ago.",
    ),
    Period(
        "pictures", "Pictures", 180,
        "Screenshots and photographs, after they came in. Not while their case is open.",
        "Pictures stay as long as the words that they came with.",
    ),
    Period(
        "trails", "Steps and page details", 90,
        "The steps before a response, facts of the page, its title and where the visitor came from, after it came in. "
        "Not while its case is open. Device, window and counted behaviour stay.",
        "What people did on your pages stays as long as their words.",
    ),
    Period(
        "mails", "The words of mails", 90,
        "Of what was sent, failed or was held, after it was written. That it was sent, and when, stays.",
        "The words of all mails stay in the list of deliveries.",
    ),
    Period(
        "displays", "That a survey was shown", 800,
        "When a survey was shown to somebody, and nothing of whom. Shares of those who answered are counted from it, in the "
        "last year and the one before.",
        "One line for each time that a survey was shown stays, for good.",
    ),
    Period(
        "audit", "Who saw and did what", 730,
        "Lines of the audit log.",
        "The audit log grows for good, and so does what it tells about your own people.",
    ),
)  # fmt: skip
KINDS = tuple(period.kind for period in PERIODS)


@dataclass(frozen=True)
class Keeping:
    """How long one site keeps each kind, in days; 0 is for good."""

    days: Mapping[str, int]

    def limit(self, kind: str, now: int) -> int | None:
        """What is older than this moment goes; None: nothing does."""
        days = self.days[kind]
        return None if days == KEEP else now - days * DAY


def keeping(own: Mapping[str, int]) -> Keeping:
    """The defaults with what a site says itself."""
    return Keeping({one.kind: own.get(one.kind, one.days) for one in PERIODS})


def read_days(text: str) -> int | None:
    """Days as somebody typed them; 'keep' and 0 are for good. None: it is neither."""
    bare = text.strip().casefold()
    if bare == "keep":
        return KEEP
    if not (bare.isascii() and bare.isdecimal() and len(bare) < 6):
        return None
    return int(bare) if int(bare) <= MOST_DAYS else None
