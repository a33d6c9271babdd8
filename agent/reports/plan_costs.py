"""What a plan cost, per person and in parts: sends by price list, incentives as people were seen to use them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.experiment import Arm
from memory.domain.market import Shop
from memory.domain.offer import BonusPoints, Offer, ReferralReward
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from tools.offers.earned.missions import missions_earned
from tools.offers.earned.pairs import has_referrals
from tools.offers.earned.referrals import referrals_earned
from tools.offers.earned.window import window_of
from tools.outcomes.redeemed import is_earned, offers_seen
from tools.outcomes.window import SPENT_SCHEMA, OutcomeWindow
from tools.priors.amounts import message_cost_millis
from tools.profile import valid_orders

from .lift_model import OfferCost, PlanCosts

MESSAGE_COLUMNS = ("person_id", "channel", "offer_id", "extra_millis", "claimed_at")
"""What is read of messages that left or may have left."""


class Spent(NamedTuple):
    """What people cost besides what their orders show."""

    table: pa.Table
    """`SPENT_SCHEMA`."""
    by_day: pa.Table
    """at (microseconds), minor: sends and expected incentives at the instant of each message."""
    sends_minor: float
    """All sends."""
    earned: dict[str, tuple[int, int]]
    """Offer to uses earned by deeds and their cost."""
    expected: dict[str, int]
    """Offer to the expected cost of uses that nothing shows."""


def spent_of(
    view: LakeView,
    shop: Shop,
    plan: Plan,
    people: ir.Table,
    messages: pa.Table,
    window: OutcomeWindow,
    as_of: datetime,
    granted: pa.Table | None = None,
) -> Spent:
    """Give what each person cost; `messages` has `MESSAGE_COLUMNS` of those that left or may have."""
    orders = valid_orders(view, as_of)
    orders = orders.filter(
        orders.shop_id == shop.shop_id,
        orders.event_at >= ibis.literal(window.starts_at),
        orders.event_at < ibis.literal(window.ends_at),
    )
    seen = offers_seen(orders, plan.offers, granted)
    unseen = {each.id: each for each in plan.offers if each.id not in seen}
    sends, extra = _sends(shop, messages), _expected(messages, unseen)
    earned_rows, earned = _earned(view, shop, plan, people, as_of)
    parts = [_table(messages["person_id"], sends), _table(messages["person_id"], extra), earned_rows]
    expected = {
        offer_id: round(pc.sum(pc.if_else(pc.equal(messages["offer_id"], offer_id), extra, 0.0)).as_py() or 0.0)
        for offer_id in unseen
    }
    return Spent(
        table=pa.concat_tables(parts),
        by_day=pa.table({"at": messages["claimed_at"], "minor": pc.add(sends, extra)}),
        sends_minor=pc.sum(sends).as_py() or 0.0,
        earned=earned,
        expected=expected,
    )


def costs_of(plan: Plan, spent: Spent, used: Mapping[tuple[Arm, str], tuple[int, int]]) -> PlanCosts:
    """Give the plan's costs by kind and offer; `used` are uses that orders of the treated show."""
    offers = tuple(_offer_cost(offer, spent, used) for offer in plan.offers if offer.cost_per_use.amount_minor)
    by_basis = {basis: sum(o.cost_minor for o in offers if o.basis == basis) for basis in ("observed", "expected")}
    return PlanCosts(
        sends_minor=round(spent.sends_minor),
        observed_minor=by_basis["observed"],
        expected_minor=by_basis["expected"],
        offers=offers,
    )


def _offer_cost(offer: Offer, spent: Spent, used: Mapping[tuple[Arm, str], tuple[int, int]]) -> OfferCost:
    if offer.id in spent.expected:
        return OfferCost(offer_id=offer.id, basis="expected", n_uses=None, cost_minor=spent.expected[offer.id])
    seen = spent.earned.get(offer.id) if is_earned(offer) else used.get(("treated", offer.id))
    n_uses, cost_minor = seen or (0, 0)
    return OfferCost(offer_id=offer.id, basis="observed", n_uses=n_uses, cost_minor=cost_minor)


def _sends(shop: Shop, messages: pa.Table) -> pa.Array:
    """Give what each hand-off cost in minor units: its channel's price and what the text added."""
    channels = sorted(set(messages["channel"].unique().to_pylist()))
    prices = pa.array([message_cost_millis(channel, shop.currency) for channel in channels], pa.int64())
    place = pc.index_in(messages["channel"], value_set=pa.array(channels, pa.string()))
    millis = pc.add(prices.take(_whole(place)), _whole(messages["extra_millis"]))
    return pc.divide(pc.cast(millis, pa.float64()), 1000.0)


def _expected(messages: pa.Table, unseen: Mapping[str, Offer]) -> pa.Array:
    """Give the expected cost of the incentive a message carries, the first time its person gets that offer."""
    ids = sorted(unseen)
    worth = pa.array([unseen[each].redemption_rate * unseen[each].cost_per_use.amount_minor for each in ids])
    place = _whole(pc.index_in(messages["offer_id"], value_set=pa.array(ids, pa.string())))
    cost = pc.fill_null(worth.cast(pa.float64()).take(place), 0.0)
    keys = pc.binary_join_element_wise(_whole(messages["person_id"]), _whole(messages["offer_id"]), "\x1f")
    rows = pa.table({"key": keys, "row": pa.array(range(len(keys)), pa.int64())})
    firsts = rows.group_by("key").aggregate([("row", "min")])["row_min"]
    is_first = pc.is_in(rows["row"], value_set=firsts)
    return _whole(pc.if_else(is_first, cost, 0.0))


def _earned(
    view: LakeView, shop: Shop, plan: Plan, people: ir.Table, as_of: datetime
) -> tuple[pa.Table, dict[str, tuple[int, int]]]:
    """Give what missions and referrals cost per person, and per offer how often they were earned."""
    tables, found = [SPENT_SCHEMA.empty_table()], dict[str, tuple[int, int]]()
    offers = [offer for offer in plan.offers if is_earned(offer)]
    told = any(isinstance(offer.incentive, ReferralReward) for offer in offers) and has_referrals(view, shop)
    for offer in offers:
        incentive = offer.incentive
        if isinstance(incentive, ReferralReward) and not told:
            found[offer.id] = (0, 0)
            continue
        holders = people.filter(people.cohort.isin(list(offer.limits.cohorts)), people.arm == "treated")
        holders, window = holders.select("person_id").distinct(), window_of(offer, shop)
        if isinstance(incentive, ReferralReward):
            rows = referrals_earned(view, shop, offer, window, as_of, people=holders)
            rows = rows.filter(rows.role == "referrer")
            each = incentive.referrer.amount_minor + incentive.friend.amount_minor
        else:
            assert isinstance(incentive, BonusPoints)
            rows = missions_earned(view, shop, offer, window, as_of, people=holders)
            each = incentive.cost.amount_minor
        paid = rows.filter(rows.status == "earned").select("person_id").to_pyarrow()
        found[offer.id] = (paid.num_rows, paid.num_rows * each)
        tables.append(_table(paid["person_id"], pa.repeat(float(each), paid.num_rows)))
    return pa.concat_tables(tables), found


def _table(people: Any, minor: Any) -> pa.Table:
    return pa.table({"person_id": people, "spent_minor": minor}).cast(SPENT_SCHEMA)


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
