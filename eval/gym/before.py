"""The demo up to the approval: import, readiness, look-back, cohorts, audit, a refused plan and a good one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from memory.domain.brief import Brief
from memory.domain.errors import SecondOrderError
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .greedy import GreedyPlanner
from .installation import MARKETER, Installation
from .show import Show
from .world import World

if TYPE_CHECKING:
    from agent.planning.context import PlanContext
    from agent.planning.price import PlanPrice
    from tools.ingest import Progress

HOLDOUT_RATE = 0.30
"""Larger than a shop would choose: with a few thousand people the effect must still be seen."""
PLAN_BUDGET_MAJOR = 30_000
MAX_REASONS = 8


class DemoStopped(SecondOrderError):
    """The demo stopped at {stage}: {why}. This is a defect; please report it with the seed."""

    http_status = 500


def import_everything(of: Installation, world: World, show: Show) -> int:
    """Import all files in order with a progress bar each; give the rows read."""
    from tools.ingest import import_file

    rows, n_rows = [], 0
    with show.progress() as bars:
        for kind, path in world.files:
            bar = bars.add_task(f"{kind:<18}", total=path.stat().st_size)
            report = import_file(
                of.app.store, of.app.lake, world.shop.shop_id, kind, path,
                clock=of.clock, key=of.app.key, principal_id=MARKETER, progress=_mover(bars.update, bar),
            )  # fmt: skip
            rows.append((kind, f"{report.n_rows:,}", f"{report.n_rejected:,}", f"{report.seconds:.1f} s"))
            n_rows += report.n_rows
    show.table(("file", "rows", "rejected", "time"), rows)
    return n_rows


def assume(of: Installation, world: World, show: Show) -> None:
    """Apply the world's assumptions, where it has any."""
    from tools.ingest import apply_assumptions, load_assumptions

    if world.assumptions is None:
        return
    assumed = load_assumptions(world.assumptions)
    apply_assumptions(of.app.store, of.app.lake, world.shop.shop_id, assumed, of.clock, MARKETER, key=of.app.key)
    show.line(f"[yellow]assumed, not data:[/] {assumed.label}")


def show_readiness(of: Installation, world: World, show: Show) -> None:
    """Print what the data makes possible."""
    from tools.readiness import readiness

    marks = {"works": "[green]works[/]", "assumes": "[yellow]assumes[/]", "cannot": "[red]cannot[/]"}
    found = readiness(of.app.store, of.app.lake, world.shop.shop_id)
    works = [each for each in found if each.status == "works"]
    show.line(f"{marks['works']}    {len(works)} of {len(found)} elements of a plan need nothing more")
    for each in found:
        if each.status != "works":
            show.line(f"{marks[each.status]}  {each.title.get('en', each.element)}: {each.assumption.get('en', '')}")


def show_look_back(of: Installation, world: World, show: Show, folder: Path) -> None:
    """Print the headline of the look-back and write its page in English and Chinese."""
    from tools.cohorts import Peak
    from tools.facts import open_facts
    from tools.lookback import look_back, render_look_back
    from tools.metrics import Rpr

    peak = Peak(from_on=world.last_peak[0], until_on=world.last_peak[1])
    with open_facts(of.app.store, of.app.lake, [world.shop.shop_id]) as view:
        look = look_back(view, world.shop, peak, of.clock.now())
    show.line(
        f"{peak.from_on} to {peak.until_on}: [bold]{look.n_new:,}[/] new buyers, "
        f"[bold]{look.n_never:,}[/] ({look.n_never / look.n_new:.0%}) never came back"
    )
    for one in look.came_back:
        if isinstance(one, Rpr):
            show.line(f"back within {one.within_days:>3} days: {one.rate.estimate:.1%}")
    for language in ("en", "zh"):
        (folder / f"look-back.{language}.html").write_text(render_look_back(look, language), encoding="utf-8")
    show.line(f"page: {folder / 'look-back.en.html'}")


def show_cohorts(context: "PlanContext", show: Show) -> None:
    """Print the four cohorts and today's split of the marketing money."""
    currency = context.shop.currency
    rows = [
        (
            cohort.id,
            f"{cohort.n_people:,}",
            f"{cohort.n_reachable:,}",
            Money(amount_minor=cohort.median_basket_minor, currency=currency),
            "-" if cohort.expected_repeat_rate is None else f"{cohort.expected_repeat_rate:.1%}",
        )
        for cohort in context.cohorts
    ]
    show.table(("cohort", "people", "reachable", "median basket", "expected back in 90 d"), rows)
    audit = context.audit
    if audit.post_share_rate is not None:
        show.line(
            f"budget audit: [bold]{audit.post_share_rate:.0%}[/] of marketing money goes into the time after the "
            f"purchase (target band 20-30 %), risk {audit.risk_band.replace('_', ' ')}"
        )


def set_guardrails(of: Installation, world: World) -> Guardrails:
    """Set the demo's limits: the defaults with a plan budget."""
    budget = Money(amount_minor=PLAN_BUDGET_MAJOR * 100, currency=world.shop.currency)
    guardrails = Guardrails(plan_budget=budget)
    with of.app.store.unit_of_work() as uow:
        uow.guardrails.put(world.shop.shop_id, guardrails, MARKETER, of.clock.now(), "demo")
    return guardrails


def brief_of(world: World, holdout_rate: float = HOLDOUT_RATE) -> Brief:
    """Give what the demo's marketer asks for."""
    return Brief(
        anchor_on=world.anchor_on, peak_from=world.peak[0], peak_until=world.peak[1], holdout_rate=holdout_rate
    )


def show_refusal(of: Installation, world: World, context: "PlanContext", show: Show) -> tuple[Blocked, ...]:
    """Let a planner that wants too much try, and print why it may not."""
    from agent.planning.outcome import Refused
    from agent.planning.run import draft_plan

    app = of.app
    outcome = draft_plan(
        app.store, app.lake, of.clock, world.shop.shop_id, brief_of(world), GreedyPlanner(), of.marketer,
        context=context,
    )  # fmt: skip
    if not isinstance(outcome, Refused):
        raise DemoStopped(stage="the refused plan", why="it was not refused")
    show.line("asked for: 40 % off for VIPs on day 3, and nobody withheld")
    seen: set[str] = set()
    for reason in outcome.reasons:
        if reason.rule not in seen and len(seen) < MAX_REASONS:
            seen.add(reason.rule)
            show.line(f"[red]refused[/] {reason.rule}: {reason.message}")
    show.line(f"[dim]{len(outcome.reasons)} reasons in all; nothing was stored and nothing can be sent[/]")
    return outcome.reasons


def draft_and_approve(
    of: Installation, world: World, context: "PlanContext", show: Show, brief: Brief | None = None
) -> Plan:
    """Draft the playbook's plan, print and price it, let the second person approve it, and give it.

    `brief` is what is asked for, the demo's own where none is given.
    """
    from agent.approval import decide, request
    from agent.planning.outcome import Drafted
    from agent.planning.playbook import PlaybookPlanner
    from agent.planning.run import draft_plan

    app = of.app
    outcome = draft_plan(
        app.store, app.lake, of.clock, world.shop.shop_id, brief or brief_of(world), PlaybookPlanner(), of.marketer,
        context=context,
    )  # fmt: skip
    if not isinstance(outcome, Drafted):
        reasons = getattr(outcome, "reasons", ())
        raise DemoStopped(stage="the playbook's plan", why="; ".join(reason.message for reason in reasons))
    plan = outcome.stored.plan
    _show_plan(plan, show)
    _show_price(outcome.price, show)
    approval = request(app.store, of.clock, of.marketer, plan.id)
    try:
        decide(app.store, of.clock, of.marketer, approval.id, "approve", "my own plan")
        raise DemoStopped(stage="the approval", why="the author could approve the plan")
    except SecondOrderError as refusal:
        if isinstance(refusal, DemoStopped):
            raise
        show.line(f"[red]refused[/] {of.marketer.name} approving it herself: {refusal}")
    decided = decide(app.store, of.clock, of.approver, approval.id, "approve", "Checked reach, offers and budget.")
    show.line(
        f"[green]approved[/] by {of.approver.name}, bound to plan {plan.id[:12]} until {decided.expires_at:%Y-%m-%d}"
    )
    return plan


def _show_plan(plan: Plan, show: Show) -> None:
    rows = []
    for journey in plan.journeys:
        ours = [step for step in journey.steps if step.owner == "us"]
        offers = [plan.offer(step.offer_id) for step in ours if step.offer_id]
        kinds = sorted({offer.incentive.kind.replace("_", " ") for offer in offers if offer})
        rows.append((journey.cohort, ", ".join(kinds), len(ours), f"day {ours[0].day} to {ours[-1].day}"))
    show.table(("cohort", "incentives", "steps", "dates"), rows, left=2)


def _show_price(price: "PlanPrice", show: Show) -> None:
    forecast = price.forecast
    show.line(
        f"reaches [bold]{price.n_people:,}[/] people ({price.people_rate:.0%} of the shop), withholds "
        f"{price.n_withheld:,}; at most {price.n_messages:,} messages"
    )
    show.line(f"expected cost [bold]{price.expected_cost}[/], worst case {price.worst_case_cost}")
    show.line(
        f"[dim]forecast {forecast.incremental_orders:.0f} added orders ({forecast.low:.0f} to {forecast.high:.0f}), "
        f"source {forecast.source}[/]"
    )


def _mover(update: Callable[..., None], bar: object) -> "Progress":
    def move(n_rows: int, bytes_done: int, bytes_total: int) -> None:
        update(bar, completed=bytes_done, total=bytes_total)

    return move
