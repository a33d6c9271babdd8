"""Home: where the shop stands, what waits, what is under way."""

from typing import TYPE_CHECKING

from agent.monday.card import MondayCard
from memory.domain.approval import PlanStatus
from memory.domain.base import Frozen
from memory.domain.plan import Plan

from .acting import Acting

if TYPE_CHECKING:
    from agent.reports.standing import Standing

UNDER_WAY: tuple[PlanStatus, ...] = ("live", "approved", "waiting", "draft", "finished")
"""Which plan the timeline shows: the first there is, in this order."""


class Timeline(Frozen):
    """The plan that the page shows."""

    plan: Plan
    """It."""
    status: PlanStatus
    """Where it stands."""


def monday(acting: Acting) -> MondayCard:
    """Give what needs a person this week: at most three decisions, the most money first."""
    from agent.monday.card import card_of

    acting.require("read")
    with acting.app.store.read() as uow:
        return card_of(uow, acting.shop_id, acting.app.clock.now())


def standing(acting: Acting) -> "Standing":
    """Say where the shop stands against its goals; reads the facts."""
    from agent.reports.standing import standing as read

    acting.require("read")
    with acting.app.store.read() as uow:
        guardrails = uow.guardrails.current(acting.shop_id)
        shop = uow.shops.get(acting.shop_id)
    with acting.facts() as view:
        return read(view, shop, guardrails, acting.as_of(view))


def timeline(acting: Acting) -> Timeline | None:
    """Give the plan under way, else the newest that waits, is drafted or is over; none where there is no plan."""
    acting.require("read")
    with acting.app.store.read() as uow:
        for status in UNDER_WAY:
            found = uow.plans.all(acting.shop_id, status)
            if found:
                return Timeline(plan=found[0].plan, status=found[0].status)
    return None
