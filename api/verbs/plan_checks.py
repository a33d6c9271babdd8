"""What holds a plan and how far it reaches: every guardrail with the room it leaves, and the blast radius."""

from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Rate
from memory.domain.market import Channel, CountryCode
from memory.domain.money import Money

from .acting import Acting
from .plans import get

if TYPE_CHECKING:
    from agent.guardrails import RuleVerdict
    from agent.planning.context import PlanContext
    from memory.domain.plan import Plan


class MarketReach(Frozen):
    """What a plan does in one market."""

    market: CountryCode
    """Which."""
    n_people: Count
    """People of the plan's cohorts who live there."""
    reach_by_channel: dict[Channel, Count]
    """How many of them each channel of the plan may reach; a channel that is shut there is not named."""


class BlastRadius(Frozen):
    """Whom a plan touches at most, how often, where, and with how much money at stake."""

    n_people: Count
    """People at least one step may reach."""
    people_rate: Rate
    """The same as a share of the shop's people."""
    n_withheld: Count
    """People in the control group."""
    n_messages: Count
    """Messages at most."""
    expected_cost: Money
    """Expected cost of sends and incentives."""
    worst_case_cost: Money
    """Cost at worst."""
    channels: dict[Channel, Count]
    """People each channel may reach."""
    markets: tuple[MarketReach, ...]
    """Per market, the largest first."""


def checks(acting: Acting, plan_id: str) -> "tuple[RuleVerdict, ...]":
    """Say of every guardrail in force whether a plan keeps it, by the facts of now, and how much room it leaves."""
    from agent.guardrails import judge_plan

    plan = get(acting, plan_id).plan
    known = acting.app.contexts.gather(acting.shop_id, plan.brief)
    return judge_plan(plan, known.guardrails, known)


def blast_radius(acting: Acting, plan_id: str) -> BlastRadius:
    """Say whom a plan touches at most: people, messages, markets, channels and money."""
    from agent.planning.price import price

    plan = get(acting, plan_id).plan
    known = acting.app.contexts.gather(acting.shop_id, plan.brief)
    found = price(plan, known)
    markets = [_market(market, plan, known, tuple(found.reach_by_channel)) for market in plan.markets]
    return BlastRadius(
        n_people=found.n_people,
        people_rate=found.people_rate,
        n_withheld=found.n_withheld,
        n_messages=found.n_messages,
        expected_cost=found.expected_cost,
        worst_case_cost=found.worst_case_cost,
        channels=found.reach_by_channel,
        markets=tuple(sorted(markets, key=lambda one: (-one.n_people, one.market))),
    )


def _market(market: CountryCode, plan: "Plan", known: "PlanContext", channels: tuple[Channel, ...]) -> MarketReach:
    cells = [cell for cell in known.people if cell.market == market]
    open_channels = [channel for channel in channels if (market, channel) not in plan.brief.excluded]
    written = [cell for cell in cells if cell.language in plan.languages]
    return MarketReach(
        market=market,
        n_people=sum(cell.n_people for cell in cells),
        reach_by_channel={
            channel: sum(cell.n_people for cell in written if cell.reaches(channel)) for channel in open_channels
        },
    )
