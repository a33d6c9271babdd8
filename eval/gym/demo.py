"""The demo: a shop after the peak, a plan, its approval, ninety days, and the lift beside the truth."""

from pathlib import Path
from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.experiment import Interval
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .mailbox import Invariant
from .responses import Truth
from .shop import N_CUSTOMERS, SEED

if TYPE_CHECKING:
    from rich.console import Console

    from memory.domain.guardrails import Guardrails

    from .installation import Installation
    from .live import LiveRun
    from .show import Show
    from .world import World

STRIDE, FAST_STRIDE = 15, 30
"""Days from one tick and import to the next."""


class DemoReport(Frozen):
    """What a demo run found, for tests and for `--json`."""

    label: str
    """What is real and what is not."""
    home: str
    """The demo's home folder."""
    shop_id: str
    """Its shop."""
    plan_id: str
    """The plan that was approved and run."""
    n_customers: int
    """People of the shop."""
    n_rows: int
    """Rows imported before day 0."""
    refused: tuple[Blocked, ...]
    """Why the greedy plan was refused."""
    n_decisions: int
    """Decisions made."""
    n_sent: int
    """Messages handed off."""
    suppressed: dict[str, int]
    """Messages stopped at hand-off, per reason."""
    blocked: dict[str, int]
    """Options held back when decided, per reason."""
    lift_pp: float | None
    """Measured lift in percentage points; null where it cannot be estimated."""
    lift_low_pp: float | None
    """Lower end of its interval."""
    lift_high_pp: float | None
    """Upper end."""
    truth: Truth
    """The true effect on those assigned to treatment."""
    covers_truth: bool
    """Whether the interval holds the truth."""
    invariants: tuple[Invariant, ...]
    """What counting the mailbox files said."""
    seconds: dict[str, float]
    """Time per section."""


def run_demo(
    home: Path,
    *,
    data: Path | None = None,
    n_customers: int = N_CUSTOMERS,
    fast: bool = False,
    seed: int = SEED,
    console: "Console | None" = None,
) -> DemoReport:
    """Run the demo in `home`, which is emptied if it holds an earlier one, and print it to `console`.

    `data` starts from the Online Retail II table instead of the synthetic shop; `fast` uses a coarser clock.
    Raise `HomeInUse` where the folder holds anything else.
    """
    from rich.console import Console

    from .installation import fresh_home, install
    from .show import Show

    show = Show(console or Console())
    home = home.resolve()
    fresh_home(home)
    with show.section("A shop after its peak"):
        world = _world(home / "files", data, n_customers, seed)
        show.line(f"[yellow]{world.label}[/]")
        show.line(f"{world.start.people.n:,} people, {world.start.n_orders:,} orders up to {world.anchor_on}")
        installation = install(home, world.shop, world.opens_at(), seed)
    try:
        return _run(installation, world, show, home, fast=fast)
    finally:
        installation.app.close()


def _world(folder: Path, data: Path | None, n_customers: int, seed: int) -> "World":
    from .world import synthetic_world

    if data is None:
        return synthetic_world(folder, n_customers=n_customers, seed=seed)
    from .retail import retail_world

    return retail_world(folder, data, seed=seed)


def _run(of: "Installation", world: "World", show: "Show", home: Path, *, fast: bool) -> DemoReport:
    from .before import (
        assume,
        brief_of,
        draft_and_approve,
        import_everything,
        set_guardrails,
        show_cohorts,
        show_look_back,
        show_readiness,
        show_refusal,
    )

    reports = home / "reports"
    reports.mkdir()
    with show.section("Import, by the ordinary import commands"):
        n_rows = import_everything(of, world, show)
        assume(of, world, show)
        show_readiness(of, world, show)
    with show.section("What the last peak cost"):
        show_look_back(of, world, show, reports)
    with show.section("Who bought, and where the money goes"):
        from agent.planning.context import gather

        guardrails = set_guardrails(of, world)
        context = gather(of.app.store, of.app.lake, world.shop.shop_id, brief_of(world), as_of=of.clock.now())
        show_cohorts(context, show)
    with show.section("A plan that wants too much"):
        refused = show_refusal(of, world, context, show)
    with show.section("A plan for 90 days, priced and approved by a second person"):
        plan = draft_and_approve(of, world, context, show)
    with show.section("Ninety days in simulated time"):
        run, people = _live(of, world, plan, show, fast=fast)
    return _result(of, world, plan, run, people, show, n_rows, refused, guardrails, reports)


def _live(of: "Installation", world: "World", plan: Plan, show: "Show", *, fast: bool) -> "tuple[LiveRun, list[str]]":
    from agent.approval import approved_plan
    from agent.tick import go_live

    from .after import show_sends
    from .live import N_DAYS, run_days
    from .world import person_ids

    app = of.app
    live = go_live(app.store, app.lake, of.clock, app.key, approved_plan(app.store, of.clock, plan.id))
    show.line(f"live: {live.n_treated:,} people in treatment, {live.n_control:,} withheld at random")
    with app.store.read() as uow:
        people = person_ids(world, app.key, uow.identities.snapshot())
    with show.progress() as bars:
        bar = bars.add_task("days", total=N_DAYS)
        run = run_days(
            of, world, plan, people,
            stride=FAST_STRIDE if fast else STRIDE,
            advance=lambda: bars.advance(bar),
        )  # fmt: skip
    show_sends(run, show)
    return run, people


def _opening(home: Path) -> str:
    """The command that serves this home; a checkout has a shorter one for its own."""
    return "make workspace" if home == Path("demo").resolve() else f"secondorder serve --home {home}"


def _result(
    of: "Installation", world: "World", plan: Plan, run: "LiveRun", people: list[str], show: "Show", n_rows: int,
    refused: tuple[Blocked, ...], guardrails: "Guardrails", reports: Path,
) -> DemoReport:  # fmt: skip
    from .after import check_promises, covers, show_lift, true_effect, write_reports

    with show.section("Did it work? Lift against control, beside the truth"):
        truth = true_effect(of, world, plan, run, people)
        report = show_lift(of, world, plan, truth, show)
    with show.section("Promises, counted from the files"):
        invariants = check_promises(of, world, plan, guardrails, show)
        write_reports(reports, plan, report, truth)
        show.line(f"reports: {reports}")
    lift = report.rpr_difference_pp
    interval = lift if isinstance(lift, Interval) else None
    show.line("")
    show.line(f"[bold]{sum(show.seconds.values()):.0f} s in all.[/] {world.label}")
    show.line(f"Open it in the browser:  [bold]{_opening(of.app.settings.home)}[/]")
    show.line("It prints the address and two tokens: for Mia, who plans, and for Ari, who approves.")
    return DemoReport(
        label=world.label,
        home=str(of.app.settings.home),
        shop_id=world.shop.shop_id,
        plan_id=plan.id,
        n_customers=world.start.people.n,
        n_rows=n_rows,
        refused=refused,
        n_decisions=run.n_decisions,
        n_sent=run.n_sent,
        suppressed=dict(run.suppressed),
        blocked=dict(run.blocked),
        lift_pp=interval.estimate if interval else None,
        lift_low_pp=interval.low if interval else None,
        lift_high_pp=interval.high if interval else None,
        truth=truth,
        covers_truth=covers(lift, truth.effect_pp),
        invariants=invariants,
        seconds=show.seconds,
    )
