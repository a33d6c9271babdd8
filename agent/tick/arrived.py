"""Steps about a parcel go to nobody before it is there: usage guide, delivery check, review invitation (S1-16, S1-17).

The parcel is that of the person's last order up to the anchor day. It is there when somebody saw it arrive; in lanes
that report no arrivals, when 9 in 10 of the lane have arrived. A review waits until the goods were used for some days,
and nobody is asked about what went back.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.message import MessageKind
from memory.domain.plan import Plan
from memory.lake.joins import looked_up
from memory.lake.view import LakeView
from tools.parcels import LEAST_USE_DAYS, SCANS_FROM, parcels, use_days, with_lane, with_rest, without_sent_back
from tools.parcels.lanes import MATURE_DAYS

from .due import waits_for_parcel
from .frozen import members

DAY_SECONDS = 86_400
WAIT_DAYS: dict[MessageKind, int] = {"delivery_check": 2}
"""How long after the arrival a kind of message is due, beside reviews, which wait for the goods to be used."""
ASKS_FOR_REVIEW = "review_invitation"


def when_arrived(
    table: ir.Table,
    view: LakeView,
    plan: Plan,
    shop: Shop,
    as_of: datetime,
    due: pa.Table,
    *,
    is_few: bool = False,
    is_rehearsal: bool = False,
) -> ir.Table:
    """Drop candidates of steps about a parcel that is not there at their due instant, or was there on an earlier day.

    Each person is taken on one day of a step: the first on which their parcel is there, as far as it was known then.
    Whoever has a later order under way is left alone: the message would speak of what is not there. Other steps and
    second channels pass. With `is_few` only arrivals that somebody saw count. A rehearsal looks,
    and drops nobody.
    """
    about = {step.id: step.kind for step in plan.steps() if waits_for_parcel(step)}
    names = sorted(about.keys() & set(due["step_id"].to_pylist()))
    if not names:
        return table
    passing = table.filter(~table.step_id.isin(names) | table.is_fallback)
    held = table.filter(table.step_id.isin(names), ~table.is_fallback)
    every = parcels(view, shop, as_of)
    mine = _last(every, plan)
    there = _there(mine, view, shop, plan, is_few=is_few)
    asked = without_sent_back(mine, view, shop, as_of).select("person_id", may_ask=ibis.literal(True))
    there = looked_up(looked_up(there, use_days(view, as_of), "order_fact_id"), asked, "person_id")
    under_way = every.filter(
        every.ordered_at >= ibis.literal(_end_of_anchor(plan)),
        every.arrived_at.isnull(),
        every.started_at > ibis.literal(as_of - timedelta(days=MATURE_DAYS)),
    )
    there = there.anti_join(under_way.select("person_id").distinct(), "person_id")
    return passing.union(_ready(held, there, is_rehearsal=is_rehearsal).select(*table.columns))


def _last(every: ir.Table, plan: Plan) -> ir.Table:
    """Give each person's last parcel up to the end of the anchor day."""
    before = every.filter(every.ordered_at < ibis.literal(_end_of_anchor(plan)))
    order = ibis.window(group_by=before.person_id, order_by=[before.ordered_at.desc(), before.order_fact_id])
    numbered = before.mutate(place=ibis.row_number().over(order))
    return numbered.filter(numbered.place == 0).drop("place")


def _there(mine: ir.Table, view: LakeView, shop: Shop, plan: Plan, *, is_few: bool) -> ir.Table:
    """Give (person_id, order_fact_id, there_s): since when each parcel counts as there; without one it is missing.

    An event decides at its own instant, a tick by when the arrival was heard of: so each day takes others. What lanes
    take is read as it was known when the plan went live, so that a day does not take back what an earlier one said.
    """
    if is_few:
        seen = mine.filter(mine.arrived_at.notnull())
        return seen.select("person_id", "order_fact_id", there_s=seen.arrived_at.epoch_seconds())
    live_at = members(view, plan).frozen_at.min().to_pyarrow().as_py()
    known = with_rest(with_lane(mine, view, shop, live_at or _end_of_anchor(plan)), view, "p90_days")
    by_then = known.started_at.epoch_seconds() + (known.p90_days * DAY_SECONDS).round().cast("int64") + known.rest_s
    is_mute = known.scan_rate < SCANS_FROM
    there_s = ibis.ifelse(is_mute, by_then, ibis.null("int64"))
    known = known.mutate(there_s=ibis.least(ibis.coalesce(known.known_at.epoch_seconds(), there_s),
                                            ibis.coalesce(there_s, known.known_at.epoch_seconds())))  # fmt: skip
    return known.filter(known.there_s.notnull()).select("person_id", "order_fact_id", "there_s")


def _ready(held: ir.Table, there: ir.Table, *, is_rehearsal: bool) -> ir.Table:
    """Keep the rows whose parcel was there, and long enough, between the step's last look and its due instant."""
    joined = looked_up(held, there, "person_id")
    asks = joined.message_kind == ASKS_FOR_REVIEW
    days = ibis.cases(
        (asks, ibis.coalesce(joined.use_days, LEAST_USE_DAYS)),
        *((joined.message_kind == kind, ibis.literal(n)) for kind, n in WAIT_DAYS.items()),
        else_=0,
    )
    ready_s = joined.there_s + days * DAY_SECONDS
    is_new = ibis.coalesce(ready_s > joined.ready_after.epoch_seconds(), True)
    is_asked = ~asks | ibis.coalesce(joined.may_ask, False)
    is_ready = ibis.coalesce(ready_s <= joined.due_at.epoch_seconds(), False) & is_new & is_asked
    return joined.filter(is_ready | ibis.literal(is_rehearsal))


def _end_of_anchor(plan: Plan) -> datetime:
    return datetime.combine(plan.anchor_on + timedelta(days=1), time(0), ZoneInfo(plan.zone))
