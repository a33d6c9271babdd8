"""All tables: importing this module makes `metadata` complete. A new noun file adds one line here."""

# ruff: noqa: F401  the imports declare the tables

from sqlmodel import SQLModel

import memory.store.alerts
import memory.store.ambassadors
import memory.store.amendments
import memory.store.approval_notices
import memory.store.approval_passes
import memory.store.approval_readings
import memory.store.approval_rules
import memory.store.approvals
import memory.store.assignments
import memory.store.audit
import memory.store.autonomy
import memory.store.batches
import memory.store.budget_ledger
import memory.store.challenges
import memory.store.chats
import memory.store.circuits
import memory.store.code_alarms
import memory.store.code_sources
import memory.store.codes
import memory.store.communities
import memory.store.consents
import memory.store.contacts
import memory.store.content_items
import memory.store.credits
import memory.store.deliveries
import memory.store.durable
import memory.store.early_access
import memory.store.figures
import memory.store.first_touches
import memory.store.goods_state
import memory.store.guardrail_versions
import memory.store.identities
import memory.store.imports
import memory.store.inbox
import memory.store.leavers
import memory.store.lessons
import memory.store.looks
import memory.store.loyalty
import memory.store.member_invitations
import memory.store.message_targets
import memory.store.order_mail
import memory.store.outbox
import memory.store.outside
import memory.store.outside_sends
import memory.store.part_holdouts
import memory.store.person_state
import memory.store.plans
import memory.store.pre_approvals
import memory.store.preferences
import memory.store.principals
import memory.store.releases
import memory.store.runs
import memory.store.segments
import memory.store.sessions
import memory.store.share_ledger
import memory.store.shop_effects
import memory.store.shop_secrets
import memory.store.shops
import memory.store.sign_ins
import memory.store.slips
import memory.store.standing
import memory.store.switches
import memory.store.thanks
import memory.store.thanks_goods
import memory.store.trigger_queue
import memory.store.versions
import memory.store.warm_ups
import memory.store.webhook_secrets

metadata = SQLModel.metadata
"""Every table of the store."""
