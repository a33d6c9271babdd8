"""`eval run`: the same shop, plan, control group and seed under several policies, each measured beside its truth."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.experiment import Estimate, Interval
from memory.domain.money import Currency, Money
from memory.domain.plan import Plan

from .gym.live import N_DAYS
from .gym.responses import Truth
from .gym.shop import SEED
from .policies import POLICIES, Policy

if TYPE_CHECKING:
    from rich.console import Console

    from .gym.installation import Installation
    from .gym.show import Show
    from .gym.world import World

N_CUSTOMERS = 2_000
HOLDOUT_RATE = 0.5
"""Half is withheld: with few people the effect is seen best between arms of one size."""
STRIDE = 15
"""Days from one tick and import to the next."""
MIN_CUSTOMERS = 500


class PolicyResult(Frozen):
    """What one policy did, measured as the product measures it, beside the truth."""

    policy: str
    """Which."""
    title: str
    """What it does."""
    n_treated: Count
    """People who could be messaged."""
    n_control: Count
    """People withheld at random."""
    lift_pp: Estimate
    """Incremental repeat purchase rate in percentage points with its 95 % interval, by intention to treat."""
    truth: Truth
    """The true effect on those assigned to treatment; known only because the people are simulated."""
    covers_truth: bool
    """Whether the interval holds the true effect; about 1 in 20 does not."""
    chosen: dict[str, Count]
    """Decisions per reason."""
    n_sent: Count
    """Messages handed off."""
    cost_minor: MinorUnits
    """Sends paid and incentives expected to be redeemed."""
    seconds: float
    """How long its days took."""


class EvalReport(Frozen):
    """The policies beside each other."""

    label: str
    """What is real and what is not."""
    seed: int
    """Where all chance comes from."""
    n_customers: Count
    """People of the shop."""
    shop_id: str
    """The shop."""
    plan_id: str
    """The plan, the same for all."""
    currency: Currency
    """Of the costs."""
    days_between_ticks: Count
    """How far apart decisions are made."""
    results: tuple[PolicyResult, ...]
    """Per policy, in the order asked for."""
    seconds: float
    """How long everything took."""


class Ready(NamedTuple):
    """A shop whose plan is live, before day 0."""

    installation: "Installation"
    world: "World"
    plan: Plan
    people: list[str]


def run_policies(
    home: Path,
    policies: Sequence[Policy] = POLICIES,
    *,
    n_customers: int = N_CUSTOMERS,
    seed: int = SEED,
    stride: int = STRIDE,
    n_days: int = N_DAYS,
    console: "Console | None" = None,
) -> EvalReport:
    """Run the first `n_days` under each policy in a folder of its own in `home` and print the comparison to `console`.

    Shop, plan and control group are made once and copied, so the policies differ in nothing but their decisions.
    `home` is emptied if it holds an earlier run; raise `HomeInUse` where it holds anything else.
    """
    from rich.console import Console

    from .gym.installation import fresh_home
    from .gym.show import Show

    show, began = Show(console or Console()), time.monotonic()
    home = home.resolve()
    fresh_home(home)
    with show.progress() as bars:
        bar = bars.add_task("a shop and its plan", total=None)
        ready = prepare(home, n_customers, seed)
        bars.update(bar, total=1, completed=1)
        results = []
        for policy in policies:
            bar = bars.add_task(policy.id, total=n_days)
            results.append(_run(ready, home / policy.id, policy, (stride, n_days), lambda bar=bar: bars.advance(bar)))  # type: ignore[misc]
    report = EvalReport(
        label=ready.world.label,
        seed=seed,
        n_customers=n_customers,
        shop_id=ready.world.shop.shop_id,
        plan_id=ready.plan.id,
        currency=ready.world.shop.currency,
        days_between_ticks=stride,
        results=tuple(results),
        seconds=round(time.monotonic() - began, 1),
    )
    show_comparison(report, show)
    return report


def show_comparison(report: EvalReport, show: "Show") -> None:
    """Print one line per policy, and what the figures rest on."""
    rows = [
        (
            one.policy,
            f"{one.n_treated:,}/{one.n_control:,}",
            *_lift_cells(one.lift_pp),
            f"{one.truth.effect_pp:+.2f}" if one.truth.effect_pp else "0",
            "yes" if one.covers_truth else "no",
            f"{one.n_sent:,}",
            f"{Money(amount_minor=one.cost_minor, currency=report.currency).major():,}",
        )
        for one in report.results
    ]
    show.line(f"[yellow]{report.label}[/]")
    cost = f"cost\n{report.currency}"
    names = ("policy", "treated/\ncontrol", "lift\npp", "95 % interval", "true\npp", "covers", "sent", cost)
    show.table(names, rows)
    for one in report.results:
        show.line(f"[dim]{one.policy}: {one.title}[/]")
    show.line(
        f"[dim]{report.n_customers:,} invented people, seed {report.seed}, one shop, plan and control group for all; "
        f"about 1 interval in 20 misses its truth. {report.seconds:.0f} s[/]"
    )


def prepare(home: Path, n_customers: int, seed: int) -> Ready:
    """Make the shop, import it, plan, approve and go live, by the ordinary ways; give it closed, to be copied."""
    from rich.console import Console

    from agent.approval import approved_plan
    from agent.planning.context import gather
    from agent.tick import go_live

    from .gym.before import brief_of, draft_and_approve, import_everything, set_guardrails
    from .gym.installation import install
    from .gym.show import Show
    from .gym.world import person_ids, synthetic_world

    quiet = Show(Console(quiet=True))
    world = synthetic_world(home / "files", n_customers=n_customers, seed=seed)
    of = install(home / "shop", world.shop, world.opens_at(), seed)
    app, brief = of.app, brief_of(world, HOLDOUT_RATE)
    try:
        import_everything(of, world, quiet)
        set_guardrails(of, world)
        context = gather(app.store, app.lake, world.shop.shop_id, brief, as_of=of.clock.now())
        plan = draft_and_approve(of, world, context, quiet, brief)
        go_live(app.store, app.lake, of.clock, app.key, approved_plan(app.store, of.clock, plan.id))
        with app.store.read() as uow:
            people = person_ids(world, app.key, uow.identities.snapshot())
    finally:
        app.close()
    return Ready(of, world, plan, people)


def _run(ready: Ready, home: Path, policy: Policy, days: tuple[int, int], advance: Callable[[], None]) -> PolicyResult:
    """Live under one policy in a copy of the shop, and measure it; `days` are those between ticks and those in all."""
    from agent.reports import lift_report

    from .gym.after import covers, true_effect
    from .gym.installation import copied
    from .gym.live import EXPLORATION_RATE, run_days

    began = time.monotonic()
    of = copied(ready.installation, home, ready.world.opens_at())
    rate = EXPLORATION_RATE if policy.exploration_rate is None else policy.exploration_rate
    try:
        run = run_days(
            of, ready.world, ready.plan, ready.people,
            stride=days[0], advance=advance, exploration_rate=rate, sends=policy.sends, n_days=days[1],
        )  # fmt: skip
        truth = true_effect(of, ready.world, ready.plan, run, ready.people)
        report = lift_report(of.app.store, of.app.lake, ready.world.shop.shop_id, ready.plan.id, of.clock.now())
    finally:
        of.app.close()
    once = report.reading.one_look_pp or report.rpr_difference_pp  # the day was fixed before the run
    return PolicyResult(
        policy=policy.id,
        title=policy.title,
        n_treated=report.treated.n_people,
        n_control=report.control.n_people,
        lift_pp=once,
        truth=truth,
        covers_truth=covers(once, truth.effect_pp),
        chosen=dict(sorted(run.chosen.items())),
        n_sent=run.n_sent,
        cost_minor=report.cost_minor,
        seconds=round(time.monotonic() - began, 1),
    )


def _lift_cells(lift: Estimate) -> tuple[str, str]:
    if not isinstance(lift, Interval):
        return "-", lift.message
    return f"{lift.estimate:+.2f}", f"[{lift.low:+.2f}, {lift.high:+.2f}]"
