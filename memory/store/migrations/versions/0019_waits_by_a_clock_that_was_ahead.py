"""Waits of messages say by which instant they were written: those of a clock that was ahead are void

Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('held_at', sa.BigInteger(), nullable=False, server_default='0'))
    is_held = sa.text('held_at > 0')
    op.create_index(
        'outbox_held', 'outbox', ['shop_id', 'channel', 'state', 'held_at'],
        sqlite_where=is_held, postgresql_where=is_held,
    )


def downgrade() -> None:
    op.drop_index('outbox_held', 'outbox')
    with op.batch_alter_table('outbox') as table:
        table.drop_column('held_at')
