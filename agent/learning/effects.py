"""Learning from a shop's own log of decisions: read what chance made of them, keep the table that ticks go by."""

import operator
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

import pyarrow as pa

from agent.planning.worth import margin_per_order
from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.domain.learned import ShopEffects
from memory.domain.message import MessageKind
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.versions import DataVersion
from tools.effects.fatigue import WINDOW_DAYS as LEFT_WITHIN_DAYS
from tools.effects.shop_log import training_rows
from tools.effects.shop_table import learn_shop
from tools.priors.effects import load_effects
from tools.priors.measured import WINDOW_DAYS, measured_effects
from tools.timing.response import responses
from tools.timing.response_log import FIRST_SCHEMA, response_rows

SEED = 20251204
"""Of the folds: the same log teaches the same."""
Work = Callable[[], ShopEffects]


def learn_from_log(
    store: Store,
    lake: Lake,
    clock: Clock,
    shop_id: str,
    by: str,
    *,
    carried_out: Callable[[Work], ShopEffects] = operator.call,
) -> ShopEffects:
    """Learn effects per person, fatigue, channels and hours from every decision of the shop, for its next ticks.

    What chance decided too rarely is refused kind by kind. `carried_out` does the long arithmetic after reading. Raise
    `NotReady` where nothing was ever decided.
    """
    now = clock.now()
    with store.read() as uow:
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
        batches = [batch.batch_id for batch in uow.batches.all(shop_id)]
        tables = {**version.tables, **uow.batches.lake_versions()}
        plans = [stored.plan for stored in uow.plans.all(shop_id)]
        measured = measured_effects(uow.lessons.of(shop_id))
    if not batches:
        raise NotReady(what=f"shop {shop_id}", why="no plan of it has run yet", remedy="Let an approved plan go live")
    until = known_until(now, version)
    with lake.open(tables, [shop_id]) as view:
        windows = {"within_days": WINDOW_DAYS, "left_within_days": LEFT_WITHIN_DAYS}
        rows = training_rows(view, shop, batches, until, **windows)
        told = responses(response_rows(view, shop, batches, _first_channels(plans), until))
    known = measured or load_effects()
    work = partial(
        learn_shop,
        rows,
        _worth(plans),
        known.get,
        shop_id=shop_id,
        data_version=version.number,
        learned_at=now,
        label=f"learned:v{version.number} over {known.label}",
        within_days=WINDOW_DAYS,
        seed=SEED,
    )
    found, came = carried_out(work), came_rates(rows, plans, until.date())
    kinds = tuple(one.model_copy(update={"came_rate": came.get(one.kind, 1.0)}) for one in found.kinds)
    found = found.model_copy(update={"kinds": kinds, "responses": told})
    with store.unit_of_work() as uow:
        uow.effects.put(found)
        used = [one.kind for one in found.kinds if one.is_used]
        uow.audit.append(by, "effects.learn", f"shop:{shop_id}", now, {"used": used, "data_version": version.number})
    return found


def known_until(at: datetime, version: DataVersion) -> datetime:
    """Give the instant up to which facts of a data version, read at `at`, say what came of decisions."""
    return min(at, version.created_at)


def came_rates(rows: pa.Table, plans: Sequence[Plan], until: date) -> dict[MessageKind, float]:
    """Give the decisions per planned message of each kind, at most 1, over the plans' steps that were due by then.

    Second channels are decided once more and batches that money cut are not among the rows: a figure of the size.
    """
    counted = rows.group_by(["plan_id", "message_kind"]).aggregate([([], "count_all")]).to_pylist()
    came = {(one["plan_id"], one["message_kind"]): one["count_all"] for one in counted}
    planned: dict[tuple[str, str], int] = {}
    for plan in plans:
        for step in plan.steps():
            if step.owner == "us" and step.due_on < until and (plan.id, step.kind) in came:
                planned[plan.id, step.kind] = planned.get((plan.id, step.kind), 0) + step.expected_reach
    found: dict[MessageKind, float] = {}
    for kind in {step.kind for plan in plans for step in plan.steps()}:
        of_kind = [place for place, reach in planned.items() if place[1] == kind and reach]
        if of_kind:
            found[kind] = min(sum(came[place] for place in of_kind) / sum(planned[place] for place in of_kind), 1.0)
    return found


def _first_channels(plans: Sequence[Plan]) -> pa.Table:
    """Give `FIRST_SCHEMA` of every plan."""
    rows = [(plan.id, step.id, step.channels[0]) for plan in plans for step in plan.steps()]
    return pa.Table.from_pylist([dict(zip(FIRST_SCHEMA.names, row, strict=True)) for row in rows], FIRST_SCHEMA)


def _worth(plans: Sequence[Plan]) -> dict[str, float]:
    """Give the margin of an order in minor units, of the plans that say so."""
    return {plan.id: each for plan in plans if (each := margin_per_order(plan)) > 0}
