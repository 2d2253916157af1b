"""Two at the same moment, on PostgreSQL, where the second waits at a row and not at a lock for all: each ends as if one of
them had come later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.recovery.people import flag, fresh, make_response, make_site, make_user
from widget_server import clock, desk
from widget_server.accounts.models import User
from widget_server.database import db, writing, writing_connection
from widget_server.desk import cases, responses
from widget_server.recovery.models import Case, CaseMessage
from widget_server.responses import attaching
from widget_server.responses.models import Attachment, Response, ResponseId
from widget_server.visitor import pages


def begun(app: Flask, act: Callable[[], Any], said: list[Any]) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            try:
                said.append(act())
            except Exception as error:
                said.append(error)
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def both_at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Whoever has done `name` waits a moment for the other."""
    real, barrier = getattr(module, name), threading.Barrier(2)

    def together(*args: Any, **named: Any) -> Any:
        done = real(*args, **named)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(1)
        return done

    monkeypatch.setattr(module, name, together)


def all_of(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    said: list[Any] = []
    for thread in [begun(app, act, said) for act in acts]:
        thread.join(20)
    return said


def test_a_note_that_is_sent_twice_at_once_is_one(postgres_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing():
        case, maren = flag(make_response(make_site())).case, make_user("Maren")
        case_id, user_id = case.id, maren.id
    both_at(monkeypatch, cases, "message_by_token")

    def note() -> int:
        with writing():
            case, user = db.session.get_one(Case, case_id), db.session.get_one(User, user_id)
            return desk.note(case, user, body="They called.", token="form-1").id

    said = all_of(postgres_app, note, note)
    assert len(set(said)) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseMessage)) == 1


def test_when_its_two_messages_are_marked_spam_at_once_the_case_closes(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        site, maren = make_site(), make_user("Maren")
        first, second = (make_response(site, hmacs={"visitor": "v1"}) for _ in range(2))
        case = flag(first).case
        assert flag(second).case is case
        user_id = maren.id
    both_at(monkeypatch, responses, "_set_state")

    def spam(id: int) -> Callable[[], None]:
        def act() -> None:
            with writing():
                desk.mark_spam(db.session.get_one(Response, id), db.session.get_one(User, user_id))

        return act

    assert all_of(postgres_app, spam(first.id), spam(second.id)) == [None, None]
    assert fresh(case).state == "closed"


def test_a_picture_that_comes_while_its_message_is_deleted_is_not_kept(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        response = make_response(make_site())
        response_id, site_id = response.id, response.site_id
        client = db.session.scalars(select(ResponseId.client_id)).one()
    picture = {"media_type": "image/png", "width": 1, "height": 1, "digest": "d", "content": b"PNG"}
    allowed, gone_on = threading.Event(), threading.Event()
    real = attaching.owner_of

    def slowly(*args: Any) -> int:
        owner = real(*args)
        allowed.set()
        gone_on.wait(1)
        return owner

    monkeypatch.setattr(attaching, "owner_of", slowly)

    def attach() -> str:
        with writing_connection(db.engine) as connection:
            return attaching.attach(connection, site_id, client, "0" * 64, picture, clock.now_ms())

    said: list[Any] = []
    attaching_it = begun(postgres_app, attach, said)
    assert allowed.wait(10)
    erasing = begun(postgres_app, lambda: erase(response_id), said)
    attaching_it.join(20)
    erasing.join(20)
    assert db.session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_words_that_come_while_their_message_is_deleted_are_not_kept(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        response = make_response(make_site())
        flag(response)
        response_id = response.id
    looked, gone_on = threading.Event(), threading.Event()
    real = pages.case_of_response

    def slowly(id: int) -> Any:
        looked.set()
        gone_on.wait(1)
        return real(id)

    monkeypatch.setattr(pages, "case_of_response", slowly)
    said: list[Any] = []
    writing_it = begun(postgres_app, lambda: pages._do(response_id, "write", "Eleanor Rigby", "form-1"), said)
    assert looked.wait(10)
    erasing = begun(postgres_app, lambda: erase(response_id), said)
    writing_it.join(20)
    erasing.join(20)
    assert set(db.session.scalars(select(CaseMessage.body))) <= {""}


def erase(response_id: int) -> None:
    with writing():
        desk.erase(db.session.get_one(Response, response_id))
