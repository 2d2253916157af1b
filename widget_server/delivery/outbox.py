"""What leaves the process is a row first, in the transaction that caused it. Claims, outcomes and replays of these rows.

queued → sending → sent, or queued again at a later time, or failed for good (a dead letter, which staff may replay).
Without SMTP settings a row is `held`: staff read it as "would have been sent". Operations flush, edges commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from widget_server.clock import MINUTE, now_ms
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.delivery.schedule import next_try
from widget_server.delivery.transports.outcome import Arrived, Outcome, Refused
from widget_server.errors import Conflict

LEASE = 2 * MINUTE
"""How long a try may take before another worker may think that this one died. Longer than a transport's whole."""


def enqueue(
    *,
    unique_key: str,
    site_id: int,
    purpose: str,
    subject: str,
    body: str,
    language: str = "en",
    contact_id: int | None = None,
    user_id: int | None = None,
) -> Delivery:
    """Ask for one message to a contact or to a member of staff. The same `unique_key` again changes nothing."""
    there = _by_key(unique_key)
    if there is not None:
        return there
    now = now_ms()
    delivery = Delivery(
        unique_key=unique_key,
        site_id=site_id,
        purpose=purpose,
        subject=" ".join(subject.split())[:200],
        body=body,
        language=language,
        contact_id=contact_id,
        user_id=user_id,
        next_at=now,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(delivery)
    except IntegrityError:
        there = _by_key(unique_key)
        if there is None:
            raise  # it was not the key: a recipient is missing, or there are two
        return there
    return delivery


def enqueue_to_staff(
    user_ids: Iterable[int], *, unique_key: str, site_id: int, purpose: str, subject: str, body: str
) -> None:
    """The same message to several members of staff, to each once for a `unique_key`."""
    for user_id in user_ids:
        key = f"{unique_key}:{user_id}"
        enqueue(unique_key=key, site_id=site_id, purpose=purpose, subject=subject, body=body, user_id=user_id)



def _by_key(unique_key: str) -> Delivery | None:
    return db.session.scalar(select(Delivery).where(Delivery.unique_key == unique_key))


def claim(limit: int) -> list[tuple[int, int]]:
    """Take due deliveries for a try, as (id, lease). A try that a dead worker left is taken again."""
    now = now_ms()
    due = (
        select(Delivery.id)
        .where(
            Delivery.lease_until <= now,
            or_((Delivery.state == "queued") & (Delivery.next_at <= now), Delivery.state == "sending"),
        )
        .order_by(Delivery.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for id in db.session.scalars(due).all():
        taken = db.session.execute(
            update(Delivery)
            .where(Delivery.id == id, Delivery.lease_until <= now, Delivery.state.in_(("queued", "sending")))
            .values(state="sending", attempt=Delivery.attempt + 1, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            claimed.append((id, now + LEASE))
    return claimed


def any_due() -> bool:
    """Whether a claim would find something: a look without the writers' lock."""
    now = now_ms()
    due = or_((Delivery.state == "queued") & (Delivery.next_at <= now), Delivery.state == "sending")
    return db.session.scalar(select(Delivery.id).where(Delivery.lease_until <= now, due).limit(1)) is not None


def settle(id: int, lease: int, outcome: Outcome, jitter: float) -> bool:
    """Write down how a try ended. False when the lease was lost meanwhile: then somebody else's word counts."""
    delivery = _held_by(id, lease)
    if delivery is None:
        return False
    now = now_ms()
    again = None
    if isinstance(outcome, Arrived):
        delivery.state, delivery.sent_at, delivery.error = "sent", now, None
    elif isinstance(outcome, Refused) or (again := next_try(delivery.attempt, now, jitter)) is None:
        delivery.state, delivery.error = "failed", outcome.reason
    else:
        delivery.state, delivery.error, delivery.next_at = "queued", outcome.reason, again
    delivery.lease_until = 0
    db.session.flush()
    return True


def hold(id: int, lease: int) -> bool:
    """No transport is set up: keep it for staff to read. It stays so until somebody replays it."""
    delivery = _held_by(id, lease)
    if delivery is None:
        return False
    delivery.state, delivery.lease_until, delivery.attempt = "held", 0, delivery.attempt - 1
    delivery.error = None
    db.session.flush()
    return True


def replay(delivery: Delivery) -> None:
    """Queue a dead letter, or a held message, once more from the start of its schedule.

    Raises:
        Conflict: when it is on its way or has arrived, or its words are gone.
    """
    if delivery.state not in ("failed", "held"):
        raise Conflict(f"This message is {delivery.state}: only one that failed or is held can be sent again")
    if not delivery.body:
        raise Conflict("The words of this message are gone: it is older than this site keeps them.")
    delivery.state, delivery.attempt, delivery.error = "queued", 0, None
    delivery.next_at, delivery.lease_until = now_ms(), 0
    db.session.flush()


def release_leases() -> None:
    """For a worker that knows it is alone: what its dead forerunner was sending is due at once."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.state == "sending")
        .values(lease_until=0)
        .execution_options(synchronize_session=False)
    )


def _held_by(id: int, lease: int) -> Delivery | None:
    wanted = (Delivery.id == id, Delivery.state == "sending", Delivery.lease_until == lease)
    return db.session.scalar(select(Delivery).where(*wanted).with_for_update())
