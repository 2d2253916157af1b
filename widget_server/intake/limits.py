"""How many requests an address may make, without keeping the address.

An address is cut to its /32 or /64 and named by an HMAC under a key of the day. The key lives in the storage of the
limits alone (memory, or Redis where several processes share it), is never on disk by our doing, and is destroyed
after 48 hours: what was counted can't be led back to an address.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Protocol

import structlog

from widget_server import counting
from widget_server.clock import DAY, now_ms
from widget_server.errors import TooMany
from widget_server.intake.window import Window

KEY_SECONDS = 48 * 3600

log = structlog.get_logger()


def network_of(address: str) -> str:
    """The network that is counted as one caller: the address itself, or the /64 of an IPv6 one."""
    with suppress(OSError, ValueError):  # four numbers: no need to take them apart
        socket.inet_pton(socket.AF_INET, address)
        return address
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


class Counter(Protocol):
    def hit(self, name: str, most: int) -> float | None:
        """Count one more, unless there were `most` within a minute: then seconds until the next is free."""
        ...

    def key_of(self, day: int) -> bytes:
        """The day's key, the same for all that count together."""
        ...


class Limits:
    """Counts for one application, in `limits_url`'s storage."""

    def __init__(self, url: str) -> None:
        self._counter: Counter = Own() if counting.in_memory(url) else Shared(url)
        self._keys: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def count(self, what: str, address: str, per_minute: int) -> None:
        """Count one request.

        Raises:
            TooMany: there were `per_minute` within the last minute; says when to come again.
        """
        wait = self._counter.hit(f"{what}/{self._name(address)}", per_minute)
        if wait is not None:
            refusal = TooMany("Too many requests from this network within a minute.")
            refusal.retry_after = max(1, math.ceil(wait))
            raise refusal

    def _name(self, address: str) -> str:
        return hashlib.blake2b(network_of(address).encode(), key=self._key_of(now_ms() // DAY), digest_size=16).hexdigest()

    def _key_of(self, day: int) -> bytes:
        if (known := self._keys.get(day)) is not None:
            return known
        with self._lock:
            if day not in self._keys:
                keys = {known: key for known, key in self._keys.items() if known == day - 1}
                self._keys = {**keys, day: self._counter.key_of(day)}
            return self._keys[day]


class Own(Window):
    """For one process."""

    def key_of(self, day: int) -> bytes:
        return secrets.token_bytes(32)


class Shared:
    """For several, in a storage of the `limits` library. When it can't be reached nobody is refused."""

    def __init__(self, url: str) -> None:
        from limits.strategies import MovingWindowRateLimiter

        self._storage = counting.storage(url)
        self._window = MovingWindowRateLimiter(self._storage)

    def hit(self, name: str, most: int) -> float | None:
        from limits import RateLimitItemPerMinute
        from limits.errors import StorageError

        item = RateLimitItemPerMinute(most)
        try:
            if self._window.hit(item, name):
                return None
            reset, _ = self._window.get_window_stats(item, name)
        except StorageError as error:  # a complaint matters more than a count
            log.warning("limits_unreachable", error=type(error).__name__)
            return None
        return reset - time.time()

    def key_of(self, day: int) -> bytes:
        """The first process to ask makes it, and Redis forgets it by itself."""
        made = secrets.token_bytes(32)
        redis: Any = getattr(self._storage, "storage", None)
        if not hasattr(redis, "setnx"):
            return made
        try:
            redis.set(f"widget:day-key:{day}", made, nx=True, ex=KEY_SECONDS)
            return bytes(redis.get(f"widget:day-key:{day}") or made)
        except Exception as error:  # noqa: BLE001 — the client's own errors; it is no dependency of ours
            log.warning("limits_unreachable", error=type(error).__name__)
            return made
