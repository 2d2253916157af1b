"""Replies that worked: from this site, in this language, after which the customer said that it held. On both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from tests.console.desk_data import Complaint, complain, make_people, make_site
from widget_server import desk
from widget_server.accounts.models import User
from widget_server.database import db, writing
from widget_server.recovery.models import Case, CaseMessage
from widget_server.replies import queries
from widget_server.replies.queries import worked_replies, worked_reply
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site

TWICE = "Paid twice for the same seat, and the chat sent me round in circles."
CHARGED = Complaint(TWICE)
SORRY, DONE = "I am sorry. I look at it now.", "The second charge is on its way back to your card."
WHOLE = re.compile(r"SCAN (cases|case_messages|texts|assessments)|Seq Scan")
"""A look at all rows of a table."""


@pytest.fixture
def site(any_app: Flask) -> Site:
    with writing():
        made = make_site("ternair", "Tern Air")
        make_people(made)
        make_people(make_site("other", "Other Line"))
    return made


def put_right(site: Site, told: Complaint = CHARGED, *, held: bool | None = True, done: str = DONE) -> Case:
    """A case that was answered twice and resolved with the second answer; `held`: what the customer said then."""
    with writing():
        site = db.session.merge(site)
        maren = db.session.scalars(select(User).where(User.email == f"support@{site.key}.example")).one()
        case = complain(site, told)
        desk.reply(case, maren, expected_version=None, body=SORRY, token="one", apology=True)
        desk.reply(case, maren, expected_version=None, body=done, token="two", then="resolve", cause="c", remedy="r")
        if held is not None:
            desk.answer_followup(case, held)
    return case


def asking(site: Site, told: Complaint = CHARGED) -> Case:
    with writing():
        return complain(db.session.merge(site), told)


def found(case: Case, topics: tuple[str, ...] = ("payment",), words: str = TWICE) -> list[str]:
    db.session.rollback()
    return [one.words for one in worked_replies(db.session.merge(case), topics, words)]


def test_the_reply_that_a_like_case_was_resolved_with_comes_up(site: Site) -> None:
    before = put_right(site)
    (one,) = worked_replies(asking(site), ["payment", "seat"], TWICE)
    assert (one.words, one.case_number, one.author, one.topics) == (DONE, before.number, "Support Solli", ("payment",))
    assert one.at <= (before.resolved_at or 0)
    held = worked_reply(before.site_id, one.public_id)
    assert held is not None
    assert (held.words, held.language) == (DONE, "en")


def test_what_did_not_hold_or_was_never_said_to_comes_up_never(site: Site) -> None:
    put_right(site, held=None, done="not asked yet")
    put_right(site, held=False, done="it did not hold")
    again = put_right(site, done="it held, and then it did not")
    with writing():
        again = db.session.merge(again)
        desk.write_again(again, "It happened again.")
        desk.answer_followup(again, False)
    assert found(asking(site)) == []
    sent = db.session.scalars(select(CaseMessage.public_id)).all()
    assert [worked_reply(site.id, one) for one in sent] == [None] * len(sent)


def test_other_languages_other_subjects_and_other_sites_stay_away(site: Site) -> None:
    other = db.session.scalars(select(Site).where(Site.key == "other")).one()
    elsewhere = put_right(other)
    put_right(site, Complaint(TWICE, language="nl"))
    put_right(site, Complaint("The menu is hard to read."))
    case = asking(site)
    assert found(case, topics=("accessibility",)) == []
    assert len(found(case)) == 1
    sent = db.session.scalars(select(CaseMessage.public_id).where(CaseMessage.case_id == elsewhere.id)).all()
    assert [worked_reply(case.site_id, one) for one in sent] == [None] * len(sent)


def test_erased_words_never_come_up_whoever_they_were_written_to(site: Site) -> None:
    kept, erased = put_right(site, done="kept"), put_right(site, done="erased")
    case = asking(site)
    assert sorted(found(case)) == ["erased", "kept"]
    sent = db.session.scalars(select(CaseMessage.public_id).where(CaseMessage.case_id == erased.id)).all()
    with writing():
        desk.erase(db.session.get_one(Response, erased.first_response_id))
    assert found(case) == ["kept"]
    assert [worked_reply(case.site_id, one) for one in sent] == [None] * len(sent)
    with writing():
        desk.erase(db.session.get_one(Response, kept.first_response_id))
    assert found(case) == []


def test_the_newest_reading_counts_and_three_are_shown(site: Site) -> None:
    for number in range(5):
        put_right(site, done=f"reply {number}")
    case = asking(site)
    assert found(case) == ["reply 4", "reply 3", "reply 2"]
    with writing():
        for row in db.session.scalars(select(AssessmentRow)).all():
            values = {name: getattr(row, name) for name in row.__table__.columns.keys() if name != "id"}  # noqa: SIM118
            db.session.add(AssessmentRow(**values | {"model": "m2", "topics": ["login"]}))
    assert found(case, words="") == []
    assert len(found(case, topics=("login",), words="")) == 3


def test_all_is_found_by_indexes_and_the_newest_alone_are_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        put_right(site, done=f"reply {number}")
    case = asking(site)
    db.session.rollback()
    case = db.session.merge(case)
    db.session.refresh(case)
    with asked() as statements:
        assert len(worked_replies(case, ["payment"], TWICE)) == 3
    past, complaints, resolving = [plan(statement, given) for statement, given in statements]
    assert "ix_cases_held" in past
    assert "ix_case_messages_case_id" in past
    assert "ix_case_messages_case_id" in resolving
    for one in (past, complaints, resolving):
        assert not WHOLE.search(one), one
    monkeypatch.setattr(queries, "MOST_CASES", 2)
    assert len(found(case)) == 2


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What goes to the database, with its values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        statements.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def plan(statement: str, given: Any) -> str:
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given))
    for kind in ("seqscan", "bitmapscan", "hashjoin"):  # three rows are read sooner without an index
        db.session.execute(text(f"SET LOCAL enable_{kind} = off"))
    return " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", given))
