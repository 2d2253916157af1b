"""One failure, many cases: a case is part of one incident at most, and a message to all goes into each once."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.recovery.people import complaint, fresh, make_site, make_user
from tests.recovery.test_races import all_of
from widget_server import desk
from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.desk import incidents
from widget_server.desk.incidents import Message
from widget_server.errors import Conflict, Invalid
from widget_server.recovery.history import changes
from widget_server.recovery.incidents import membership, parts
from widget_server.recovery.models import Case, CaseMessage, Incident
from widget_server.responses.models import Response
from widget_server.sites.models import Site

MESSAGE = Message("Dear {name}, TA 417 is cancelled; {reference} is ours to mend.", "form-1", apology=True)


@pytest.fixture(params=("sqlite", "postgresql"))
def hit(request: pytest.FixtureRequest) -> SimpleNamespace:
    """An incident of two cases that can be reached, on each database."""
    request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with writing():
        site, maren = make_site(), make_user("Maren Solli")
        cases = [complaint(site, email=f"{name}@customer.example") for name in ("ann", "bo")]
        incident = incidents.open_incident(site, maren, "TA 417 cancelled")
        for case in cases:
            incidents.add_case(incident, case, maren)
    return SimpleNamespace(site=site, maren=maren, cases=cases, incident=incident)


def sent(hit: SimpleNamespace, case: Case, message: Message = MESSAGE) -> str:
    with writing():
        return incidents.answer(hit.incident, case, hit.maren, hit.site, message)


def replies() -> list[str]:
    return list(db.session.scalars(select(CaseMessage.body).where(CaseMessage.kind == "reply").order_by(CaseMessage.id)))


def test_each_gets_the_words_once_with_what_is_theirs_filled_in(hit: SimpleNamespace) -> None:
    assert [sent(hit, case) for case in hit.cases] == ["sent", "sent"]
    assert [sent(hit, case) for case in hit.cases] == ["sent_before", "sent_before"]
    assert replies() == [f"Dear, TA 417 is cancelled; TA {case.number} is ours to mend." for case in hit.cases]
    assert db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.purpose == "reply")) == 2
    case = fresh(hit.cases[0])
    assert case.acknowledged_at
    assert case.owner_id == hit.maren.id
    assert [part.apologised for part in parts(hit.incident.id)] == [True, True]
    told = [change.what for change in changes(case)]
    assert "made it part of an incident" in told
    assert told[-1] == "sent that answer to all cases of the incident"


def test_who_closed_was_taken_out_or_cannot_be_reached_gets_nothing(hit: SimpleNamespace) -> None:
    closed, out = hit.cases
    with writing():
        desk.not_a_failure(closed, hit.maren, expected_version=None, reason="A test.")
        assert incidents.take_out(out, hit.maren)
        unreachable = complaint(hit.site, secret=False)
        incidents.add_case(hit.incident, unreachable, hit.maren)
    assert [sent(hit, case) for case in (closed, out, unreachable)] == ["closed", "out", "unreachable"]
    assert replies() == []


def test_resolved_with_it_cause_and_remedy_go_into_each(hit: SimpleNamespace) -> None:
    first, second = hit.cases
    with writing():
        db.session.get_one(Case, first.id).cause = "Known before."
    message = Message("It flies again.", "form-2", resolve=True, cause="Fog.", remedy="Another flight.")
    assert [sent(hit, case, message) for case in hit.cases] == ["sent", "sent"]
    assert [(one.state, one.cause, one.remedy) for one in map(fresh, (first, second))] == [
        ("resolved", "Known before.", "Another flight."),
        ("resolved", "Fog.", "Another flight."),
    ]
    assert sent(hit, first, Message("And more.", "form-3")) == "resolved"
    assert sent(hit, first, message) == "sent_before"


def test_words_to_all_answer_no_question_of_theirs(hit: SimpleNamespace) -> None:
    """What the customer wrote last stays unread, and whose turn it is stays theirs."""
    asked, waiting = hit.cases
    with writing():
        db.session.get_one(Case, asked.id).unread_since = now_ms()
        db.session.get_one(Case, waiting.id).state = "waiting"
    for case in hit.cases:
        sent(hit, case)
    assert fresh(asked).unread_since is not None
    assert fresh(waiting).state == "waiting"


def test_who_has_their_words_deleted_takes_the_message_to_them_along(hit: SimpleNamespace) -> None:
    gone, stays = hit.cases
    for case in hit.cases:
        sent(hit, case)
    with writing():
        desk.erase(db.session.get_one(Response, gone.first_response_id))
    assert replies() == ["", f"Dear, TA 417 is cancelled; TA {fresh(stays).number} is ours to mend."]
    assert [(part.id, part.answerable) for part in parts(hit.incident.id)] == [(gone.id, False), (stays.id, True)]
    assert fresh(hit.incident).title == "TA 417 cancelled"


def test_a_case_is_part_of_one_incident_at_most(hit: SimpleNamespace) -> None:
    case = hit.cases[0]
    with writing():
        other = incidents.open_incident(hit.site, hit.maren, "Another")
        assert not incidents.add_case(hit.incident, case, hit.maren)
        with pytest.raises(Conflict, match="Part of another"):
            incidents.add_case(other, case, hit.maren)
        assert not incidents.take_out(case, hit.maren, other)
        assert incidents.take_out(case, hit.maren)
        assert incidents.add_case(other, case, hit.maren)
        found = membership(case.id)
        assert found is not None
        assert found.incident_id == other.id


def test_what_is_closed_takes_no_more(hit: SimpleNamespace) -> None:
    with writing():
        case = complaint(hit.site)
        desk.not_a_failure(case, hit.maren, expected_version=None, reason="A test.")
        with pytest.raises(Conflict, match="What is closed"):
            incidents.add_case(hit.incident, case, hit.maren)
        incidents.turn(hit.incident, open=False)
        with pytest.raises(Conflict, match="open it again"):
            incidents.add_case(hit.incident, complaint(hit.site), hit.maren)
        incidents.turn(hit.incident, open=True)
        assert incidents.add_case(hit.incident, complaint(hit.site), hit.maren)


def test_an_incident_has_so_many_cases_and_no_more(hit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "MOST", 2)
    with writing(), pytest.raises(Conflict, match="2 cases at most"):
        incidents.add_case(hit.incident, complaint(hit.site), hit.maren)


@pytest.mark.parametrize("title", ["", " \u200b ", "two\nlines", "a\u202eb", "x" * 121, "a\x00b"])
def test_a_title_is_one_line_that_can_be_seen(desk_at: SimpleNamespace, title: str) -> None:
    with writing(), pytest.raises(Invalid):
        incidents.open_incident(desk_at.site, desk_at.maren, title)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        (Message("", "t"), ["/body"]),
        (Message("\u200b", "t", resolve=True), ["/body", "/cause", "/remedy"]),
        (Message("Words.", "t", resolve=True, cause="Fog."), ["/remedy"]),
        (Message("Words.", "t", cause="Fog."), ["/cause"]),
        (Message("Words.", "no token"), []),
    ],
)
def test_a_message_that_cannot_be_sent_says_where(message: Message, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        incidents.checked(message)
    assert [fault.pointer for fault in refused.value.faults] == fields


def test_filled_in_too_long_it_stays_out(desk_at: SimpleNamespace) -> None:
    with writing():
        case = complaint(desk_at.site, email="ann@customer.example")
        incident = incidents.open_incident(desk_at.site, desk_at.maren, "Long")
        incidents.add_case(incident, case, desk_at.maren)
        long = Message("{reference}" + "x" * 9_989, "form-1")
        assert incidents.answer(incident, case, desk_at.maren, desk_at.site, long) == "sent"
        longer = Message("{site}{site}{site}{site}{site}" + "x" * 9_970, "form-2")
        assert incidents.answer(incident, case, desk_at.maren, desk_at.site, longer) == "too_long"


def test_two_presses_at_once_send_once(postgres_app: Flask) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren")
        case = complaint(site, email="ann@customer.example")
        incident = incidents.open_incident(site, maren, "TA 417 cancelled")
        incidents.add_case(incident, case, maren)
    ids, together = (incident.id, case.id, maren.id, site.id), threading.Barrier(2)

    def press() -> str:
        together.wait(5)
        with writing():
            models: list[Any] = [Incident, Case, User, Site]
            rows = [db.session.get_one(model, id) for model, id in zip(models, ids, strict=True)]
            return incidents.answer(*rows, MESSAGE)

    assert sorted(all_of(postgres_app, press, press)) == ["sent", "sent_before"]
    assert len(replies()) == 1


def test_two_incidents_at_once_do_not_share_a_case(postgres_app: Flask) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren")
        case = complaint(site)
        both = [incidents.open_incident(site, maren, title).id for title in ("One", "Two")]
    case_id, user_id, together = case.id, maren.id, threading.Barrier(2)

    def adding(incident_id: int) -> Any:
        def add() -> bool:
            together.wait(5)
            with writing():
                incident, mine = db.session.get_one(Incident, incident_id), db.session.get_one(Case, case_id)
                return incidents.add_case(incident, mine, db.session.get_one(User, user_id))

        return add

    said = all_of(postgres_app, *map(adding, both))
    assert [type(one) for one in sorted(said, key=str)] in ([Conflict, bool], [bool, Conflict])
