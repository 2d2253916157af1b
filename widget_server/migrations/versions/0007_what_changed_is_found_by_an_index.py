"""what changed is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    changed = sa.text('coalesce(processed_at, updated_at)')
    op.create_index('ix_responses_site_changed', 'responses', ['site_id', changed, 'id'], unique=False)
    op.create_index('ix_cases_site_changed', 'cases', ['site_id', 'changed_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_cases_site_changed', table_name='cases')
    op.drop_index('ix_responses_site_changed', table_name='responses')
