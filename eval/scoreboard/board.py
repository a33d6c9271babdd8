"""The scoreboard of a run: planners by tasks by seeds, their ranking, and how stable it is over the seeds."""

from collections.abc import Callable, Sequence
from statistics import fmean

from memory.domain.base import Count, Frozen

from .context import context_of
from .crowd import make_crowd
from .planners import ORACLE, Contender
from .scoring import Result, oracle_net, pass_k, score_planner
from .tasks import Task

N_CUSTOMERS = 5_000
FIRST_SEED = 20251202


class Row(Frozen):
    """One planner over all its runs."""

    planner: str
    """Which."""
    title: str
    """What it does."""
    score: float
    """Mean score."""
    share: float
    """Sum of its nets over the sum of the oracle's, violations not counted."""
    lowest: float
    """Its worst seed's mean score."""
    highest: float
    """Its best seed's."""
    rpr_lift_pp: float
    """Mean true lift."""
    cost_minor: float
    """Mean cost per plan: sends and offers."""
    n_violations: Count
    """All violations."""
    n_unsubscribed: Count
    """All unsubscribes."""
    n_refused: Count
    """Runs without a plan."""
    claimed_over_realised: float | None
    """Forecast margin over true net, summed; null where nothing was earned."""
    pass_1: float
    """Share of runs in which everything held that had to."""
    pass_k: float
    """Mean over tasks of the chance that k runs of a task all pass."""


class Board(Frozen):
    """All of a run."""

    label: str = "Everything here is synthetic: invented people, orders and reactions."
    """What is real and what is not."""
    n_customers: Count
    """People per shop."""
    seeds: tuple[int, ...]
    """One world each."""
    tasks: tuple[str, ...]
    """Briefs."""
    k: Count
    """The k of pass^k: the one asked for, at most the number of seeds."""
    rows: tuple[Row, ...]
    """Planners, best first."""
    taus: tuple[float, ...]
    """Per seed: Kendall's tau between its ranking and that of all other seeds."""
    mean_tau: float | None
    """Their mean; null with one seed or one planner."""
    results: tuple[Result, ...]
    """Every run."""


def run_board(
    contenders: Sequence[Contender],
    tasks: Sequence[Task],
    *,
    n_seeds: int,
    first_seed: int = FIRST_SEED,
    n_customers: int = N_CUSTOMERS,
    k: int = 3,
    language: str = "",
    advance: Callable[[], None] = lambda: None,
) -> Board:
    """Run every planner on every task in `n_seeds` worlds; `advance` is called after each run.

    Briefs are read in `language`, or in English and Chinese by turns where none is given.
    """
    seeds, k = tuple(range(first_seed, first_seed + n_seeds)), min(k, n_seeds)
    results: list[Result] = []
    for number, seed in enumerate(seeds):
        crowd = make_crowd(seed, n_customers)
        context = context_of(crowd)
        known: dict[str, float] = {}
        for place, task in enumerate(tasks):
            spoken = language or ("en", "zh")[(number + place) % 2]
            brief = task.brief(spoken, context)
            key = brief.model_copy(update={"notes": ()}).model_dump_json()
            if key not in known:
                known[key] = oracle_net(brief, crowd, context)
            for contender in contenders:
                results.append(score_planner(contender, task, spoken, crowd, context, known[key]))
                advance()
    taus = stability(results, seeds)
    rows = [_row(contender, [one for one in results if one.planner == contender.id], k) for contender in contenders]
    return Board(
        n_customers=n_customers,
        seeds=seeds,
        tasks=tuple(task.id for task in tasks),
        k=k,
        rows=tuple(sorted(rows, key=lambda row: (-row.score, row.planner))),
        taus=taus,
        mean_tau=round(fmean(taus), 4) if taus else None,
        results=tuple(results),
    )


def stability(results: Sequence[Result], seeds: Sequence[int]) -> tuple[float, ...]:
    """Give per seed Kendall's tau-b between planners' mean scores there and over all other seeds.

    The oracle is left out: it is what the others are measured in.
    """
    from scipy.stats import kendalltau

    names = sorted({one.planner for one in results} - {ORACLE.id})
    if len(names) < 2 or len(seeds) < 2:
        return ()
    found = []
    for seed in seeds:
        here, elsewhere = (
            [
                fmean(one.score for one in results if one.planner == name and (one.seed == seed) is is_here)
                for name in names
            ]
            for is_here in (True, False)
        )
        found.append(round(float(kendalltau(here, elsewhere).statistic), 4))
    return tuple(found)


def _row(contender: Contender, own: list[Result], k: int) -> Row:
    seeds, tasks = sorted({one.seed for one in own}), sorted({one.task for one in own})
    by_seed = [fmean(one.score for one in own if one.seed == seed) for seed in seeds]
    net, best = sum(one.net_minor for one in own), sum(one.oracle_minor for one in own)
    claimed = sum(one.claimed_minor for one in own)
    passes = [[one.passed for one in own if one.task == task] for task in tasks]
    return Row(
        planner=contender.id,
        title=contender.title,
        score=round(fmean(one.score for one in own), 4),
        share=round(net / best, 4) if best > 0 else 0.0,
        lowest=round(min(by_seed), 4),
        highest=round(max(by_seed), 4),
        rpr_lift_pp=round(fmean(one.rpr_lift_pp for one in own), 3),
        cost_minor=round(fmean(one.cost_minor for one in own), 1),
        n_violations=sum(one.n_violations for one in own),
        n_unsubscribed=sum(one.n_unsubscribed for one in own),
        n_refused=sum(one.is_refused for one in own),
        claimed_over_realised=round(claimed / net, 3) if net > 0 else None,
        pass_1=round(fmean(one.passed for one in own), 4),
        pass_k=round(fmean(pass_k(each, k) for each in passes), 4),
    )
