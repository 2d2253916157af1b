"""Whoever follows what changes, as docs/api.md says to, misses nothing: whatever happens between two pages or two polls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.rules import ask, case_of, complaint, refused, said
from tests.scoring.test_rescoring import STRICTER, all_steps, use
from tests.worker.conftest import COMPLAINT, SEVERE, Tern
from widget_server import clock, desk, worker
from widget_server.api import paging, queries
from widget_server.clock import MINUTE, now_ms
from widget_server.database import db, writing
from widget_server.scoring.operations import scores_as
from widget_server.sites.models import Site

OVERLAP = MINUTE


@pytest.fixture
def later() -> Iterator[Any]:
    """A clock that is moved by minutes, so that the overlap hides nothing."""
    began, gone = now_ms(), [0]

    def wait(minutes: int = 2) -> None:
        gone[0] += minutes * MINUTE

    with clock.travel(lambda: began + gone[0]):
        yield wait


class Follower:
    """A program that follows a list, by the guide's rules."""

    def __init__(self, tern: Tern, token: str, path: str, limit: int = 1) -> None:
        self.tern, self.token, self.path, self.limit, self.highest = tern, token, path, limit, 0
        self.known: dict[str, Any] = {}

    def pages(self) -> Iterator[list[str]]:
        since, cursor = max(0, self.highest - OVERLAP), ""
        while True:
            address = f"{self.path}?order=oldest&changed_since={since}&limit={self.limit}{cursor}"
            page = said(ask(self.tern, "GET", address, self.token))
            self.highest = max([self.highest, *(one["changed_at"] for one in page["items"])])
            self.known |= {one["id"]: one for one in page["items"]}
            yield [one["id"] for one in page["items"]]
            if page["next"] is None:
                return
            cursor = f"&cursor={page['next']}"

    def poll(self) -> list[str]:
        return [id for page in self.pages() for id in page]


def test_a_case_that_changes_behind_a_page_is_listed_again(tern: Tern, token: str, later: Any) -> None:
    cases = []
    for _ in range(3):
        cases.append(case_of(tern, token, complaint(tern))["id"])
        later()
    follower = Follower(tern, token, "/cases")
    pages = follower.pages()
    assert next(pages) == [cases[0]]
    for id in cases[:2]:
        note(tern, token, id)
        later()
    assert list(pages) == [[cases[2]], [cases[0]], [cases[1]]]
    note(tern, token, cases[0])
    assert cases[0] in follower.poll()
    assert follower.known[cases[0]]["version"] == 3


def note(tern: Tern, token: str, id: str) -> None:
    said(ask(tern, "POST", f"/cases/{id}/note", token, {"body": "Looked at."}, {"If-Match": "*"}))


def test_a_response_is_listed_again_when_it_goes_on_and_when_it_was_looked_at(tern: Tern, token: str, later: Any) -> None:
    body = tern.body(COMPLAINT, finished=False, seq=1)
    tern.post(body)
    follower = Follower(tern, token, "/responses")
    assert follower.poll() == [body["id"]]
    later()
    for _ in range(2):  # so that a new one is no accident of the overlap
        tern.send("Something else", mood=4)
        later()
    follower.poll()
    tern.post({**body, "seq": 2, "finished": True})
    assert body["id"] in follower.poll()
    assert (follower.known[body["id"]]["finished"], follower.known[body["id"]]["assessment"]) == (True, None)
    later()
    worker.run_once(tern.app)
    follower.poll()
    assert follower.known[body["id"]]["assessment"] is not None


def test_it_is_listed_again_when_it_is_read_by_another_model_or_marked_or_erased(
    tern: Tern, token: str, later: Any
) -> None:
    sent = complaint(tern, SEVERE)
    follower = Follower(tern, token, "/responses")
    follower.poll()
    later()
    with writing():
        use(db.session.get_one(Site, tern.site_id), STRICTER)
    all_steps()
    assert follower.poll() == [sent]
    assert follower.known[sent]["assessment"]["model"] == scores_as(STRICTER)
    later()
    actor = tern.staff("Wren")
    with writing():
        desk.archive_response(db.session.merge(tern.response(sent)), db.session.merge(actor))
    assert follower.poll() == [sent]
    assert follower.known[sent]["state"] == "archived"
    later()
    with writing():
        desk.erase(db.session.merge(tern.response(sent)))
    assert follower.poll() == [sent]
    assert follower.known[sent]["texts"] == {}


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("listed", ["responses", "cases"])
def test_what_changed_is_found_by_an_index_alone(tern: Tern, token: str, listed: str, order: str) -> None:
    """Each page seeks: nobody who follows makes the database read or sort the whole history."""
    for _ in range(3):
        complaint(tern)
    address = f"/{listed}?changed_since=1&limit=1&order={order}"
    cursor = said(ask(tern, "GET", address, token))["next"]
    asked: list[Any] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(queries, "one_page", lambda *given: asked.append(given) or paging.one_page(*given))
        patched.setattr(paging, "db", _Explaining(asked))
        said(ask(tern, "GET", f"{address}&cursor={cursor}", token))
    plan = asked[-1]
    assert f"ix_{listed}_site_changed" in plan, plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


class _Explaining:
    """Stands before the session: says how the page is found."""

    def __init__(self, asked: list[Any]) -> None:
        self.asked, self.session = asked, self

    def execute(self, statement: Any) -> Any:
        bind = db.session.connection()
        words = str(statement.compile(bind.engine, compile_kwargs={"literal_binds": True}))
        how = "EXPLAIN QUERY PLAN" if bind.dialect.name == "sqlite" else "EXPLAIN"
        if how == "EXPLAIN":
            db.session.execute(text("SET LOCAL enable_seqscan = off"))  # three rows are read sooner without an index
            db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        self.asked.append(" ".join(str(row) for row in db.session.execute(text(f"{how} {words}"))))
        return db.session.execute(statement)


def test_a_cursor_of_what_changed_fits_no_other_list(tern: Tern, token: str) -> None:
    for _ in range(2):
        complaint(tern)
    cursor = said(ask(tern, "GET", "/cases?changed_since=1&limit=1", token))["next"]
    refused(ask(tern, "GET", f"/cases?limit=1&cursor={cursor}", token), 422)
    refused(ask(tern, "GET", f"/responses?changed_since=1&limit=1&cursor={cursor}", token), 422)
