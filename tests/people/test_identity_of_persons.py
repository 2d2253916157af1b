# ruff: noqa: E501
"""By what a person is recognised again, and how they may be reached: only what was signed or consented to."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.intake.conftest import Sender, sender_at
from widget_server.addresses import normal_address
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.intake.identity import canonical_json, is_signed, signature
from widget_server.people.models import Contact, PersonKey
from widget_server.people.queries import contact_name, contacts_of, email_contact, person_hmacs, reveal
from widget_server.responses.models import Response, TextAnswer
from widget_server.sites.operations import add_key
from widget_server.sites.queries import identity_secrets, site_by_key

Rows = Callable[[Any], list[Any]]


def signed(
    tern: Sender, value: dict[str, Any], seconds: int = 600, which: int = 0, purpose: str = "visitor"
) -> dict[str, Any]:
    secret = identity_secrets(tern.site_id)[which]
    return {**value, "sig": signature(secret, purpose, now_ms() // 1000 + seconds, value)}


def keys_of(tern: Sender, rows: Rows, **more: Any) -> dict[str, str]:
    """Kind → fingerprint of a new response."""
    headers = more.pop("headers", {})
    answers = more.pop("answers", None)
    assert tern.post(tern.body(answers, **more), headers=headers).status_code == 202
    newest = rows(select(Response.id).order_by(Response.id.desc()))[0][0]
    return dict(rows(select(PersonKey.kind, PersonKey.hmac).where(PersonKey.response_id == newest)))


def test_a_reference_counts_only_when_signed(any_tern: Sender, rows: Rows) -> None:
    assert keys_of(any_tern, rows, visitor={"reference": "C-1"}) == {}
    assert keys_of(any_tern, rows, visitor={"reference": "C-1", "sig": "1.00"}) == {}
    stale = signed(any_tern, {"reference": "C-1"}, seconds=-5)
    assert keys_of(any_tern, rows, visitor=stale) == {}
    first = keys_of(any_tern, rows, visitor=signed(any_tern, {"reference": "C-1"}))
    assert set(first) == {"reference"}
    assert keys_of(any_tern, rows, visitor=signed(any_tern, {"reference": "C-1", "extra": [1, {"ø": None}]})) == first
    assert keys_of(any_tern, rows, visitor=signed(any_tern, {"reference": "C-2"})) != first
    changed = {**signed(any_tern, {"reference": "C-1"}), "reference": "C-2"}
    assert keys_of(any_tern, rows, visitor=changed) == {}


def test_a_secret_may_be_rotated(tern: Sender, rows: Rows) -> None:
    with writing():
        add_key(site_by_key("tern"), "identity")
    for which in (0, 1):
        assert set(keys_of(tern, rows, visitor=signed(tern, {"reference": "C-1"}, which=which))) == {"reference"}


def test_an_address_counts_with_consent_and_is_gone_without(any_tern: Sender, rows: Rows) -> None:
    without = {"mood": 1, "contact": {"email": "Kari@Example.no", "name": "Kari", "consent": False}}
    assert keys_of(any_tern, rows, answers=without, visitor={"email": "kari@example.no", "name": "K"}) == {}
    assert rows(select(Contact)) == []
    given = {"mood": 1, "contact": {"email": " Kari@Example.no ", "name": "Kari  N", "consent": True}}
    by_form = keys_of(any_tern, rows, answers=given)
    by_page = keys_of(any_tern, rows, visitor={"email": "kari@example.no", "consent": {"version": "7"}})
    assert by_form == by_page
    assert set(by_form) == {"email"}
    response_id = rows(select(Response.id).order_by(Response.id))[1][0]
    contact = email_contact(response_id)
    assert contact is not None
    assert (reveal(contact), contact.consent_version, contact.delete_at) == ("Kari@Example.no", "2026-11", None)
    assert contact_name(response_id) == "Kari N"
    assert person_hmacs(response_id) == list(by_form.values())


@pytest.mark.parametrize(
    ("mode", "consent", "headers", "recognised"),
    [
        ("open", False, {}, True),
        ("open", False, {"Sec-GPC": "1"}, False),
        ("open", True, {"DNT": "1"}, False),
        ("ask", False, {}, False),
        ("ask", True, {}, True),
    ],
)
def test_a_visitor_id_counts_with_consent_and_without_a_wish_for_privacy(
    app: Any, rows: Rows, mode: str, consent: bool, headers: dict[str, str], recognised: bool
) -> None:
    tern = sender_at(app, consent_mode=mode)
    visitor = {"id": "v-1", **({"consent": {"version": "1"}} if consent else {})}
    assert ("visitor" in keys_of(tern, rows, visitor=visitor, headers=headers)) is recognised


def test_two_sites_can_not_compare_their_visitors(app: Any, rows: Rows) -> None:
    here, there = sender_at(app, "here"), sender_at(app, "there")
    assert keys_of(here, rows, visitor={"id": "v-1"}) != keys_of(there, rows, visitor={"id": "v-1"})


def test_an_address_in_a_text_is_sealed_apart_for_thirty_days(any_tern: Sender, rows: Rows) -> None:
    with travel(1_800_000_000_000):
        any_tern.send({"mood": 1, "comment": "Mail kari@example.no or ring 412 34 567, card 4111 1111 1111 1111"})
    ((response_id, updated),) = rows(select(Response.id, Response.updated_at))
    assert rows(select(TextAnswer.text, TextAnswer.redactions)) == [
        ("Mail [e-mail] or ring [phone], card [card]", ["email", "phone", "card"])
    ]
    kept = contacts_of(response_id)
    assert {(one.kind, one.source, reveal(one), one.delete_at) for one in kept} == {
        ("email", "text", "kari@example.no", updated + 30 * DAY),
        ("phone", "text", "412 34 567", updated + 30 * DAY),
    }
    assert email_contact(response_id) is None
    assert person_hmacs(response_id) == []


CANARIES = ("kari.canary@example.no", "4111 1111 1111 1111", "4111111111111111", "NO93 8601 1117 947", "v-canary-id", "198.51.100.77", "s3cret-canary")


def test_nothing_that_must_go_is_in_the_database(app: Any, rows: Rows) -> None:
    tern = sender_at(app)
    words = "kari.canary@example.no 4111 1111 1111 1111 NO93 8601 1117 947"
    coded = "kari.canary%40example.no&card=4111111111111111&token=s3cret-canary"
    body = tern.body(
        {"mood": 1, "comment": words, "contact": {"email": "kari.canary@example.no", "consent": True}},
        visitor={"id": "v-canary-id", "reference": words, "name": words[:60], "email": "kari.canary@example.no"},
        context={
            "url": f"https://a.example/{coded.replace('&', '/')}?mail={coded}#to={coded}", "title": words, "referrer_host": "kari.canary@example.no",
            "facts": {"mail": "kari.canary@example.no", "card": 4111111111111111, "order": "TA-7Q4K2", "value": 418000},
            "trail": [{"at": 1, "kind": "error", "what": words}], "element": {"selector": f"[href='mailto:{coded}']", "text": words},
            "signals": {"left_without_goal": words}, "release": words,
        },
    )  # fmt: skip
    assert tern.post(body, environ_base={"REMOTE_ADDR": "198.51.100.77"}).status_code == 202
    ((response,),) = rows(select(Response))
    assert response.context["facts"] == {"mail": "[e-mail]", "card": "[card]", "order": "TA-7Q4K2", "value": 418000}
    db.session.remove()
    path = app.extensions["widget_settings"].database_url.removeprefix("sqlite:///")
    dump = "\n".join(sqlite3.connect(path).iterdump())
    for canary in CANARIES:
        assert canary not in dump, next(line for line in dump.splitlines() if canary in line)


def test_signed_facts_are_marked(any_tern: Sender, rows: Rows) -> None:
    facts = {"tier": "gold", "order": "TA-7Q4K2", "value": 418000, "vip": True}
    sig = signed(any_tern, facts, purpose="facts")["sig"]
    any_tern.send(context={"facts": facts, "sig": sig})
    any_tern.send(context={"facts": {**facts, "tier": "platinum"}, "sig": sig})
    any_tern.send(context={"facts": facts})
    verified = rows(select(Response.facts_verified).order_by(Response.id))
    assert verified == [(True,), (False,), (False,)]
    ((context, _),) = rows(select(Response.context, Response.id).where(Response.facts_verified.is_(True)))
    assert context["facts"] == facts


def test_the_signature_is_the_one_that_is_documented() -> None:
    value = {"b": "ø", "a": [1, {"d": 2, "c": None}]}
    assert canonical_json(value) == '{"a":[1,{"c":null,"d":2}],"b":"ø"}'
    made = signature("secret", "facts", 1_800_000_000, value)
    expected = hmac.new(b"secret", b'facts.1800000000.{"a":[1,{"c":null,"d":2}],"b":"\xc3\xb8"}', "sha256").hexdigest()
    assert made == f"1800000000.{expected}"
    assert is_signed("facts", value, made, ["other", "secret"], 1_800_000_000_000)
    assert not is_signed("facts", value, made, ["secret"], 1_800_000_000_001)
    assert not is_signed("facts", value, made, [], 0)
    assert not is_signed("visitor", value, made, ["secret"], 0), "signed facts are no signed visitor"
    for broken in (None, 5, "", made.upper(), made[:-1], "x" + made, json.dumps(made)):
        assert not is_signed("facts", value, broken, ["secret"], 0)


@pytest.mark.parametrize("text", ["a@b", "a b@c.de", "@b.de", "a@.de", "a@b..de", "a@b.de\n", "a@b.de\nx", "a\0@b.de", "a,b@c.de", "<a@b.de>", ".a@b.de", "a..b@c.de"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert normal_address(text) is None or text.strip() != text
