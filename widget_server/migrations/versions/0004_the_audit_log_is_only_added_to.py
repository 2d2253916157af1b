"""the audit log is only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from widget_server.accounts.append_only import guard, unguard

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_retiring',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_retiring'))
    )
    guard(op.get_bind())


def downgrade() -> None:
    unguard(op.get_bind())
    op.drop_table('audit_retiring')
