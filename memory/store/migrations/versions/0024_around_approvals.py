"""Around approvals: rules, notices, deputies, readings of a market's texts; whether a plan goes in stages only

Revises: 0023
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        'approval_rules',
        sa.Column('seq', BIG, nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('set_by', sa.String(), nullable=False),
        sa.Column('set_at', AT(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('seq'),
    )
    op.create_index('ix_approval_rules_shop_id', 'approval_rules', ['shop_id'])
    op.create_table(
        'approval_notice',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('approval_id', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('way', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('n_tries', sa.Integer(), nullable=False),
        sa.Column('next_at', AT(), nullable=False),
        sa.Column('told_at', AT(), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_approval_notice_approval_id', 'approval_notice', ['approval_id'])
    op.create_index('ix_approval_notice_status', 'approval_notice', ['status'])
    op.create_table(
        'approval_pass',
        sa.Column('approval_id', sa.String(), nullable=False),
        sa.Column('deputy', sa.String(), nullable=False),
        sa.Column('approver', sa.String(), nullable=False),
        sa.Column('passed_at', AT(), nullable=False),
        sa.PrimaryKeyConstraint('approval_id', 'deputy'),
    )
    op.create_table(
        'approval_reading',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('market', sa.String(), nullable=False),
        sa.Column('texts_hash', sa.String(), nullable=False),
        sa.Column('reader', sa.String(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('read_at', AT(), nullable=False),
        sa.Column('approval_id', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'market', 'texts_hash', 'reader'),
    )
    op.add_column('approval', sa.Column('is_staged', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('approval', 'is_staged')
    for table in ('approval_reading', 'approval_pass', 'approval_notice', 'approval_rules'):
        op.drop_table(table)
