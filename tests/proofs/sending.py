"""How the proofs send a response: as the widget does, on one connection, until it is acknowledged."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.proofs.installation import ORIGIN

TRIES = 2_000
PAUSE_SECONDS = 0.05


def post(
    connection: http.client.HTTPConnection, body: dict[str, Any], headers: dict[str, str | None] | None = None
) -> tuple[int, bytes]:
    """As the widget sends, but for these headers; returns status and body."""
    answer = ask(connection, body, headers)
    return answer.status, answer.read()


def ask(
    connection: http.client.HTTPConnection, body: dict[str, Any], headers: dict[str, str | None] | None = None
) -> http.client.HTTPResponse:
    changed = {"Content-Type": "text/plain;charset=UTF-8", "Origin": ORIGIN, **(headers or {})}
    sent = {name: value for name, value in changed.items() if value is not None}
    connection.request("POST", "/v1/sites/proof/responses", json.dumps(body).encode(), sent)
    return connection.getresponse()


@dataclass
class Sender:
    """Does not give up: a server that is killed, away or busy is asked again. For one thread."""

    port: int
    tries: int = 0
    told_to_wait: int = 0  # 503 with Retry-After
    odd: list[str] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def send(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """What the acknowledgement says; None when there was none after all."""
        for _ in range(TRIES):
            self.tries += 1
            try:
                self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
                answer = ask(self._connection, body)
                said = answer.read()
                if answer.status == 202 and (told := json.loads(said))["id"] == body["id"]:
                    return dict(told)
                if answer.status == 503 and answer.headers["Retry-After"]:
                    self.told_to_wait += 1
                else:
                    self.odd.append(f"{answer.status} {said[:200]!r}")
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.close()
            time.sleep(PAUSE_SECONDS)
        self.odd.append("gave up")
        return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Crowd:
    """Several senders, and what they met with."""

    _senders: list[Sender]

    @property
    def tries(self) -> int:
        return sum(one.tries for one in self._senders)

    @property
    def told_to_wait(self) -> int:
        return sum(one.told_to_wait for one in self._senders)

    @property
    def odd(self) -> list[str]:
        return [why for one in self._senders for why in one.odd]
