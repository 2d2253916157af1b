"""How often somebody may guess: a password, a code, whether an address is known. For each account, and each address.

A try is counted before it is looked at and given back when it was right, so tries at the same moment can't slip past
the limit together. One place can't lock an account for everybody: what is refused for one address counts nowhere else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from flask import Response, current_app, g, make_response, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from widget_server import counting
from widget_server.accounts.queries import address_of
from widget_server.sealing import blind_index

TRIES_OF_ONE = 5
"""Wrong passwords for one account from one address, in a quarter of an hour."""

log = structlog.get_logger()
Taken = list[tuple[RateLimitItem, tuple[str, str]]]


@dataclass(frozen=True)
class Limits:
    """How many wrong tries there may be. The narrowest is counted first, and what it refuses is counted nowhere."""

    account_and_address: RateLimitItem
    address: RateLimitItem
    account: RateLimitItem  # from anywhere: above it only a botnet; the person waits an hour at most


SIGN_IN = Limits(
    account_and_address=RateLimitItemPerMinute(TRIES_OF_ONE, 15, namespace="signin"),
    address=RateLimitItemPerMinute(60, 15, namespace="signin"),
    account=RateLimitItemPerHour(100, namespace="signin"),
)
SECOND_STEP = Limits(  # six digits, and whoever is here knows the password
    account_and_address=RateLimitItemPerMinute(TRIES_OF_ONE, 15, namespace="code"),
    address=RateLimitItemPerMinute(60, 15, namespace="code"),
    account=RateLimitItemPerHour(20, namespace="code"),
)
ASKING = Limits(  # for a link by mail: every one counts, since none is wrong
    account_and_address=RateLimitItemPerHour(3, namespace="asking"),
    address=RateLimitItemPerHour(20, namespace="asking"),
    account=RateLimitItemPerHour(6, namespace="asking"),
)


class Guesses:
    """Counts for one application, in `limits_url`'s storage; in memory while that can't be reached.

    The storage gets neither addresses nor e-mails: both are named by a keyed hash, and forgotten within the hour.
    """

    def __init__(self, url: str, key: str) -> None:
        self._key = key
        self._shared = FixedWindowRateLimiter(counting.storage(url))
        self._alone = FixedWindowRateLimiter(counting.storage(counting.MEMORY))

    def take(self, limits: Limits, account: str, address: str) -> Taken:
        """Count one try.

        Raises:
            TooManyRequests: there were too many; says when to come again.
        """
        who = blind_index(self._key, "guesses of an account", address_of(account)[:255])
        where = blind_index(self._key, "guesses of an address", neighbourhood(address))
        taken: Taken = self._on_storage(lambda window: _take_all(window, limits, who, where))
        return taken

    def give_back(self, taken: Taken) -> None:
        """It was no wrong guess."""
        self._on_storage(lambda window: _give_back(window, taken))

    def left(self, taken: Taken) -> int:
        """How many more tries this account has from this address."""
        item, names = taken[0]
        return max(0, int(self._on_storage(lambda window: window.get_window_stats(item, *names).remaining)))

    def _on_storage(self, act: Callable[[FixedWindowRateLimiter], Any]) -> Any:
        try:
            return act(self._shared)
        except StorageError as error:
            log.warning("limits_unreachable", error=type(error).__name__)
            return act(self._alone)


def _take_all(window: FixedWindowRateLimiter, limits: Limits, account: str, place: str) -> Taken:
    wanted = (
        (limits.account_and_address, (account, place)),
        (limits.address, (place, "")),
        (limits.account, (account, "")),
    )
    taken: Taken = []
    for item, names in wanted:
        if not window.hit(item, *names):
            _give_back(window, taken)
            resets = window.get_window_stats(item, *names).reset_time
            raise TooManyRequests(retry_after=max(1, math.ceil(resets - time.time())))
        taken.append((item, names))
    return taken


def _give_back(window: FixedWindowRateLimiter, taken: Taken) -> None:
    for item, names in taken:
        window.storage.incr(item.key_for(*names), item.get_expiry(), amount=-1)


def guesses() -> Guesses:
    """The counts of the running application."""
    found: Guesses = current_app.extensions["guesses"]
    return found


def counted(limits: Limits, account: Callable[[], str]) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """For a view that takes a guess. It answers 422 to a wrong one, and sets `g.no_guess` when only something else
    is wrong; whatever else it answers was no wrong guess either."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def one_try(*args: object, **more: object) -> Response:
            if request.method != "POST":
                return make_response(view(*args, **more))
            taken = guesses().take(limits, account(), request.remote_addr or "")
            g.tries_left = guesses().left(taken)
            try:
                answer = make_response(view(*args, **more))
            except Exception:
                guesses().give_back(taken)  # nothing was told, right or wrong
                raise
            if answer.status_code != 422 or g.get("no_guess"):
                guesses().give_back(taken)
            return answer

        return one_try

    return wrap


def neighbourhood(address: str) -> str:
    """An IPv4 address as it is; an IPv6 one as its /64, for whoever has one has all of it."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if known.version == 6 and known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)  # a server on both families sees every IPv4 caller in one /64
    return str(known) if known.version == 4 else str(ip_network((int(known), 64), strict=False))
