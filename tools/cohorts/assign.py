"""Puts every buyer of a peak into exactly one cohort."""

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile import build_profiles
from tools.segments import flag

from .peak import Peak
from .rules import Thresholds, bfcm_rules

COLUMNS = (
    "person_id", "cohort", "market", "language", "zone", "consent_email", "consent_sms", "consent_push",
    "n_orders", "revenue_minor", "aov_minor", "top_category", "first_category", "last_order_at",
)  # fmt: skip


def assign_cohorts(
    view: LakeView,
    shop: Shop,
    peak_from: date,
    peak_until: date,
    as_of: datetime,
    *,
    thresholds: Thresholds | None = None,
    profiles: ir.Table | None = None,
) -> ir.Table:
    """Give one row per buyer of the peak with the columns of `COLUMNS`; `cohort` is never null.

    The peak's days are the shop's, both included. `profiles` saves building them again where the caller
    has them of the same `as_of`. The expression is lazy: materialise it before reading it twice.
    """
    peak = Peak(from_on=peak_from, until_on=peak_until)
    people = build_profiles(view, shop, as_of) if profiles is None else profiles
    return label_cohorts(people, view, shop, peak, as_of, thresholds).select(*COLUMNS)


def label_cohorts(
    people: ir.Table, view: LakeView, shop: Shop, peak: Peak, as_of: datetime, thresholds: Thresholds | None = None
) -> ir.Table:
    """Give those of `people` (columns of `order_profiles`, or more) who bought in the peak, with their `cohort`."""
    rules = bfcm_rules(peak, thresholds)
    flagged = flag({f"is_{cohort}": rule for cohort, rule in rules}, people, view, as_of, shop.zone)
    cohort = ibis.cases(*((flagged[f"is_{name}"], name) for name, _ in rules), else_=ibis.null("string"))
    buyers = flagged.mutate(cohort=cohort)
    return buyers.filter(buyers.cohort.notnull())
