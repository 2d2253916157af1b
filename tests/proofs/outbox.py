"""SIGKILL of the worker while it sends mail: everything arrives, and at most as often twice as it was killed."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from tests.postgres import free_port
from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from widget_server.accounts.models import User
from widget_server.database import db, writing
from widget_server.delivery import outbox
from widget_server.delivery.models import Delivery

LONGEST_SECONDS = 120


class Mailbox:
    """Counts what it takes by Message-ID; each mail takes it a moment, so that a kill often hits in between."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.taken[next(line for line in lines if line.lower().startswith("message-id:"))] += 1
        time.sleep(0.005)
        return "250 taken"


def prove(mails: int, kills: int, seed: int = 1) -> Found:
    """Queue `mails`, serve, kill the worker `kills` times, and count what arrived."""
    chance, box = random.Random(seed), Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with installation() as at:
            at.more = {
                "WIDGET_SMTP_HOST": "127.0.0.1", "WIDGET_SMTP_PORT": str(controller.port), "WIDGET_SMTP_SECURITY": "none",
                "WIDGET_SMTP_SENDER": "care@proof.example",
            }  # fmt: skip
            queue(at, mails)
            at.start()
            at.await_health("/readyz")
            killed = 0
            for _ in range(kills):
                time.sleep(chance.uniform(0.05, 0.4))
                killed += at.kill("worker") is not None
            arrived = await_sent(at, mails)
            at.stop()
    finally:
        controller.stop()
    twice = sum(box.taken.values()) - len(box.taken)
    return {
        "ok": arrived == mails == len(box.taken) and twice <= killed, "mails": mails, "sent": arrived,
        "arrived": len(box.taken), "twice": twice, "kills": killed,
    }  # fmt: skip


def queue(at: Installation, mails: int) -> None:
    with at.app.app_context():
        with writing():
            user_id = db.session.scalars(select(User.id)).one()
            for number in range(mails):
                outbox.enqueue(
                    unique_key=f"proof:{number}", site_id=at.site_id, purpose="urgent_case", subject=f"Case {number}",
                    body="Look.\n", user_id=user_id,
                )  # fmt: skip
        db.session.remove()


def await_sent(at: Installation, mails: int) -> int:
    until, sent = time.monotonic() + LONGEST_SECONDS, 0
    while sent < mails and time.monotonic() < until:
        time.sleep(0.2)
        with at.app.app_context():
            sent = db.session.scalar(select(func.count()).where(Delivery.state == "sent")) or 0
            db.session.remove()
    return sent


if __name__ == "__main__":
    command(prove, __doc__, mails=2000, kills=50, seed=1)
