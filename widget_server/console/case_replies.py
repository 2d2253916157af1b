"""Replies to begin with, at a case: those that the site saved, and those after which it held in cases like this one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import Response as Answered
from flask import g, make_response

from widget_server.accounts.models import User
from widget_server.console.frame import allowed, here, screen
from widget_server.database import db
from widget_server.errors import NotFound
from widget_server.people.queries import contact_name
from widget_server.recovery.addressing import reference
from widget_server.recovery.letters import known_language
from widget_server.recovery.models import Case
from widget_server.recovery.queries import case_by_number, responses_of
from widget_server.replies.filling import filled
from widget_server.replies.queries import (
    Listed,
    Worked,
    saved_replies,
    saved_reply,
    worked_replies,
    worked_reply,
)


@dataclass(frozen=True)
class Replies:
    """What the composer offers."""

    saved: list[Listed]
    worked: list[Worked]

    def __len__(self) -> int:
        return len(self.saved) + len(self.worked)


def replies_for(case: Case, topics: Collection[str], complaint: str, name: str | None) -> Replies:
    """Saved ones in the case's language first, then those in the site's; then what worked in cases like this one.

    Args:
        topics: what the case is about.
        complaint: the customer's words.
        name: what the customer is called, for who may see it.
    """
    site = here().site
    spoken = list(dict.fromkeys([case.language, known_language(case.language, case.language), site.language]))
    kept = saved_replies(site.id, spoken)
    begun = [replace(one, beginning=_filled(one.beginning, case, name)) for one in kept]
    saved = sorted(begun, key=lambda one: spoken.index(one.language))
    return Replies(saved, worked_replies(case, topics, complaint))


def words_of(case: Case, reply_id: str) -> str | None:
    """A reply as it goes into the composer: a saved one with this case's names, another's as it was sent. None: gone."""
    site = here().site
    reply_id = reply_id[:36] if reply_id.isprintable() else ""
    kept = saved_reply(site.id, reply_id)
    if kept is None:
        worked = worked_reply(site.id, reply_id)
        return worked.words if worked else None
    return _filled(kept.body, case, _name(case))


def _filled(words: str, case: Case, name: str | None) -> str:
    site, me = here().site, db.session.get_one(User, g.user_id)
    return filled(words, name=name, agent=me.name, site=site.name, reference=reference(site, case.number))


def _name(case: Case) -> str | None:
    """What the customer is called, for who may see it."""
    if not allowed("person.read"):
        return None
    return next(filter(None, (contact_name(one.id) for one in responses_of(case.id))), None)


@screen("/cases/<case:number>/replies/<reply_id>", "case.work")
def reply_words(number: int, reply_id: str) -> Answered:
    """The words alone, for the script that puts them into what is being written."""
    case = case_by_number(here().site.id, number)
    words = words_of(case, reply_id) if case else None
    if words is None:
        raise NotFound("There is no such reply any more.")
    answer = make_response(words)
    answer.content_type = "text/plain; charset=utf-8"
    return answer
