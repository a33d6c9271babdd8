"""What grows with people, messages and time is looked up: indexes, heads of lake tables, counts of leavers, sends of others

Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

INDEXES = (
    ('decision_batch_last', 'decision_batch', ('shop_id', 'kind', 'covers_until')),
    ('person_state_erased', 'person_state', ('shop_id', 'is_erased')),
    ('consent_event_lake', 'consent_event', ('shop_id', 'is_in_lake')),
    ('inbox_finished', 'inbox', ('shop_id', 'state', 'finished_at')),
    ('outside_send_person', 'outside_send', ('subject_id', 'sent_at')),
    ('outside_send_shop', 'outside_send', ('shop_id', 'sent_at')),
    ('outbox_offer', 'outbox', ('plan_id', 'offer_id', 'state')),
)
BATCH = sa.table('decision_batch', sa.column('lake_versions', sa.JSON))


def upgrade() -> None:
    heads = op.create_table(
        'lake_head',
        sa.Column('name', sa.String(), primary_key=True),
        sa.Column('number', sa.Integer(), nullable=False),
    )
    newest: dict[str, int] = {}
    for versions in op.get_bind().execute(sa.select(BATCH.c.lake_versions)).scalars():
        newest.update({name: max(number, newest.get(name, 0)) for name, number in versions.items()})
    op.bulk_insert(heads, [{'name': name, 'number': number} for name, number in sorted(newest.items())])
    op.create_table(
        'leaver_count',
        sa.Column('shop_id', sa.String(), primary_key=True),
        sa.Column('counted_at', sa.BigInteger(), nullable=False),
        sa.Column('rows', sa.JSON(), nullable=False),
    )
    op.create_table(
        'outside_send',
        sa.Column('fact_id', sa.String(), primary_key=True),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('subject_id', sa.String(), nullable=False),
        sa.Column('message_class', sa.String(), nullable=False),
        sa.Column('sent_at', sa.BigInteger(), nullable=False),
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))
    op.drop_index('outbox_plan', 'outbox')
    op.create_index('outbox_plan', 'outbox', ['plan_id', 'state', 'cost_millis'])


def downgrade() -> None:
    op.drop_index('outbox_plan', 'outbox')
    op.create_index('outbox_plan', 'outbox', ['plan_id', 'state'])
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_table('outside_send')
    op.drop_table('leaver_count')
    op.drop_table('lake_head')
