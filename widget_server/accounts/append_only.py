"""The database itself keeps the audit log append-only: no statement of ours, or of somebody at its prompt, rewrites it.

Rows go in one way, the retention of `privacy/retention.py`: inside `retiring()`, which stands as a row of a table of its
own until the same transaction ends. An entry may lose its user when the user is removed; nothing else of it changes.
Whoever may drop triggers can still do so: this guards against mistakes and injected statements, not against the
database's owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, delete, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from widget_server.accounts.models import AuditEntry
from widget_server.database import Model

REFUSAL = "The audit log is only added to."
FIXED = ("id", "site_id", "action", "subject", "detail", "note", "at")


class AuditRetiring(Model):
    """Has a row only within a transaction that takes expired entries away."""

    __tablename__ = "audit_retiring"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@contextmanager
def retiring(session: Session) -> Iterator[None]:
    """Within a writing transaction: entries may be deleted until the block ends."""
    session.execute(insert(AuditRetiring).values(id=1))
    yield
    session.execute(delete(AuditRetiring))


_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED)
SQLITE = (
    f"""CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit WHEN NOT EXISTS (SELECT 1 FROM audit_retiring)
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608 — constants of ours
    f"""CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit WHEN {_CHANGED}
    OR (NEW.user_id IS NOT NULL AND NEW.user_id IS NOT OLD.user_id)
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
_SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
POSTGRESQL = (
    f"""CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM audit_retiring) THEN RETURN OLD; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF {_SAME} AND (NEW.user_id IS NULL OR NEW.user_id IS NOT DISTINCT FROM OLD.user_id) THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",  # noqa: S608 — as above
    """CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)
AWAY = {
    "sqlite": ("DROP TRIGGER audit_keeps_rows", "DROP TRIGGER audit_keeps_words"),
    "postgresql": (
        "DROP TRIGGER audit_keeps_rows ON audit", "DROP TRIGGER audit_keeps_all ON audit",
        "DROP FUNCTION audit_is_append_only",
    ),
}


def guard(connection: Connection) -> None:
    """Put the triggers there: by the migration, and wherever the tables are made from the models."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def unguard(connection: Connection) -> None:
    for statement in AWAY[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(AuditRetiring.metadata, "after_create")
def _made(_metadata: object, connection: Connection, tables: list[Table], **_: object) -> None:
    if AuditEntry.__table__ in tables:
        guard(connection)
