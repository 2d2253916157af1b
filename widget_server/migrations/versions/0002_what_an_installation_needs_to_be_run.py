"""What an installation needs to be run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_answers',
    sa.Column('token_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['token_id'], ['api_tokens.id'], name=op.f('fk_api_answers_token_id_api_tokens'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_id', 'key', name=op.f('pk_api_answers'))
    )
    with op.batch_alter_table('api_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_answers_at'), ['at'], unique=False)

    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revoked_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('last_used_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_api_tokens_actor_id_users'), 'users', ['actor_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_api_tokens_actor_id_users'), type_='foreignkey')
        batch_op.drop_column('actor_id')
        batch_op.drop_column('last_used_at')
        batch_op.drop_column('revoked_at')

    with op.batch_alter_table('api_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_answers_at'))

    op.drop_table('api_answers')
