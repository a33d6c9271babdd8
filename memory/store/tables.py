"""All tables: importing this module makes `metadata` complete. A new noun file adds one line here."""

# ruff: noqa: F401  the imports declare the tables

from sqlmodel import SQLModel

import memory.store.approvals
import memory.store.assignments
import memory.store.audit
import memory.store.batches
import memory.store.budget_ledger
import memory.store.chats
import memory.store.consents
import memory.store.contacts
import memory.store.figures
import memory.store.guardrail_versions
import memory.store.identities
import memory.store.imports
import memory.store.outbox
import memory.store.person_state
import memory.store.plans
import memory.store.principals
import memory.store.segments
import memory.store.sessions
import memory.store.share_ledger
import memory.store.shops
import memory.store.versions

metadata = SQLModel.metadata
"""Every table of the store."""
