"""People and access: passwords, outside identities, browser sessions, secrets, and what an approval showed

Revises: 0003
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def _text(name: str, server_default: str | None = None) -> 'sa.Column[str]':
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=server_default)


def _instant(name: str) -> 'sa.Column[object]':
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False)


def upgrade() -> None:
    op.create_table('credential',
    _text('principal_id'), _text('password_hash'), _text('set_by'), _instant('set_at'),
    sa.ForeignKeyConstraint(['principal_id'], ['principal.id']),
    sa.PrimaryKeyConstraint('principal_id')
    )
    op.create_table('outside_identity',
    _text('issuer'), _text('subject'), _text('principal_id'), _text('linked_by'), _instant('linked_at'),
    sa.ForeignKeyConstraint(['principal_id'], ['principal.id']),
    sa.PrimaryKeyConstraint('issuer', 'subject')
    )
    op.create_index('ix_outside_identity_principal_id', 'outside_identity', ['principal_id'], unique=False)
    op.create_table('browser_session',
    _text('id_hash'), _text('principal_id'), _text('how'), _text('token_hash'),
    _instant('created_at'), _instant('seen_at'), _instant('expires_at'),
    sa.ForeignKeyConstraint(['principal_id'], ['principal.id']),
    sa.PrimaryKeyConstraint('id_hash')
    )
    op.create_index('ix_browser_session_principal_id', 'browser_session', ['principal_id'], unique=False)
    op.create_table('shop_secret',
    _text('shop_id'), _text('name'), _text('sealed'), _text('set_by'), _instant('set_at'),
    sa.PrimaryKeyConstraint('shop_id', 'name')
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.add_column(_text('shown_hash', server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_column('shown_hash')
    op.drop_table('shop_secret')
    op.drop_index('ix_browser_session_principal_id', 'browser_session')
    op.drop_table('browser_session')
    op.drop_index('ix_outside_identity_principal_id', 'outside_identity')
    op.drop_table('outside_identity')
    op.drop_table('credential')
