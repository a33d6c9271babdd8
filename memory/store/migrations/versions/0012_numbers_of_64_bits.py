"""Numbers of deliveries, rejected rows and triggers have 64 bits on PostgreSQL too

Revises: 0011
"""

from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

WIDENED = (('inbox', 'id'), ('inbox_rejected', 'id'), ('inbox_rejected', 'inbox_id'), ('trigger_queue', 'id'))
COUNTING = (('inbox', 'id'), ('inbox_rejected', 'id'), ('trigger_queue', 'id'))


def upgrade() -> None:
    _set_type('BIGINT')


def downgrade() -> None:
    _set_type('INTEGER')


def _set_type(name: str) -> None:
    """PostgreSQL counted in 32 bits; SQLite's INTEGER holds 64 already."""
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, column in WIDENED:
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {name}')
    for table, column in COUNTING:
        op.execute(f'ALTER SEQUENCE {table}_{column}_seq AS {name}')
