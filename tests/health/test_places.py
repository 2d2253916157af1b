"""Who works holds a place; who only waits for another thread gives it to the next; and there are never more than both."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

import pytest

from widget_server import bodies
from widget_server.bodies import LEAVE, BodyFirst


def ask(app: BodyFirst, number: int, said: list[str]) -> list[Thread]:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/v1/x", "CONTENT_LENGTH": ""}
    asking = [
        Thread(target=app, args=(dict(environ), lambda status, _headers: said.append(status))) for _ in range(number)
    ]
    for thread in asking:
        thread.start()
    return asking


@pytest.mark.parametrize(("leaves", "resting", "together"), [(True, 16, 6), (False, 16, 2), (True, 1, 3)])
def test_who_leaves_its_place_lets_the_next_one_in(
    monkeypatch: pytest.MonkeyPatch, leaves: bool, resting: int, together: int
) -> None:
    monkeypatch.setattr(bodies, "MOST_RESTING", resting)
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    inside, said, may_go = list[int](), list[str](), Event()

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        if leaves:
            environ[LEAVE]()
            environ[LEAVE]()
        inside.append(1)
        may_go.wait(20)
        start("200 OK", [])
        return []

    asking = ask(BodyFirst(app, 2, 1000), 6, said)
    while len(inside) + len(said) < 6 and any(thread.is_alive() for thread in asking):
        time.sleep(0.01)
    may_go.set()
    for thread in asking:
        thread.join(20)
    assert (len(inside), said.count("200 OK")) == (together, together)


def test_places_and_benches_are_given_back() -> None:
    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        environ[LEAVE]()
        start("200 OK", [])
        return []

    door, said = BodyFirst(app, 2, 1000), list[str]()
    for _ in range(5):
        for thread in ask(door, 8, said):
            thread.join(20)
    assert said == ["200 OK"] * 40
    found = (door._places.qsize(), door._benches.qsize(), door._queue.qsize())
    assert found == (2, bodies.MOST_RESTING, bodies.MOST_WAITING)
