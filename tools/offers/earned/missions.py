"""Who completed a mission: every task once, in any order, within the window (S2-54)."""

from datetime import datetime, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.offer import BonusPoints, MissionTask, Offer
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow

from .limits import within_grants
from .spending import in_currency_of, paid_orders, reaching
from .window import inside

NEW_DAYS = 60
"""An article is new so many days after it came into the catalogue."""


def missions_earned(
    view: LakeView,
    shop: Shop,
    offer: Offer,
    window: OutcomeWindow,
    as_of: datetime,
    *,
    people: ir.Table | None = None,
) -> ir.Table:
    """Give who did all tasks of a mission: person_id, earned_at, points, status, reason, heard_at; one per person.

    `status` is `earned`, or `clawed_back` where no order large enough is left after refunds (reason `refunded`)
    and cancellations (`cancelled`), or `blocked` where the offer's uses were used up before (`budget_used_up`).
    `earned_at` is when the last task was done, `heard_at` when we heard that its order was taken back. Only `people`
    (person_id) take part where they are given. What software did does not count. Raise `InvalidInput` for an offer
    without tasks.
    """
    incentive = offer.incentive
    if not isinstance(incentive, BonusPoints) or not incentive.tasks:
        raise InvalidInput(what=f"offer {offer.id}", why="it is no mission", remedy="Name an offer that has tasks")
    done = tasks_done(view, shop, incentive, window, as_of)
    if people is not None:
        done = done.semi_join(people, "person_id")
    tallied = done.group_by("person_id").agg(
        n_tasks=done.task.nunique(),
        earned_at=done.done_at.max(),
        is_kept=done.is_kept.all(),
        is_cancelled=done.is_cancelled.any(),
        heard_at=done.heard_at.max(),
    )
    complete = tallied.filter(tallied.n_tasks == len(incentive.tasks))
    lost = complete.is_cancelled.ifelse("cancelled", "refunded")
    told = complete.select(
        pair_id="person_id",
        done_at="earned_at",
        heard_at="heard_at",
        status=complete.is_kept.ifelse("earned", "clawed_back"),
        reason=complete.is_kept.ifelse("", lost),
    )
    settled = within_grants(told, offer.limits)
    points = ibis.literal(incentive.points, "int64")
    return settled.select("status", "reason", "heard_at", person_id="pair_id", earned_at="done_at", points=points)


def tasks_done(view: LakeView, shop: Shop, incentive: BonusPoints, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give who did which task, each once: person_id, task (its place), done_at, is_kept, is_cancelled, heard_at.

    A purchase that was taken back stays a row that is not kept: progress does not count it.
    """
    parts = [
        _done(task, view, shop, window, as_of).mutate(task=ibis.literal(number, "int64"))
        for number, task in enumerate(incentive.tasks)
    ]
    return reduce(lambda left, right: left.union(right), parts)


def new_goods(view: LakeView, shop: Shop, window: OutcomeWindow) -> ir.Table:
    """Give articles that are new at some time of the window: sku, new_from, new_until.

    An article without a date in the catalogue (some exports carry none) is never new.
    """
    products = view.table("products")
    first = window.starts_at - timedelta(days=NEW_DAYS)
    fresh = products.filter(
        products.shop_id == shop.shop_id,
        products.event_at >= ibis.literal(first),
        products.event_at < ibis.literal(window.ends_at),
    )
    known = fresh.group_by("sku").agg(new_from=fresh.event_at.min())
    return known.mutate(new_until=known.new_from + ibis.interval(days=NEW_DAYS))


def _done(task: MissionTask, view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give who did one task: person_id, done_at, is_kept, is_cancelled, heard_at."""
    if task.action == "purchase":
        least = 0 if task.min_spend is None else in_currency_of(shop, task.min_spend, "the mission's purchase")
        return reaching(paid_orders(view, shop, window, as_of), "person_id", least)
    events = view.table("events")
    kind = "app_open" if task.action == "open_app" else "view"
    acts = events.filter(
        events.shop_id == shop.shop_id,
        events.person_id.notnull(),
        events.kind == kind,
        ~events.is_machine,
        inside(events.event_at, window, as_of),
    ).select("person_id", "event_at", seen_sku="sku")
    if task.action == "view_new":
        goods = new_goods(view, shop, window)
        acts = acts.inner_join(
            goods, [acts.seen_sku == goods.sku, acts.event_at >= goods.new_from, acts.event_at < goods.new_until]
        )
    done = acts.group_by("person_id").agg(done_at=acts.event_at.min())
    never = ibis.null(done.done_at.type())
    return done.mutate(is_kept=ibis.literal(True), is_cancelled=ibis.literal(False), heard_at=never)


def n_new_goods(view: LakeView, shop: Shop, window: OutcomeWindow) -> int:
    """Count the articles that are new at some time of the window."""
    return int(new_goods(view, shop, window).count().to_pyarrow().as_py())
