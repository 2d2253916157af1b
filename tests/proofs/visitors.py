"""Visitors who do not give up: each sends a submission until it is acknowledged, and some send theirs again."""

from __future__ import annotations

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.proofs.installation import Installation
from tests.proofs.sending import Crowd, Sender

COMPLAINTS = ("I could not find the payment button, the page is broken.", "Terrible, I paid twice and nobody helps me!")
PRAISE = ("Lovely, so easy. Thank you!", "Great service, I will come back.")
PERSONS = 12


@dataclass
class Visitors(Crowd):
    """Threads that send. `acknowledged` are the ids for which a 202 came."""

    at: Installation
    threads: int = 4
    pause: float = 0.01
    seed: int = 1
    acknowledged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._senders = [Sender(self.at.port) for _ in range(self.threads)]
        self._running = [threading.Thread(target=self._run, args=(number,)) for number in range(self.threads)]

    def start(self) -> None:
        for thread in self._running:
            thread.start()

    def stop(self) -> None:
        """Each finishes what it has begun."""
        self._stop.set()
        for thread in self._running:
            thread.join(60)

    def _run(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)
        sender = self._senders[number]
        while not self._stop.is_set():
            body = self.submission(chance)
            for _ in range(chance.choice((1, 1, 1, 2, 3))):  # some send again what was acknowledged
                if sender.send(body) is not None:
                    with self._lock:
                        self.acknowledged.add(body["id"])
            time.sleep(self.pause * chance.random() * 2)
        sender.close()

    def submission(self, chance: random.Random) -> dict[str, Any]:
        unhappy = chance.random() < 0.6
        answers: dict[str, Any] = {"mood": 1 if unhappy else 5, "comment": chance.choice(COMPLAINTS if unhappy else PRAISE)}
        if chance.random() < 0.5:
            answers["contact"] = {"email": f"p{chance.randrange(PERSONS)}@person.example", "consent": True}
        return {
            "p": 1, "id": str(uuid.uuid4()), "secret": uuid.uuid4().hex, "survey": "feedback",
            "version": self.at.versions["feedback"], "answers": answers,
        }  # fmt: skip
