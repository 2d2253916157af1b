"""Reads of replies that can be used again: those that a site saved, and those of earlier cases after which it held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from widget_server.accounts.models import User
from widget_server.database import db
from widget_server.recovery.models import Case, CaseMessage
from widget_server.replies.likeness import MOST_CASES, MOST_LETTERS, Alike, Past, most_alike
from widget_server.replies.models import SavedReply
from widget_server.responses.models import TextAnswer
from widget_server.scoring.models import AssessmentRow

BEGINNING = 160
"""So many letters of a saved reply stand in lists."""
SHOWN = 3


@dataclass(frozen=True)
class Listed:
    """A saved reply in a list: `beginning` is what it begins with, `author` whoever made it, where they are still here."""

    public_id: str
    language: str
    title: str
    beginning: str
    author: str | None
    changed_at: int


def saved_replies(site_id: int, languages: Collection[str] | None = None) -> list[Listed]:
    """All of a site by language and title, or those in some languages."""
    beginning = func.substr(SavedReply.body, 1, BEGINNING)
    found = (
        select(SavedReply.public_id, SavedReply.language, SavedReply.title, beginning, User.name, SavedReply.changed_at)
        .outerjoin(User, User.id == SavedReply.author_id)
        .where(SavedReply.site_id == site_id)
        .order_by(SavedReply.language, SavedReply.folded)
    )
    if languages is not None:
        found = found.where(SavedReply.language.in_(languages))
    return [Listed(*row) for row in db.session.execute(found).tuples()]


def saved_reply(site_id: int, public_id: str) -> SavedReply | None:
    return db.session.scalar(select(SavedReply).where(SavedReply.site_id == site_id, SavedReply.public_id == public_id))


def count_saved(site_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(SavedReply).where(SavedReply.site_id == site_id)) or 0


# Of earlier cases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worked:
    """The reply after which a case was put right, and its customer said that it held. `topics`: those in common."""

    public_id: str
    words: str
    case_number: int
    at: int
    author: str
    topics: tuple[str, ...]


def worked_replies(case: Case, topics: Collection[str], complaint: str) -> list[Worked]:
    """Of the cases that are most like this one, the reply that each was resolved with. Erased words are in none."""
    past = _past(case)
    if not past:
        return []
    alike = most_alike(topics, complaint, past)[:SHOWN]
    replies = _resolving([one.case_id for one in alike])
    return [_worked(one, *replies[one.case_id]) for one in alike if one.case_id in replies]


def _worked(alike: Alike, message: CaseMessage, number: int, author: str | None) -> Worked:
    return Worked(message.public_id, message.body, number, message.at, author or "Somebody", alike.topics)


@dataclass(frozen=True)
class Held:
    """The words of a reply, and the language of its case."""

    words: str
    language: str


def worked_reply(site_id: int, public_id: str) -> Held | None:
    """One of them by its id, as long as its words are there and its case counts as held."""
    found = select(CaseMessage.body, Case.language).join(Case, Case.id == CaseMessage.case_id)
    held = found.where(CaseMessage.public_id == public_id, *_said, Case.site_id == site_id, Case.satisfied.is_(True))
    row = db.session.execute(held).tuples().first()
    return Held(*row) if row else None


_said = (CaseMessage.kind == "reply", CaseMessage.body != "")


def _past(case: Case) -> list[Past]:
    """The newest cases in this language that held, of which a reply is left.

    The newest are taken first, by an index, and then looked at: of old ones the words are gone, and to look for more would
    be to look through all that ever were.
    """
    newest = (
        select(Case.id, Case.first_response_id, Case.resolved_at)
        .where(
            Case.site_id == case.site_id, Case.language == case.language, Case.satisfied.is_(True), Case.id != case.id,
            Case.resolved_at.is_not(None),
        )
        .order_by(Case.resolved_at.desc())
        .limit(MOST_CASES)
        .subquery()
    )  # fmt: skip
    topics = (
        select(AssessmentRow.topics)
        .where(AssessmentRow.response_id == newest.c.first_response_id)
        .order_by(AssessmentRow.revision.desc(), AssessmentRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    reply_left = select(CaseMessage.id).where(CaseMessage.case_id == newest.c.id, *_said).exists()
    rows = db.session.execute(select(newest, topics).where(reply_left).order_by(newest.c.resolved_at.desc())).all()
    words = _complaints([row.first_response_id for row in rows])
    return [Past(id, at, frozenset(about or ()), words.get(first, "")) for id, first, at, about in rows]


def _complaints(response_ids: Collection[int]) -> dict[int, str]:
    """The longest text of each response, as far as it is compared."""
    beginning = func.substr(TextAnswer.text, 1, MOST_LETTERS)
    found = select(TextAnswer.response_id, beginning).where(TextAnswer.response_id.in_(response_ids))
    words: dict[int, str] = {}
    for response_id, text in db.session.execute(found).tuples():
        words[response_id] = max(words.get(response_id, ""), text, key=len)
    return words


def _resolving(case_ids: Collection[int]) -> dict[int, tuple[CaseMessage, int, str | None]]:
    """Of each case the last reply that went out before it was resolved, with the case's number and who wrote it."""
    found = (
        select(CaseMessage, Case.number, User.name)
        .join(Case, Case.id == CaseMessage.case_id)
        .outerjoin(User, User.id == CaseMessage.author_id)
        .where(CaseMessage.case_id.in_(case_ids), *_said, CaseMessage.at <= Case.resolved_at)
        .order_by(CaseMessage.at, CaseMessage.id)
    )
    return {message.case_id: (message, number, name) for message, number, name in db.session.execute(found).tuples()}
