"""SIGKILL of the worker while receivers fail in every way: all messages arrive, twice only what a kill caught on its way."""

from __future__ import annotations

import random
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from standardwebhooks import Webhook

from tests.proofs.frame import command
from tests.proofs.installation import Installation, installation
from tests.webhooks.receiver import Got, drip, receiver, silence, status
from widget_server.database import db, writing
from widget_server.webhooks import operations, outbox
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint
from widget_server.webhooks.sending import AT_ONCE

LONGEST_SECONDS = 240
RECEIVERS = 8
MOST_FAILURES = 6
FAILURES = {
    "500": status(500, body="no"),
    "timeout": silence,
    "429": status(429, "Retry-After: 1"),
    "302": status(302, "Location: http://127.0.0.1:1/"),
    "drip": drip(b"HTTP/1.1 200 O", 0.02),
    "closed": lambda _got, _to: None,
    "503": status(503, "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT"),
}


@dataclass
class Moody:
    """Fails each message a few times in its own way, then takes it; every tenth message meets 410 once."""

    secrets: dict[str, str] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    unsigned: int = 0
    gone: bool = False  # from here on one receiver answers 410
    lock: Lock = field(default_factory=Lock)

    def reply(self, path: str, got: Got, to: socket.socket) -> None:
        id = got.headers["webhook-id"]
        with self.lock:
            self.tries[id] += 1
            number = self.tries[id]
            try:
                Webhook(self.secrets[path]).verify(got.body, got.headers)
            except Exception:
                self.unsigned += 1
        chance = random.Random(id)
        if self.gone and path == "/0":
            self._note("410")
            return status(410)(got, to)
        if number <= chance.randint(0, 3) and number <= MOST_FAILURES:
            kind = random.Random(f"{id}{number}").choice(list(FAILURES))
            self._note(kind)
            return FAILURES[kind](got, to)
        with self.lock:
            self.taken[id] += 1
        time.sleep(0.003)  # so that a kill often hits in between
        return status(200)(got, to)

    def _note(self, kind: str) -> None:
        with self.lock:
            self.met[kind] += 1


def prove(messages: int, kills: int, *, seed: int = 1) -> dict[str, Any]:
    """Queue `messages` for eight endpoints, kill the worker `kills` times, replay what met 410, count what arrived."""
    began, chance, moody = time.monotonic(), random.Random(seed), Moody()
    with receiver() as hub, installation(webhook_allow=()) as at:
        hub.reply = lambda got, to: moody.reply(got.line.split(" ")[1], got, to)
        at.more = {"WIDGET_WEBHOOK_ALLOW": "127.0.0.0/8"}
        queue(at, moody, hub.url.removesuffix("/hook"), messages)
        at.start("tests.proofs.impatient")
        at.await_health("/readyz")
        killed, until = 0, time.monotonic() + LONGEST_SECONDS
        while killed < kills and time.monotonic() < until:
            time.sleep(chance.uniform(0.1, 0.5))
            killed += at.kill("worker") is not None  # none while it is being started again
        settled = await_settled(at, messages)
        dead = replay_with_410(at, moody)
        settled = await_settled(at, messages)
        at.stop()
    twice = sum(moody.taken.values()) - len(moody.taken)
    ok = settled == messages == len(moody.taken) and not moody.unsigned and dead > 0
    ok = ok and twice <= AT_ONCE * killed + dead  # a kill doubles at most what is on its way just then
    return {
        "proof": "webhooks", "ok": ok, "messages": messages, "sent": settled, "arrived": len(moody.taken), "twice": twice,
        "kills": killed, "replayed": dead, "unsigned": moody.unsigned, "tries": sum(moody.tries.values()),
        "met": dict(sorted(moody.met.items())), "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip


def queue(at: Installation, moody: Moody, base: str, messages: int) -> None:
    with at.app.app_context():
        with writing():
            ids = []
            for number in range(RECEIVERS):
                row = WebhookEndpoint(site_id=at.site_id, url=f"{base}/{number}", events=["case.opened"], created_at=0)
                db.session.add(row)
                db.session.flush()
                moody.secrets[f"/{number}"] = operations.rotate_secret(row)
                ids.append(row.id)
            for number in range(messages - 1):
                outbox.enqueue(ids[1 + number % (RECEIVERS - 1)], "case.opened", str(number), {"number": number})
        db.session.remove()


def replay_with_410(at: Installation, moody: Moody) -> int:
    """One message to a receiver that is gone: a dead letter, an endpoint switched off; back again, it is sent once more."""
    moody.gone = True
    with at.app.app_context():
        with writing():
            first = db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id).limit(1)).one()
            outbox.enqueue(first.id, "case.opened", "gone", {"number": -1})
        until = time.monotonic() + 20
        while time.monotonic() < until and not _off(first.id):
            time.sleep(0.1)
        moody.gone = False
        with writing():
            endpoint = db.session.get_one(WebhookEndpoint, first.id)
            was_off = not endpoint.enabled
            operations.enable(endpoint)
            count = operations.replay_since(endpoint, 0)
        db.session.remove()
    return count if was_off else 0


def _off(id: int) -> bool:
    db.session.rollback()
    return db.session.scalar(select(WebhookEndpoint.enabled).where(WebhookEndpoint.id == id)) is False


def await_settled(at: Installation, messages: int) -> int:
    """Until none waits any more; how many were sent."""
    until = time.monotonic() + LONGEST_SECONDS
    sent = 0
    while time.monotonic() < until:
        time.sleep(0.3)
        with at.app.app_context():
            counted = select(WebhookDelivery.state, func.count()).group_by(WebhookDelivery.state)
            states = dict(db.session.execute(counted).tuples().all())
            db.session.remove()
        sent = states.get("sent", 0)
        if not states.get("queued") and not states.get("sending"):
            break
    return sent


if __name__ == "__main__":
    command(prove, __doc__, messages=1000, kills=50, seed=1)
