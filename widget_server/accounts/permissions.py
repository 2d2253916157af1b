"""What a role may do at its site: the whole table, pure. A route names an action; no action, no answer.

admin does everything. support works the queue and the responses. product reads what people say and which surveys
ask them, never who they are. viewer reads, without anything that names a person.
"""

from __future__ import annotations

READING = frozenset(
    {"site.enter", "queue.read", "case.read", "responses.read", "surveys.read", "recovery.read", "deliveries.read"}
)
RECOVERING = frozenset({"case.work", "responses.work", "person.read", "contact.reveal"})
EXPORTING = frozenset({"responses.export", "queue.export"})
KEEPING = frozenset(
    {
        "surveys.work", "settings.read", "settings.work", "settings.people", "settings.audit", "deliveries.work",
        "gesture.approve",
    }
)

ACTIONS = READING | RECOVERING | EXPORTING | KEEPING

ALLOWED: dict[str, frozenset[str]] = {
    "admin": ACTIONS,
    "product": frozenset(
        {"site.enter", "responses.read", "responses.export", "surveys.read", "surveys.work", "recovery.read"}
    ),
    "support": READING | RECOVERING | EXPORTING,
    "viewer": READING - {"deliveries.read"},
}


def may(role: str | None, action: str) -> bool:
    """Whether a role carries an action; an unknown role carries none."""
    return role is not None and action in ALLOWED.get(role, frozenset())


def first_place(role: str) -> str:
    """The screen that a role lands on: the queue, or what people say for those who have no queue."""
    return "queue" if may(role, "queue.read") else "responses"
