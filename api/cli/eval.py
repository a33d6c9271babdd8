"""`secondorder eval`: ways to decide held against known truths, real data, and the log of what was decided."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from .command import command
from .desk import Desk, readable_file
from .tables import table

SEED = 20251202
DataSet = Literal["online-retail", "complete-journey"]

group = typer.Typer(
    no_args_is_help=True, help="Compare ways to decide: where the truth is known, on real data, on the log."
)


@command(group, "run")
def run(
    desk: Desk,
    customers: Annotated[int, typer.Option(min=500, max=1_000_000, help="People of the synthetic shop.")] = 2_000,
    policies: Annotated[str, typer.Option(metavar="NAMES", help="With commas between.")] = "planned,random,silent",
    seed: Annotated[int, typer.Option(min=0, help="Where chance comes from.")] = SEED,
    days: Annotated[int, typer.Option(min=1, max=90, help="Days of the plan to live through.")] = 90,
    planner: Annotated[
        str, typer.Option(metavar="NAMES", help="Compare planners instead: all, names with commas between, llm:NAME.")
    ] = "",
    tasks: Annotated[str, typer.Option(metavar="NAMES", help="Briefs to plan for, or all.")] = "plain",
    seeds: Annotated[int, typer.Option(min=1, max=1_000, help="Worlds, counted on from --seed.")] = 3,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the page, JSON and CSV here.")] = None,
) -> None:
    """Run policies over one shop day by day, or with --planner hold planners against the best achievable."""
    if planner:
        _board(desk, planner, tasks, (seed, seeds, customers), out)
        return
    from tempfile import TemporaryDirectory

    from eval.harness import run_policies
    from eval.policies import policies_named

    wanted, console = policies_named(policies), desk.err if desk.is_json else desk.out
    named = desk.overrides.get("home")
    with TemporaryDirectory(prefix="second-order-eval-") as temporary:
        home = Path(named) / "eval" if named else Path(temporary) / "eval"
        report = run_policies(home, wanted, n_customers=customers, seed=seed, n_days=days, console=console)
    if desk.is_json:
        desk.emit(report)


def _board(desk: Desk, names: str, tasks: str, size: tuple[int, int, int], out: Path | None) -> None:
    """Run the scoreboard and print it; `size` is first seed, seeds and people."""
    from agent.settings import load_settings
    from eval.scoreboard.board import run_board
    from eval.scoreboard.llms import llm_contender
    from eval.scoreboard.planners import every_planner, planners_named
    from eval.scoreboard.report import write_board
    from eval.scoreboard.tasks import tasks_named

    from .eval_tables import of_board

    briefs = tasks_named(tasks)
    contenders = every_planner() if names == "all" else planners_named(
        names, llm_contender(load_settings(**desk.overrides))
    )  # fmt: skip
    with desk.progress() as bars:
        bar = bars.add_task("plans", total=len(briefs) * len(contenders) * size[1])
        found = run_board(
            contenders, briefs, first_seed=size[0], n_seeds=size[1], n_customers=size[2],
            advance=lambda: bars.advance(bar),
        )  # fmt: skip
    written = () if out is None else write_board(out, found)
    desk.emit(found, *of_board(found), *(f"written: {path}" for path in written))


@command(group, "pairing")
def pairing(
    desk: Desk,
    path: Annotated[Path, typer.Argument(help="Orders of a real data set, as Parquet.")],
    kind: Annotated[DataSet, typer.Option("--format", help="Whose orders they are.")] = "online-retail",
    k: Annotated[int, typer.Option(min=1, max=20, help="Places per recommendation.")] = 3,
    days: Annotated[int, typer.Option(min=7, max=365, help="Baskets of so many last days are held out.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Where chance comes from.")] = SEED,
) -> None:
    """Measure the pairing on held-out baskets, beside bestsellers."""
    from eval.pairing import measure_file

    found = measure_file(readable_file(path), kind=kind, k=k, days=days, seed=seed)
    rows = [
        (name, f"{one.estimate:.2%}", f"[{one.low:.2%}, {one.high:.2%}]")
        for name, one in (
            ("pairing", found.pairing), ("bestsellers", found.bestsellers), ("difference", found.difference),
        )
    ]  # fmt: skip
    shown = table(f"precision@{k}", ("what is recommended", "share", "95 % interval"), rows)
    desk.emit(
        found,
        shown,
        f"{found.n_baskets:,} baskets of {found.n_people:,} people after {found.learnt_until:%Y-%m-%d}; "
        f"{found.n_pairs:,} pairs; {found.served_rate:.0%} of the shown articles have a partner",
    )


@command(group, "replenishment")
def replenishment(
    desk: Desk,
    path: Annotated[Path, typer.Argument(help="Orders of a real data set, as Parquet.")],
    kind: Annotated[DataSet, typer.Option("--format", help="Whose orders they are.")] = "online-retail",
    days: Annotated[int, typer.Option(min=30, max=365, help="Purchases of so many last days are held out.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Where chance comes from.")] = SEED,
) -> None:
    """Measure on held-out purchases how well the day is told on which goods run out, beside one time for all."""
    from eval.replenishment import measure_file

    found = measure_file(readable_file(path), kind=kind, days=days, seed=seed)
    rows = [
        (name, f"{one.estimate:.1f} days", f"[{one.low:.1f}, {one.high:.1f}]")
        for name, one in (
            ("cycles", found.cycles), ("one time for all", found.one_for_all), ("difference", found.difference),
        )
    ]  # fmt: skip
    shown = table("mean error of the day", ("what is told", "error", "95 % interval"), rows)
    desk.emit(
        found,
        shown,
        f"{found.n_again:,} of {found.n_asked:,} purchases made again after {found.learnt_until:%Y-%m-%d}; "
        f"{found.inside_rate:.0%} of them inside the 80 % interval that was told",
    )


@command(group, "experiment")
def experiment(
    desk: Desk,
    path: Annotated[Path, typer.Argument(help="One row per person, as CSV or Parquet.")],
    treatment: Annotated[str, typer.Option(metavar="COL", help="Column that holds the arm.")],
    outcome: Annotated[list[str], typer.Option(metavar="COL", help="0 and 1, or an amount; give it once or more.")],
    control: Annotated[str, typer.Option(metavar="VALUE", help="The control arm's value in that column.")] = "",
    by: Annotated[str, typer.Option(metavar="COL", help="The same once more per value of this column.")] = "",
    covariate: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="Known before the experiment; adjusts the difference.")
    ] = None,
    control_rate: Annotated[float, typer.Option(min=0.001, max=0.999, help="Promised share of control.")] = 0.5,
) -> None:
    """Report the lift of any experiment from a table: difference, interval, relative lift, sample ratio."""
    from eval.experiment import measure, read
    from eval.experiment.reading import Asked

    from .eval_tables import of_experiment

    asked = Asked(treatment, tuple(outcome), by, tuple(covariate or ()))
    found = measure(read(readable_file(path), asked), asked, control or None, control_rate)
    desk.emit(found, *of_experiment(found))


@command(group, "data")
def data(
    desk: Desk,
    name: Annotated[str, typer.Argument(help="hillstrom, cdnow, open-bandit or online-retail.")],
    folder: Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder that holds the files.")],
) -> None:
    """Read real data and hold what comes out against the published figures; 1 where one is missed."""
    from eval.real import check

    from .eval_tables import of_data

    found = check(name, folder)
    desk.emit(found, *of_data(found))
    if not found.holds:
        raise typer.Exit(1)


@command(group, "policy")
def policy(
    desk: Desk,
    plan_id: Annotated[str, typer.Option("--plan", metavar="ID", help="A plan that went live.")],
    named: Annotated[
        list[str] | None,
        typer.Option("--policy", metavar="NAME", help="do-nothing, as-decided, highest-value, send-to-all, cheapest."),
    ] = None,
    limits: Annotated[Path | None, typer.Option("--guardrails", metavar="FILE", help="Ask under these limits.")] = None,
    like: Annotated[str, typer.Option(metavar="ID", help="Ask about what this other plan would have sent.")] = "",
) -> None:
    """Say from a plan's log what another policy, plan or set of guardrails would have earned; refuse where it can't."""
    from api.verbs import guardrails, hindsight

    from .eval_tables import of_hindsight

    wanted = None if limits is None else guardrails.read(readable_file(limits).read_text("utf-8", errors="replace"))
    found = hindsight.ask(desk.acting, plan_id, named or [], wanted, like)
    desk.emit(found, *of_hindsight(found))
