"""A write with an Idempotency-Key acts once: repeated, raced, reused for something else, and a day later."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import event

from tests.api.rules import ask, case_of, complaint, refused, said, token_for
from tests.worker.conftest import Tern
from widget_server import clock
from widget_server.accounts.models import ApiAnswer, User
from widget_server.accounts.tokens import purge_answers
from widget_server.clock import DAY, now_ms
from widget_server.database import db, writing
from widget_server.recovery.models import CaseMessage


@pytest.fixture
def case(tern: Tern, token: str) -> Any:
    return case_of(tern, token, complaint(tern))


def note(tern: Tern, token: str, case: Any, key: str, body: str = "Once.") -> Any:
    headers = {"If-Match": f'"{case["version"]}"', "Idempotency-Key": key}
    return ask(tern, "POST", f"/cases/{case['id']}/note", token, {"body": body}, headers)


def test_the_same_request_again_acts_once_and_answers_the_same(tern: Tern, token: str, case: Any) -> None:
    first, again = note(tern, token, case, "k1"), note(tern, token, case, "k1")
    assert said(first) == said(again)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert len(tern.all(CaseMessage)) == 1


def test_a_key_is_not_used_for_two_things(tern: Tern, token: str, case: Any) -> None:
    said(note(tern, token, case, "k1"))
    assert "another request" in refused(note(tern, token, case, "k1", "Something else."), 422)["detail"]


def test_a_refusal_is_not_kept_because_nothing_was_done(tern: Tern, token: str, case: Any) -> None:
    stale = {**case, "version": 99}
    refused(note(tern, token, stale, "k1"), 412)
    said(note(tern, token, case, "k1"))


def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(tern: Tern, token: str, case: Any) -> None:
    said(note(tern, token, case, "k1"))
    moved = said(ask(tern, "GET", f"/cases/{case['id']}", token))
    said(note(tern, token_for(tern.site_id), moved, "k1", "By another."))
    assert len(tern.all(CaseMessage)) == 2


def test_a_day_later_the_key_is_new(tern: Tern, token: str, case: Any) -> None:
    said(note(tern, token, case, "k1"))
    with clock.travel(now_ms() + DAY + 1):
        moved = said(ask(tern, "GET", f"/cases/{case['id']}", token))
        assert "Idempotency-Replayed" not in note(tern, token, moved, "k1", "The next day.").headers
        with writing():
            assert purge_answers(now_ms()) == 0
    with clock.travel(now_ms() + 3 * DAY), writing():
        assert purge_answers(now_ms()) == 1


def test_a_key_that_can_not_be_one_is_refused(tern: Tern, token: str, case: Any) -> None:
    for key in ("", "a b", "x" * 201, "é"):
        refused(note(tern, token, case, key), 400)


def test_what_is_kept_can_not_be_read_in_the_database(tern: Tern, token: str, case: Any) -> None:
    said(note(tern, token, case, "k1"))
    [kept] = tern.all(ApiAnswer)
    assert case["id"] not in kept.answer
    assert kept.answer.startswith("gAAAA")


def at_once(tern: Tern, token: str, case: Any, headers: list[dict[str, str]]) -> list[tuple[int, bytes]]:
    """Notes by as many threads as there are headers."""
    answers: list[tuple[int, bytes]] = []

    def send(more: dict[str, str]) -> None:
        sent = {"Authorization": f"Bearer {token}", **more}
        path = f"/api/v1/cases/{case['id']}/note"
        answer = tern.app.test_client().post(path, json={"body": "Once."}, headers=sent)
        answers.append((answer.status_code, answer.get_data()))

    threads = [threading.Thread(target=send, args=(more,)) for more in headers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_many_at_the_same_moment_one_acts_and_all_are_told_the_same(tern: Tern, token: str, case: Any) -> None:
    answers = at_once(tern, token, case, [{"If-Match": "*", "Idempotency-Key": "race"}] * 6)
    assert [status for status, _ in answers] == [200] * 6
    assert len(set(answers)) == 1
    assert len(tern.all(CaseMessage)) == 1


def test_of_many_over_the_same_version_one_wins(tern: Tern, token: str, case: Any) -> None:
    answers = at_once(tern, token, case, [{"If-Match": f'"{case["version"]}"'}] * 6)
    assert sorted(status for status, _ in answers) == [200, 412, 412, 412, 412, 412]


def test_many_first_writes_of_a_token_all_go_through_as_one_actor(tern: Tern, token: str, case: Any) -> None:
    answers = at_once(tern, token, case, [{"If-Match": "*", "Idempotency-Key": f"k{n}"} for n in range(6)])
    assert [status for status, _ in answers] == [200] * 6
    assert {message.author_id for message in tern.all(CaseMessage)} == {user.id for user in tern.all(User)}


def test_what_was_answered_is_gone_with_the_person_that_it_was_about(tern: Tern, token: str, case: Any) -> None:
    said(note(tern, token, case, "k1"))
    headers = {"Idempotency-Key": "erase-1"}
    person = {"email": "mara@customer.example"}
    assert said(ask(tern, "POST", "/people/erase", token, person, headers)) == {"erased": 0, "mentions": 0}
    again = ask(tern, "POST", "/people/erase", token, person, headers)
    assert (said(again), again.headers["Idempotency-Replayed"]) == ({"erased": 0, "mentions": 0}, "true")
    assert sorted(bool(kept.answer) for kept in tern.all(ApiAnswer)) == [False, True]
    refusal = refused(note(tern, token, case, "k1"), 409)
    assert refusal["detail"].startswith("This was done before")
    assert len(tern.all(CaseMessage)) == 1


def test_a_key_that_is_used_again_a_day_later_sends_what_is_said_then(tern: Tern, token: str, case: Any) -> None:
    def reply(body: str) -> None:
        headers = {"If-Match": "*", "Idempotency-Key": "answer-to-this-case"}
        said(ask(tern, "POST", f"/cases/{case['id']}/reply", token, {"body": body}, headers))

    reply("We are sorry.")
    with clock.travel(now_ms() + DAY + 1):
        reply("You have your money back.")
    assert [message.body for message in tern.all(CaseMessage)] == ["We are sorry.", "You have your money back."]


def test_an_erasure_that_was_answered_before_looks_for_nobody_again(tern: Tern, token: str) -> None:
    person, headers = {"email": "mara@customer.example"}, {"Idempotency-Key": "erase-1"}
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    said(ask(tern, "POST", "/people/erase", token, person, headers))
    assert any("FROM contacts" in statement for statement in asked)
    asked.clear()
    assert ask(tern, "POST", "/people/erase", token, person, headers).headers["Idempotency-Replayed"] == "true"
    assert not any("FROM contacts" in statement for statement in asked)


def test_an_export_is_kept_nowhere(tern: Tern, token: str) -> None:
    said(ask(tern, "POST", "/people/export", token, {"email": "mara@customer.example"}, {"Idempotency-Key": "k1"}))
    assert tern.all(ApiAnswer) == []
