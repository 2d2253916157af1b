"""Lists go on by cursors: each item once, whatever comes in meanwhile; a cursor fits the list that it came from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.rules import ask, complaint, refused, said
from tests.worker.conftest import COMPLAINT, Tern
from widget_server import worker
from widget_server.database import db


def page(tern: Tern, token: str, path: str) -> Any:
    return said(ask(tern, "GET", path, token))


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_every_response_is_listed_once_while_others_come_in(tern: Tern, token: str, order: str) -> None:
    sent = [tern.send(f"Number {n}", mood=3) for n in range(5)]
    seen, cursor = [], ""
    while True:
        found = page(tern, token, f"/responses?limit=2&order={order}{cursor}")
        seen += [one["id"] for one in found["items"]]
        if found["next"] is None:
            break
        cursor = f"&cursor={found['next']}"
        if len(seen) == 2:
            later = tern.send("Meanwhile", mood=3)
    assert seen == (sent[::-1] if order == "newest" else [*sent, later])


def test_the_next_page_is_linked(tern: Tern, token: str) -> None:
    for _ in range(2):
        complaint(tern)
    answer = ask(tern, "GET", "/cases?limit=1&state=open", token)
    address = answer.headers["Link"].partition(">")[0].removeprefix("</api/v1")
    assert answer.headers["Link"].endswith('rel="next"')
    after = page(tern, token, address)
    assert [one["number"] for one in said(answer)["items"] + after["items"]] == [1002, 1001]
    assert after["next"] is None


def test_a_cursor_fits_its_own_list_site_and_filters(tern: Tern, token: str) -> None:
    for _ in range(3):
        tern.send("One more", mood=3)
    cursor = page(tern, token, "/responses?limit=1")["next"]
    page(tern, token, f"/responses?limit=2&cursor={cursor}")
    for path in (
        f"/responses?language=en&cursor={cursor}",
        f"/responses?order=oldest&cursor={cursor}",
        f"/cases?cursor={cursor}",
        f"/responses?cursor={cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}",
        "/responses?cursor=x",
        "/responses?cursor=.",
        "/responses?cursor=%00",
        "/responses?cursor=%C3%A9.x",
    ):
        refused(ask(tern, "GET", path, token), 422)


WRONG = (
    "limit=0", "limit=201", "limit=x", "limit=1_0", "limit=%EF%BC%91", "order=best", "unknown=1", "flagged=1", "state=odd",
    "since=soon", "survey=%00", "language=a%20b", "cursor=",
)  # fmt: skip


def test_what_can_not_be_asked_is_refused(tern: Tern, token: str) -> None:
    for wrong in WRONG:
        problem = refused(ask(tern, "GET", f"/responses?{wrong}", token), 422)
        assert problem["pointer"] == "/" + wrong.partition("=")[0]


def test_responses_are_filtered(tern: Tern, token: str) -> None:
    bad, good = complaint(tern, COMPLAINT), tern.send("Lovely, thank you.", mood=5)
    worker.run_once(tern.app)
    db.session.rollback()
    tern.change(good, state="archived")

    def ids(wanted: str) -> list[str]:
        return [one["id"] for one in page(tern, token, f"/responses?{wanted}")["items"]]

    assert ids("flagged=true") == [bad]
    assert ids("flagged=false") == [good]
    assert ids("state=archived") == [good]
    assert ids("survey=feedback&language=en") == [good, bad]
    assert ids("survey=long-dwell") == []
    first = page(tern, token, f"/responses/{bad}")["received_at"]
    assert bad not in ids(f"since={first + 1}")
    assert ids(f"until={first}") == []
