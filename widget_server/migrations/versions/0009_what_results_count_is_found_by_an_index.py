"""what results count is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('displays', schema=None) as batch_op:
        batch_op.create_index('ix_displays_site_shown', ['site_id', 'shown_at', 'survey_key'], unique=False)

    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_site_opened', ['site_id', 'opened_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_site_opened')

    with op.batch_alter_table('displays', schema=None) as batch_op:
        batch_op.drop_index('ix_displays_site_shown')

