"""The lake's tables: one declared Arrow schema each, shared by everyone who writes or reads facts."""

from typing import Literal, get_args

import pyarrow as pa

FactKind = Literal[
    "orders",
    "order_lines",
    "products",
    "events",
    "stock",
    "costs",
    "spend",
    "rates",
    "consents",
    "people",
    "referrals",
    "households",
    "memberships",
    "community_memberships",
    "goods_links",
    "shipments",
]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
EventKind = Literal[
    "view",
    "cart",
    "checkout",
    "app_open",
    "mail_open",
    "mail_click",
    "review",
    "photo_review",  # comes beside a review that shows the thing
    "return",
    "delivery",
    "unsubscribe",
    "complaint",
    "bounce",
    "sent",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
OrderChannel = Literal["web", "app", "store", "marketplace"]

INSTANT = pa.timestamp("us", tz="UTC")

_COMMON = [
    pa.field("shop_id", pa.string(), nullable=False),
    pa.field("fact_id", pa.string(), nullable=False),  # hash of shop, source, kind and source id
    pa.field("revision", pa.int32(), nullable=False),  # 1 for the first content, +1 for each change
    pa.field("content_hash", pa.string(), nullable=False),  # hash of the row's content without revision and arrival
    pa.field("event_at", INSTANT, nullable=False),
    pa.field("arrived_at", INSTANT, nullable=False),
    pa.field("source", pa.string(), nullable=False),
]


def _schema(*fields: tuple[str, pa.DataType, bool]) -> pa.Schema:
    return pa.schema(_COMMON + [pa.field(name, kind, nullable=nullable) for name, kind, nullable in fields])


LAKE_SCHEMAS: dict[str, pa.Schema] = {
    # One row per order; event_at is the order's instant. Money in minor units of `currency`.
    "orders": _schema(
        ("order_ref", pa.string(), False),  # the shop's own order name or invoice
        ("subject_id", pa.string(), True),  # pseudonym of the record; null for anonymous orders
        ("currency", pa.string(), False),
        ("subtotal_minor", pa.int64(), False),  # goods after discount, before shipping and tax
        ("discount_minor", pa.int64(), False),
        ("shipping_minor", pa.int64(), False),
        ("tax_minor", pa.int64(), False),
        ("refunded_minor", pa.int64(), False),  # refunded part of the subtotal
        ("n_items", pa.int64(), False),  # units over all lines
        ("n_gift_items", pa.int64(), False),
        ("channel", pa.string(), False),  # web, app, store or marketplace
        ("origin", pa.string(), True),  # where the customer came from (utm or source name)
        ("market", pa.string(), True),  # ISO country of the delivery
        ("discount_code", pa.string(), True),
        ("is_cancelled", pa.bool_(), False),
        ("is_paid", pa.bool_(), False),
        ("is_referred", pa.bool_(), False),
    ),
    "order_lines": _schema(
        ("order_fact_id", pa.string(), False),
        ("subject_id", pa.string(), True),
        ("sku", pa.string(), False),
        ("category", pa.string(), True),
        ("quantity", pa.int64(), False),
        ("unit_price_minor", pa.int64(), False),
        ("discount_minor", pa.int64(), False),
        ("currency", pa.string(), False),
        ("is_gift", pa.bool_(), False),
    ),
    "products": _schema(
        ("sku", pa.string(), False),
        ("title", pa.string(), False),  # untrusted text
        ("category", pa.string(), True),
        ("vendor", pa.string(), True),
        ("price_minor", pa.int64(), False),
        ("compare_at_minor", pa.int64(), True),
        ("currency", pa.string(), False),
        ("is_active", pa.bool_(), False),
        ("is_gift_card", pa.bool_(), False),
        ("url", pa.string(), True),
        ("image_url", pa.string(), True),
        ("unreleased_until", pa.date32(), True),  # first local day on which everybody may buy it
    ),
    "events": _schema(
        ("subject_id", pa.string(), True),
        ("kind", pa.string(), False),  # one of EVENT_KINDS
        ("channel", pa.string(), True),  # web, app, store, email, sms, push
        ("sku", pa.string(), True),
        ("category", pa.string(), True),
        ("order_ref", pa.string(), True),
        ("message_id", pa.string(), True),  # the send key of one of our messages
        ("device", pa.string(), True),  # desktop, mobile, tablet, app
        ("value", pa.float64(), True),  # days late for a delivery, stars for a review
        ("is_machine", pa.bool_(), False),  # an open or click made by software
    ),
    "stock": _schema(("sku", pa.string(), False), ("quantity", pa.int64(), False)),
    "costs": _schema(
        ("sku", pa.string(), False),
        ("cost_minor", pa.int64(), False),
        ("currency", pa.string(), False),
        ("is_assumed", pa.bool_(), False),
    ),
    # Marketing money (and hours) spent in a period on one channel; event_at is the period's first instant.
    "spend": _schema(
        ("channel", pa.string(), False),
        ("stage", pa.string(), False),  # pre_purchase or post_purchase
        ("bucket", pa.string(), True),
        ("amount_minor", pa.int64(), False),
        ("currency", pa.string(), False),
        ("period_start", pa.date32(), False),
        ("period_end", pa.date32(), False),
        ("effort_hours", pa.float64(), True),
        ("n_new_customers", pa.int64(), True),
    ),
    "rates": _schema(
        ("base", pa.string(), False),
        ("quote", pa.string(), False),
        ("rate_on", pa.date32(), False),
        ("rate_text", pa.string(), False),  # the exact decimal
    ),
    "consents": _schema(
        ("subject_id", pa.string(), False),
        ("channel", pa.string(), False),
        ("purpose", pa.string(), False),
        ("status", pa.string(), False),
        ("method", pa.string(), False),
        ("is_suppressed", pa.bool_(), False),
    ),
    # Which article follows from owning another: an edge of the catalogue, without a time.
    "goods_links": _schema(
        ("kind", pa.string(), False),  # upgrade, or owners: `to_sku` is sold to owners of `sku` only
        ("sku", pa.string(), False),
        ("to_sku", pa.string(), False),
        ("min_days", pa.int64(), False),  # how long `sku` is owned before an upgrade is offered
        ("is_active", pa.bool_(), False),
    ),
    # What is known of a person besides contact data, pseudonymous.
    "people": _schema(
        ("subject_id", pa.string(), False),
        ("market", pa.string(), True),
        ("language", pa.string(), True),
        ("zone", pa.string(), True),
        ("birth_month", pa.int32(), True),
        ("birth_day", pa.int32(), True),  # of that month; the year is never kept
        ("is_assumed", pa.bool_(), False),
    ),
    # Who recommended the shop to whom; event_at is when the friend came with the recommendation.
    "referrals": _schema(
        ("subject_id", pa.string(), False),  # the friend
        ("referrer_subject_id", pa.string(), False),  # a record: its person is found through the identities
    ),
    # Parcels on their way; event_at is when they were handed to the carrier. Whose they are, their order says; that
    # they arrived, an event of kind `delivery` says.
    "shipments": _schema(
        ("order_ref", pa.string(), False),
        ("origin", pa.string(), True),  # ISO country they were packed in
        ("carrier", pa.string(), True),
        ("is_cancelled", pa.bool_(), False),  # it never left, whatever was said before
        ("delivery_fact_id", pa.string(), True),  # the event that tells of its arrival; null where no id says which
    ),
    # Which records live at one address; without a time, one row per record and address.
    "households": _schema(
        ("subject_id", pa.string(), False),
        ("household_id", pa.string(), False),  # keyed hash of country, postal code, street and flat
    ),
    # Who joined or left the loyalty programme; event_at is when.
    "memberships": _schema(
        ("subject_id", pa.string(), False),
        ("is_member", pa.bool_(), False),
    ),
    # Who joined or left a community on WeChat, Facebook or LINE; event_at is when.
    "community_memberships": _schema(
        ("subject_id", pa.string(), False),
        ("community_id", pa.string(), False),
        ("is_member", pa.bool_(), False),
    ),
}
"""Fact tables: append-only; readers take the latest revision per fact_id as of a data version."""

IDENTITIES_SCHEMA = pa.schema([("subject_id", pa.string()), ("person_id", pa.string())])
"""Snapshot: subjects whose person is another subject; a subject that is not listed is its own person."""

IDENTITY_MOVES_SCHEMA = pa.schema([("subject_id", pa.string()), ("person_id", pa.string()), ("number", pa.int64())])
"""Changes since the snapshot: per subject the highest number counts; one that is its own person left the others."""

SUPERSEDED_SCHEMA = pa.schema([("fact_kind", pa.string()), ("fact_id", pa.string()), ("revision", pa.int32())])
"""Revisions that a later one replaced; small, so that readers need no window over the facts."""

CANDIDATES_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("cohort", pa.string()),
        ("arm", pa.string()),  # treated, control, or withheld (from this step alone)
        ("step_id", pa.string()),
        ("journey_id", pa.string()),
        ("option_id", pa.string()),  # step_id:channel
        ("channel", pa.string()),
        ("message_kind", pa.string()),
        ("message_class", pa.string()),
        ("offer_id", pa.string()),  # empty for none
        ("market", pa.string()),
        ("language", pa.string()),
        ("zone", pa.string()),  # where the local hours are read
        ("send_at", INSTANT),
        ("local_minute", pa.int32()),  # minute of the recipient's local day at send_at
        ("local_weekday", pa.int32()),  # Monday 0
        ("is_local_holiday", pa.bool_()),
        ("has_consent", pa.bool_()),
        ("is_suppressed", pa.bool_()),
        ("last_order_at", INSTANT),
        ("cap_rate", pa.float64()),  # what the person's wish and risk band leave of every cap; null for all of it
        ("n_sent_window", pa.int64()),  # sends of this class in the cap's rolling window, all plans and channels
        ("n_promotional", pa.int64()),  # promotional messages so far in the plan
        ("n_value", pa.int64()),  # service messages so far in the plan
        ("discount_rate", pa.float64()),
        ("worst_margin_rate", pa.float64()),
        ("price_ratio", pa.float64()),
        ("effect_mean", pa.float64()),  # added probability of a further order
        ("effect_sd", pa.float64()),
        ("effect_source", pa.string()),
        ("value_millis", pa.int64()),  # expected incremental margin in thousandths of a minor unit
        ("cost_millis", pa.int64()),  # expected cost in thousandths of a minor unit
    ]
)
"""Due steps x people x channels, before guardrails; doing nothing competes without a row."""

DECISIONS_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("decision_id", pa.string()),
        ("shop_id", pa.string()),
        ("plan_id", pa.string()),
        ("slot_at", INSTANT),
        ("person_id", pa.string()),
        ("cohort", pa.string()),
        ("arm", pa.string()),
        ("step_id", pa.string()),
        ("chosen", pa.string()),  # an option_id or `none`
        ("chosen_reason", pa.string()),  # best_value, explored, guardrail, no_value, budget, control, withheld
        ("is_explored", pa.bool_()),
        ("propensity", pa.float64()),  # probability with which `chosen` was chosen
        ("guardrail_version", pa.string()),
        ("is_fallback", pa.bool_()),  # a second channel for those who did not react
        ("market", pa.string()),  # where the person lived at go-live; null for the control group, as all that follow
        ("zone", pa.string()),
        ("language", pa.string()),
        ("template", pa.string()),  # template@version
        ("subject_no", pa.int32()),  # which of the template's subject lines; null where none is shown
        ("subject_propensity", pa.float64()),  # probability with which that line was drawn
        ("hour_no", pa.int32()),  # which hour of the day, 0 the planned one; null where there was nothing to draw
        ("hour_propensity", pa.float64()),  # probability with which that hour was drawn
        ("hour_choices", pa.list_(pa.int32())),  # the hours that could be drawn
        ("certificate", pa.string()),  # sealed; empty where nothing is sent
    ]
)
OPTIONS_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("decision_id", pa.string()),
        ("option_id", pa.string()),
        ("channel", pa.string()),
        ("offer_id", pa.string()),
        ("send_at", INSTANT),
        ("allowed", pa.bool_()),
        ("reasons", pa.list_(pa.string())),  # all reasons of all rules
        ("propensity", pa.float64()),
        ("effect_mean", pa.float64()),
        ("effect_sd", pa.float64()),
        ("effect_source", pa.string()),
        ("value_millis", pa.int64()),
        ("cost_millis", pa.int64()),
    ]
)
DECISION_TIMES_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("shop_id", pa.string()),
        ("plan_id", pa.string()),
        ("step_id", pa.string()),
        ("is_fallback", pa.bool_()),
        ("channel", pa.string()),
        ("market", pa.string()),
        ("zone", pa.string()),
        ("at", INSTANT),  # an instant that was considered
        ("local_minute", pa.int32()),
        ("local_weekday", pa.int32()),
        ("is_chosen", pa.bool_()),
        (
            "hour_no",
            pa.int32(),
        ),  # its place among the hours that may be drawn, 0 the planned one; null for no such hour
        ("reasons", pa.list_(pa.string())),  # why it was refused, all of them; `later_than_needed` where it was open
    ]
)
"""Which hours of a step were considered, one set per channel, market and zone: all decisions of a place share it."""
DECISION_SUBJECTS_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("shop_id", pa.string()),
        ("template", pa.string()),  # template@version
        ("language", pa.string()),
        ("subject_no", pa.int32()),
        ("subject", pa.string()),  # the words as they were, tokens unfilled
        ("propensity", pa.float64()),  # for people of that language
        ("copy_hash", pa.string()),  # hash of all words of the template in that language
    ]
)
"""The words a batch could use: the subject lines of its templates, in every language that has some."""
DECISION_INPUTS_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("shop_id", pa.string()),
        ("plan_id", pa.string()),
        *CANDIDATES_SCHEMA,
        ("zone_source", pa.string()),
        ("due_at", INSTANT),
        ("template", pa.string()),  # template@version
        ("is_fallback", pa.bool_()),
        ("waited_on", pa.string()),  # the day of its window, for a step that waits; else empty
        ("consent_email", pa.bool_()),
        ("consent_sms", pa.bool_()),
        ("consent_push", pa.bool_()),
        ("preferred_channel", pa.string()),  # the one the person asked for; empty or null where they did not say
        ("has_goods", pa.bool_()),  # whether the step has goods to show, or can do without
        ("is_slipped", pa.bool_()),  # whether it waits for a parcel that slips; null before slips were looked for
    ]
)
"""What a batch decided over, as guardrails and the choice read it: with its frame it decides the same again."""
DECISION_FRAMES_SCHEMA = pa.schema(
    [
        ("batch_id", pa.string()),
        ("shop_id", pa.string()),
        ("plan_id", pa.string()),
        ("frame", pa.string()),  # `DecisionFrame` as JSON
    ]
)
"""What all decisions of a plan in a batch share, one row each."""
COHORT_MEMBERS_SCHEMA = pa.schema(
    [
        ("plan_id", pa.string()),
        ("shop_id", pa.string()),
        ("person_id", pa.string()),
        ("cohort", pa.string()),
        ("arm", pa.string()),
        ("market", pa.string()),
        ("language", pa.string()),
        ("zone", pa.string()),
        ("anchor_on", pa.date32()),
        ("frozen_at", INSTANT),
    ]
)
"""Who belongs to a plan's cohorts, frozen when the plan goes live."""

PLAIN_SCHEMAS: dict[str, pa.Schema] = {
    "identities": IDENTITIES_SCHEMA,
    "identity_moves": IDENTITY_MOVES_SCHEMA,
    "superseded": SUPERSEDED_SCHEMA,
    "decisions": DECISIONS_SCHEMA,
    "decision_options": OPTIONS_SCHEMA,
    "decision_times": DECISION_TIMES_SCHEMA,
    "decision_subjects": DECISION_SUBJECTS_SCHEMA,
    "decision_inputs": DECISION_INPUTS_SCHEMA,
    "decision_frames": DECISION_FRAMES_SCHEMA,
    "cohort_members": COHORT_MEMBERS_SCHEMA,
}
"""Lake tables that are not facts."""
