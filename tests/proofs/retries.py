"""A3: whatever is sent again, by many at once and while the server is killed, counts once and is answered alike."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import defaultdict
from typing import Any

from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from tests.proofs.kill import await_back, count
from tests.proofs.sending import Crowd, Sender, post

THREADS = 8


def prove(ids: int, kills: int, seed: int = 1, *, module: str = "tests.proofs.restarts_at_once") -> Found:
    """Send each of `ids` one to five times from eight threads in any order, killing the web `kills` times meanwhile."""
    chance = random.Random(seed)
    with installation() as at:
        at.start(module, "--no-worker")
        senders = Senders(at, ids, chance)
        senders.start()
        killed = 0
        while killed < kills and senders.busy():
            time.sleep(chance.uniform(0.05, 0.4))
            await_back(at, {"web": at.kill("web")})
            killed += 1
        senders.join()
        refused = [status for status in senders.with_wrong_secrets(min(ids, 200)) if status != 409]
        at.stop()
        found = count(at, set(senders.answers))
    alike = sum(len(said) != 1 for said in senders.answers.values())
    return {
        "ok": not (senders.odd or refused or alike or found["lost"] or found["twice"]) and found["rows"] == ids,
        "ids": ids, "sent": senders.tries, "kills": killed, "rows": found["rows"], "lost": found["lost"],
        "twice": found["twice"], "answered_differently": alike, "let_in_without_the_secret": len(refused),
        "odd": senders.odd[:5],
    }  # fmt: skip


class Senders(Crowd):
    """Threads that share one heap of snapshots, each in it as often as it will be sent."""

    def __init__(self, at: Installation, ids: int, chance: random.Random) -> None:
        self.at, self._senders = at, list[Sender]()
        self.answers: dict[str, set[str]] = defaultdict(set)
        self.bodies = [self._body(chance) for _ in range(ids)]
        self._heap = [body for body in self.bodies for _ in range(chance.randint(1, 5))]
        chance.shuffle(self._heap)
        self._threads = [threading.Thread(target=self._run) for _ in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def with_wrong_secrets(self, number: int) -> list[int]:
        """The answers to who repeats an id without its secret, in turn another one and none."""
        statuses = []
        connection = http.client.HTTPConnection("127.0.0.1", self.at.port, timeout=15)
        for place, body in enumerate(self.bodies[:number]):
            other = {**body, "secret": uuid.uuid4().hex} if place % 2 else {k: v for k, v in body.items() if k != "secret"}
            statuses.append(post(connection, other)[0])
        connection.close()
        return statuses

    def _body(self, chance: random.Random) -> dict[str, Any]:
        return {
            "p": 1, "id": str(uuid.uuid4()), "secret": uuid.uuid4().hex, "survey": "feedback",
            "version": self.at.versions["feedback"], "answers": {"mood": chance.randint(1, 5)},
        }  # fmt: skip

    def _run(self) -> None:
        sender = Sender(self.at.port)
        while True:
            try:
                body = self._heap.pop()
            except IndexError:
                break
            said = sender.send(body)
            if said is not None:
                self.answers[body["id"]].add(json.dumps(said, sort_keys=True))
        sender.close()
        self._senders.append(sender)


if __name__ == "__main__":
    command(prove, __doc__, ids=10_000, kills=50, seed=1)
