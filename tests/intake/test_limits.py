"""Callers are counted by network, under a name that can't be led back to them after two days."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.redis_server import start_redis
from widget_server.clock import DAY, travel
from widget_server.errors import TooMany
from widget_server.intake.limits import Limits, network_of
from widget_server.visitor.guard import limit


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_one_caller_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_limit_is_exact_and_says_when_to_come_again() -> None:
    limits = Limits("memory://")
    for _ in range(3):
        limits.count("a", "203.0.113.7", 3)
    with pytest.raises(TooMany) as refused:
        limits.count("a", "203.0.113.7", 3)
    assert 1 <= (refused.value.retry_after or 0) <= 60
    limits.count("a", "203.0.113.8", 3)
    limits.count("b", "203.0.113.7", 3)


def test_the_name_of_an_address_changes_by_the_day_and_old_keys_are_gone() -> None:
    limits = Limits("memory://")
    names = []
    for day in range(4):
        with travel(day * DAY):
            names.append(limits._name("203.0.113.7"))
            assert limits._name("203.0.113.7") == names[-1]
            assert "203.0.113.7" not in names[-1]
            assert set(limits._keys) <= {day, day - 1}
    assert len(set(names)) == 4


def test_several_processes_count_together_and_while_their_storage_is_away_nobody_is_refused(
    tmp_path: Path, app_with: Callable[..., Flask]
) -> None:
    server = start_redis(tmp_path)
    try:
        one, other = Limits(server.url), Limits(server.url)
        for limits in (one, other, one):
            limits.count("a", "203.0.113.7", 3)
        with pytest.raises(TooMany):
            other.count("a", "203.0.113.7", 3)
        app = app_with(limits_url=server.url)
        with app.app_context():
            limit("a receipt")
            server.stop()
            limit("a receipt")
        other.count("a", "203.0.113.7", 3)
        Limits(server.url).count("a", "203.0.113.7", 3)  # one that started without it
    finally:
        server.stop()
