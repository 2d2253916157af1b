"""What programs do to a case: the same rules as at the desk, under the token's own name, on the version that they read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.api.rules import ask, case_of, complaint, refused, said, token_for
from tests.worker.conftest import Tern, tern_at
from widget_server.accounts.models import User
from widget_server.accounts.operations import set_budgets
from widget_server.clock import DAY, now_ms
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.sites.models import Site


@pytest.fixture
def tern(app: Flask) -> Tern:
    return tern_at(app)


@pytest.fixture
def case(tern: Tern, token: str) -> Any:
    return case_of(tern, token, complaint(tern, email="mara@customer.example"))


def do(tern: Tern, token: str, case: Any, command: str, body: Any = None, version: int | str | None = None) -> Any:
    """A write over the version that was read last; the case as it is then."""
    tag = version if isinstance(version, str) else f'"{version or case["version"]}"'
    return ask(tern, "POST", f"/cases/{case['id']}/{command}", token, body, {"If-Match": tag})


def thread(tern: Tern, token: str, case: Any) -> Any:
    return said(ask(tern, "GET", f"/cases/{case['id']}/thread", token))


def test_a_case_goes_from_claim_to_resolution(any_app: Flask) -> None:
    tern = tern_at(any_app)
    token = token_for(tern.site_id)
    case = case_of(tern, token, complaint(tern, email="mara@customer.example"))
    claimed = said(do(tern, token, case, "claim"))
    assert claimed["owner"]["name"] == "Shop desk"
    known = said(do(tern, token, claimed, "understand", {"body": "The gate closed early.", "preventable": True}))
    assert known["steps"]["understood_at"] is not None
    reply = {
        "body": "We are sorry. You fly tomorrow.",
        "apology": True,
        "promise": {"text": "A seat tomorrow", "due": now_ms() + DAY},
        "gesture": {"description": "A voucher", "amount": 5000, "currency": "EUR"},
    }
    answered = said(do(tern, token, known, "reply", reply))
    assert answered["steps"]["acknowledged_at"] is not None
    told = thread(tern, token, case)
    assert [(one["kind"], one["author"], one["apology"]) for one in told["messages"]][-1] == ("reply", "Shop desk", True)
    assert (told["promises"][0]["state"], told["gestures"][0]["amount"]) == ("open", 5000)
    kept = {"body": "It is booked.", "promises_kept": [told["promises"][0]["id"]], "then": "resolve"}
    resolved = said(do(tern, token, answered, "reply", kept))
    assert (resolved["state"], thread(tern, token, case)["promises"][0]["state"]) == ("resolved", "kept")
    assert [one.purpose for one in tern.all(Delivery) if one.purpose == "reply"] == ["reply", "reply"]


def test_a_token_gives_within_the_sites_budget(tern: Tern, token: str, case: Any) -> None:
    with tern.app.app_context(), writing():
        set_budgets(db.session.scalars(select(Site).where(Site.id == tern.site_id)).one(), 5000, "EUR")
    gesture = {"description": "A voucher", "amount": 5001, "currency": "EUR"}
    problem = refused(do(tern, token, case, "reply", {"body": "Sorry.", "gesture": gesture}), 422)
    assert problem["pointer"] == "/gesture/amount"
    assert "€50.01 is more than the €50.00 left to you" in problem["detail"]
    said(do(tern, token, case, "reply", {"body": "Sorry.", "gesture": gesture | {"amount": 5000}}))
    assert [one["amount"] for one in thread(tern, token, case)["gestures"]] == [5000]


def test_a_promise_is_kept_or_moved_once(tern: Tern, token: str, case: Any) -> None:
    promise = {"text": "A seat tomorrow", "due": now_ms() + DAY}
    case = said(do(tern, token, case, "reply", {"body": "Sorry.", "promise": promise}))
    id = thread(tern, token, case)["promises"][0]["id"]
    moved = [{"id": id, "due": now_ms() + days * DAY} for days in (2, 3)]
    for name, twice in (("promises_kept", [id, id, id]), ("promises_moved", moved)):
        problem = refused(do(tern, token, case, "reply", {"body": "It is booked.", name: twice}), 422)
        assert problem["pointer"] == f"/{name}"
        assert str(id) in problem["detail"]
    assert [one["state"] for one in thread(tern, token, case)["promises"]] == ["open"]
    said(do(tern, token, case, "reply", {"body": "It is booked.", "promises_kept": [id]}))


def test_a_token_acts_under_its_own_name_and_can_never_sign_in(tern: Tern, token: str, case: Any) -> None:
    said(do(tern, token, case, "note", {"body": "Seen by the shop."}))
    event = thread(tern, token, case)["events"][-1]
    assert (event["who"], event["what"]) == ("Shop desk", "added a note")
    said(do(tern, token, case, "note", {"body": "And again."}, "*"))
    [actor] = [user for user in tern.all(User) if user.name == "Shop desk"]
    assert (actor.active, actor.password, actor.email.endswith("@token.invalid")) == (False, None, True)


def test_severity_documentation_and_dismissal_follow_the_desks_rules(tern: Tern, token: str, case: Any) -> None:
    milder = said(do(tern, token, case, "severity", {"severity": 1, "reason": "A test booking"}))
    assert (milder["severity"], milder["points"] < case["points"]) == (1, True)
    early = do(tern, token, milder, "close", {"cause": "A", "remedy": "B"})
    assert "Resolve it first" in refused(early, 409)["detail"]
    resolved = said(do(tern, token, milder, "resolve"))
    assert "not been asked" in refused(do(tern, token, resolved, "close", {"cause": "A", "remedy": "B"}), 409)["detail"]
    done = said(do(tern, token, resolved, "not-a-failure", {"reason": "A test"}))
    assert (done["state"], done["closed_as"]) == ("closed", "not_a_failure")


def test_a_colleague_is_given_a_case_and_a_stranger_is_not(tern: Tern, token: str, case: Any) -> None:
    ada = tern.staff("Ada").public_id
    given = said(do(tern, token, case, "claim", {"owner": ada}))
    assert given["owner"] == {"id": ada, "name": "Ada"}
    assert [one["id"] for one in said(ask(tern, "GET", f"/cases?owner={ada}", token))["items"]] == [case["id"]]
    assert said(ask(tern, "GET", "/cases?owner=none", token))["items"] == []
    refused(do(tern, token, given, "claim", {"owner": "nobody"}), 422)


def test_a_write_says_which_version_it_saw(tern: Tern, token: str, case: Any) -> None:
    for command, body in {"claim": None, "note": {"body": "x"}, "reply": {"body": "x"}, "resolve": {}, "close": {}}.items():
        path = f"/cases/{case['id']}/{command}"
        refused(ask(tern, "POST", path, token, body), 428)
        refused(ask(tern, "POST", path, token, body, {"If-Match": "7"}), 400)
        stale = refused(ask(tern, "POST", path, token, body, {"If-Match": '"99"'}), 412)
        assert "version" in stale["detail"]
        refused(ask(tern, "POST", path, token, body, {"If-Match": 'W/"1"'}), 412)


def test_the_second_of_two_who_saw_the_same_is_told(tern: Tern, token: str, case: Any) -> None:
    first = do(tern, token, case, "claim")
    assert first.headers["ETag"] == f'"{said(first)["version"]}"'
    refused(do(tern, token, case, "severity", {"severity": 1, "reason": "Late"}), 412)
    assert said(ask(tern, "GET", f"/cases/{case['id']}", token))["severity"] == case["severity"]


def test_a_case_that_did_not_change_is_not_sent_again(tern: Tern, token: str, case: Any) -> None:
    path = f"/cases/{case['id']}"
    tag = ask(tern, "GET", path, token).headers["ETag"]
    again = ask(tern, "GET", path, token, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    said(do(tern, token, case, "claim"))
    assert ask(tern, "GET", path, token, headers={"If-None-Match": tag}).status_code == 200


WRONG: list[tuple[Any, str]] = [
    ({}, "/body"),
    ({"body": 1}, "/body"),
    ({"body": ""}, "/body"),
    ({"body": "x", "apology": "yes"}, "/apology"),
    ({"body": "x", "then": "close"}, "/then"),
    ({"body": "x", "unknown": 1}, "/unknown"),
    ({"body": "x", "promise": {"text": "y", "due": "soon"}}, "/promise/due"),
    ({"body": "x", "gesture": {"description": "y", "amount": -1, "currency": "EUR"}}, "/gesture/amount"),
]


def test_what_is_wrong_in_a_body_is_pointed_at(tern: Tern, token: str, case: Any) -> None:
    for body, pointer in WRONG:
        problem = refused(do(tern, token, case, "reply", body), 422)
        assert problem["errors"][0]["pointer"] == pointer


def test_a_body_is_json_and_says_so(tern: Tern, token: str, case: Any) -> None:
    path, headers = f"/cases/{case['id']}/note", {"If-Match": "*"}
    for body in (b"{", b"[]", b'{"body": "a", "body": "b"}', b'{"body": "\\u0000"}', b'{"body": NaN}', b"\xff"):
        refused(ask(tern, "POST", path, token, body, headers), 400)
    refused(ask(tern, "POST", path, token, b'{"body": "' + b"x" * 600_000 + b'"}', headers), 413)
    plain = tern.app.test_client().post(
        f"/api/v1{path}", data=b'{"body": "x"}', content_type="text/plain", headers={"Authorization": f"Bearer {token}"}
    )
    refused(plain, 415)
    refused(ask(tern, "PUT", path, token, {"body": "x"}, headers), 405)
    refused(ask(tern, "GET", "/nothing", token), 404)


def test_cases_are_filtered(tern: Tern, token: str, case: Any) -> None:
    for wanted in ("state=closed", "priority=P4", "severity=1", "team=nobody", "until=1", "since=9007199254740992"):
        assert said(ask(tern, "GET", f"/cases?{wanted}", token))["items"] == []
    fitting = f"state=open&priority={case['priority']}&severity={case['severity']}&team={case['team']}&changed_since=0"
    assert said(ask(tern, "GET", f"/cases?{fitting}", token))["items"] == [case]
