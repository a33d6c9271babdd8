"""The channel a person asked for, and every change of what people chose

Revises: 0022
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('preferred_channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='')
        )
    op.create_table('preference_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('preference', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('preference_event', schema=None) as batch_op:
        for name in ('shop_id', 'person_id'):
            batch_op.create_index(batch_op.f(f'ix_preference_event_{name}'), [name], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('preference_event', schema=None) as batch_op:
        for name in ('person_id', 'shop_id'):
            batch_op.drop_index(batch_op.f(f'ix_preference_event_{name}'))
    op.drop_table('preference_event')
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.drop_column('preferred_channel')
