"""When a delivery is tried again."""

from __future__ import annotations

from widget_server.clock import HOUR, MINUTE
from widget_server.delivery.schedule import WAITS, next_try


def test_ten_tries_take_75_hours_and_35_minutes() -> None:
    assert len(WAITS) + 1 == 10
    assert sum(WAITS) // MINUTE == 75 * 60 + 35


def test_after_the_tenth_it_is_enough() -> None:
    assert next_try(9, 0, 0.5) == 24 * HOUR
    assert next_try(10, 0, 0.5) is None


def test_jitter_moves_a_wait_by_a_tenth() -> None:
    assert next_try(4, 0, 0.0) == round(1.8 * HOUR)
    assert next_try(4, 0, 1.0) == round(2.2 * HOUR)
