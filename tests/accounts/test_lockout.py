"""A15: who guesses is stopped, by account and by address; a person is not locked out by others, nor all by one.

Addresses come from the trusted hops, counted from the right of X-Forwarded-For: what a caller writes there himself is
to the left of them. With the guard broken (`tests/accounts/trusts_the_left.py`), the same proof must fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import warm
from tests.accounts.conftest import MAREN, sign_in, token_of
from tests.accounts.guesser import guesses_let_through
from tests.conftest import make_app, make_settings
from tests.redis_server import RedisServer, redis_server, redis_session  # noqa: F401
from widget_server.accounts.guessing import SIGN_IN, Guesses, neighbourhood

AppWith = Callable[..., Flask]


def test_rotating_what_one_writes_oneself_changes_nothing(app_with: AppWith) -> None:
    for hops in (0, 1, 2):
        app = app_with(trusted_proxies=hops)
        assert guesses_let_through(app, hops, rotate="left", tries=8) == 5, f"{hops} trusted hops"


def test_the_proof_notices_when_the_left_most_address_is_trusted(tmp_path: Path) -> None:
    done = warm.run(str(tmp_path), module="tests.accounts.trusts_the_left", env=os.environ, timeout=60)
    assert done.stdout.split()[-1] == "8", done.stdout + done.stderr


def test_the_address_that_our_proxy_saw_is_the_one_that_counts(app_with: AppWith) -> None:
    app = app_with(trusted_proxies=1)
    assert guesses_let_through(app, 1, rotate="right", tries=8) == 8, "eight people behind a proxy are eight people"


def test_a_thousand_addresses_of_one_network_are_one() -> None:
    assert len({neighbourhood(f"2001:db8:1:2::{n:x}") for n in range(1000)}) == 1
    counts, let_through = Guesses("memory://", "a key"), 0
    from werkzeug.exceptions import TooManyRequests

    for n in range(1000):
        try:
            counts.take(SIGN_IN, f"person-{n}@ternair.example", f"2001:db8:1:2::{n:x}")
            let_through += 1
        except TooManyRequests:
            pass
    assert let_through == 60
    assert counts.take(SIGN_IN, MAREN, "2001:db8:1:3::1"), "the network beside it goes on"


def test_one_caller_can_not_lock_an_account_for_others(app: Flask, client: FlaskClient, maren: None) -> None:
    for _ in range(30):
        sign_in(client, MAREN, "a guess")
    hers = app.test_client()
    hers.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert sign_in(hers, MAREN).status_code == 302


def test_a_botnet_is_stopped_at_the_account_and_harms_no_other() -> None:
    from werkzeug.exceptions import TooManyRequests

    counts, let_through = Guesses("memory://", "a key"), 0
    for n in range(300):
        try:
            counts.take(SIGN_IN, MAREN, f"203.0.{n // 250}.{n % 250}")
            let_through += 1
        except TooManyRequests:
            pass
    assert let_through == 100
    assert counts.take(SIGN_IN, "joost@ternair.example", "203.0.0.1")


def test_guesses_at_the_same_moment_do_not_slip_past_together(app: Flask, maren: None) -> None:
    def guess(_: int) -> int:
        return sign_in(app.test_client(), MAREN, "a guess").status_code

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(guess, range(16)))
    assert sorted(answers) == [422] * 5 + [429] * 11


def test_processes_share_one_count_by_redis(
    redis_server: RedisServer,  # noqa: F811
    tmp_path: Path,
    maren_in: Callable[..., Flask],
) -> None:
    processes = [maren_in(tmp_path, limits_url=redis_server.url) for _ in range(4)]
    with ThreadPoolExecutor(12) as threads:
        answers = threads.map(lambda app: sign_in(app.test_client(), MAREN, "a guess").status_code, processes * 3)
    assert sorted(answers) == [422] * 5 + [429] * 7
    assert all("ternair" not in key and "127.0.0.1" not in key for key in redis_server.names()), "by keyed hashes alone"
    redis_server.empty()
    assert sign_in(processes[0].test_client(), MAREN).status_code == 302


def test_without_redis_each_process_counts_for_itself(tmp_path: Path, maren_in: Callable[..., Flask]) -> None:
    app = maren_in(tmp_path, limits_url="redis://127.0.0.1:1/0")
    answers = [sign_in(app.test_client(), MAREN, "a guess").status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2


@pytest.fixture
def maren_in() -> Callable[..., Flask]:
    """One more process of an installation that knows Maren."""
    from dataclasses import replace

    from tests.accounts.conftest import person
    from widget_server import database
    from widget_server.accounts.queries import user_by_email

    kept: list[Flask] = []

    def make(folder: Path, **changes: str) -> Flask:
        settings = kept[0].extensions["widget_settings"] if kept else make_settings(folder)
        app = make_app(replace(settings, **changes))  # type: ignore[arg-type]
        with app.app_context(), database.writing():
            if user_by_email(MAREN) is None:
                person(MAREN, "Maren Solli")
        kept.append(app)
        return app

    return make


def test_a_right_password_gives_its_try_back(client: FlaskClient, maren: None) -> None:
    for _ in range(4):
        sign_in(client, MAREN, "a slip")
    assert sign_in(client, MAREN).status_code == 302
    client.post("/console/logout", data={"csrf_token": token_of(client.get("/console/me/sessions").text)})
    assert "You have 0 more tries." in sign_in(client, MAREN, "a slip").text


@pytest.mark.parametrize("address", ["::ffff:192.0.2.1", "::ffff:192.0.2.2"])
def test_ipv4_callers_of_a_server_on_both_families_are_told_apart(address: str) -> None:
    assert neighbourhood(address) == address.removeprefix("::ffff:")
