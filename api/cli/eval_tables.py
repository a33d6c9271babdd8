"""What `secondorder eval` prints for people to read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memory.domain.experiment import Estimate, Interval
from memory.domain.money import exponent

from .tables import table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from eval.experiment import ExperimentReport
    from eval.experiment.report import ArmLift, OutcomeLift
    from eval.hindsight import HindsightReport
    from eval.real.figure import DataReport
    from eval.scoreboard.board import Board


def of_experiment(found: "ExperimentReport") -> "Iterator[RenderableType]":
    """Give a table of the arms for everybody, then one per slice, and how to read them."""
    yield from _arms(f"{found.n_people:,} people, against {found.control}", found.arms)
    for slice_ in found.slices:
        yield from _arms(f"{found.by} = {slice_.value}", slice_.arms)
    if found.covariates:
        yield from _adjusted(f"Adjusted for {', '.join(found.covariates)}", found.arms)
    yield "Differences of shares are percentage points (pp), of amounts their own unit; relative lift is apart."
    if found.slices:
        yield f"{len(found.slices)} slices are {len(found.slices)} chances to be wrong: about 1 interval in 20 misses."
    for arm in found.arms:
        ratio = arm.sample_ratio
        said = "FAILED, don't trust the lift before the cause is found" if ratio.is_suspicious else "passed"
        yield (
            f"{arm.arm}: {arm.n_treated:,} people against {arm.n_control:,}; sample ratio {said} "
            f"(control {ratio.actual_control_rate:.2%} of {ratio.expected_control_rate:.2%}, p = {ratio.p_value:.3g})"
        )


def _arms(title: str, arms: "tuple[ArmLift, ...]") -> "Iterator[RenderableType]":
    every = [(arm, one) for arm in arms for one in arm.outcomes]
    columns = ("arm", "outcome", "mean", "control", "difference", "95 % interval", "relative")
    yield table(title, columns, [_row(arm.arm, one) for arm, one in every])
    for arm, one in every:
        if not isinstance(one.difference, Interval):
            yield f"{arm.arm}, {one.outcome}: {one.difference.message}"


def _row(arm: str, one: "OutcomeLift") -> tuple[str, ...]:
    form, mean = ("+.3f", ".2%") if one.is_share else ("+,.4g", ",.4g")
    return (
        arm, _named(one), _value(one.treated, mean), _value(one.control, mean), _value(one.difference, form),
        _ends(one.difference, form), _value(one.relative_lift, "+.1%"),
    )  # fmt: skip


def _adjusted(title: str, arms: "tuple[ArmLift, ...]") -> "Iterator[RenderableType]":
    rows = []
    for arm in arms:
        for one in arm.outcomes:
            form, gap = "+.3f" if one.is_share else "+,.4g", one.adjusted_difference
            assert gap is not None
            cut = "-" if one.variance_cut is None else f"{-one.variance_cut:+.1%}"
            rows.append((arm.arm, _named(one), _value(gap, form), _ends(gap, form), cut))
    yield table(title, ("arm", "outcome", "difference", "95 % interval", "variance"), rows)


def _named(one: "OutcomeLift") -> str:
    return f"{one.outcome}, pp" if one.is_share else one.outcome


def _value(estimate: Estimate, form: str) -> str:
    return f"{estimate.estimate:{form}}" if isinstance(estimate, Interval) else "-"


def _ends(estimate: Estimate, form: str) -> str:
    if not isinstance(estimate, Interval):
        return "-"
    return f"[{estimate.low:{form}}, {estimate.high:{form}}]"


def of_board(found: "Board") -> "Iterator[RenderableType]":
    """Give the planners, best first, and how to read them."""
    columns = ("planner", "score", "seeds", "RPR lift pp", "violations", "unsubscribed", "cost", "claimed", "pass^1",
               f"pass^{found.k}")  # fmt: skip
    yield table(f"{len(found.seeds)} seeds, {len(found.tasks)} tasks, {found.n_customers:,} people", columns, [
        (row.planner, f"{row.score:+.3f}", f"[{row.lowest:+.2f}, {row.highest:+.2f}]", f"{row.rpr_lift_pp:+.2f}",
         f"{row.n_violations:,}", f"{row.n_unsubscribed:,}", f"{row.cost_minor / 100:,.2f}",
         "-" if row.claimed_over_realised is None else f"{row.claimed_over_realised:.2f}", f"{row.pass_1:.2f}",
         f"{row.pass_k:.2f}")
        for row in found.rows
    ])  # fmt: skip
    yield found.label
    yield "Score: net incremental margin as a share of the oracle's; -1 and less where anything was violated."
    yield "Claimed: the plan's forecast over what it truly netted. Cost: sends and redeemed offers per plan."
    if found.mean_tau is not None:
        yield f"Ranking over seeds: mean Kendall tau {found.mean_tau:.2f}, lowest {min(found.taus):.2f}."


def of_data(found: "DataReport") -> "Iterator[RenderableType]":
    """Give the figures beside the published ones."""
    rows = [
        (
            one.name,
            "-" if one.found is None else f"{one.found:,.6g}",
            "-" if one.low is None or one.high is None else f"[{one.low:,.4g}, {one.high:,.4g}]",
            "" if one.expected is None else f"{one.expected:,.6g}",
            "" if one.expected is None else f"{one.tolerance:.2g}",
            "MISSED" if not one.holds else ("met" if one.expected is not None else ""),
            one.note,
        )
        for one in found.figures
    ]
    columns = ("figure", "found", "95 % interval", "published", "within", "", "note")
    yield table(found.name, columns, rows)
    yield f"Source: {found.source}"


def of_hindsight(found: "HindsightReport") -> "Iterator[RenderableType]":
    """Give repeat rates, then money, then why policies were refused and how to read the rest."""
    title = f"Repeat rate, {found.n_people:,} people" + (f", under {found.question}" if found.question else "")
    columns = ("policy", "effective", "rate", "95 % interval", "over nothing, pp", "95 % interval")
    yield table(title, columns, [
        (one.policy, f"{one.effective_n:,.0f}", _value(one.repeat_rate, ".2%"), _ends(one.repeat_rate, ".2%"),
         _value(one.repeat_over_nothing_pp, "+.2f"), _ends(one.repeat_over_nothing_pp, "+.2f"))
        for one in found.answers
    ])  # fmt: skip
    columns = ("policy", "net", "over nothing", "95 % interval", "over as-decided", "95 % interval")
    digits = exponent(found.currency)
    yield table(f"Margin less cost per person, {found.currency}", columns, [
        (one.policy, *(_money(one.net_minor, digits))[:1], *_money(one.net_over_nothing_minor, digits),
         *_money(one.net_over_decided_minor, digits))
        for one in found.answers
    ])  # fmt: skip
    for one in found.answers:
        reasons = {each.message: None for each in (one.repeat_rate, one.net_minor) if not isinstance(each, Interval)}
        yield from (f"{one.policy}: {reason}" for reason in reasons)
    yield (
        f"{found.n_decisions:,} decisions, {found.explored_rate:.1%} by chance, {found.n_cut:,} cut by money or "
        f"grants; {found.n_control:,} people were withheld at random."
    )
    if not found.is_final:
        yield "The outcome window is still open: these figures move."


def _money(estimate: Estimate, digits: int) -> tuple[str, str]:
    unit = 10**digits
    if not isinstance(estimate, Interval):
        return "-", "-"
    return f"{estimate.estimate / unit:+,.2f}", f"[{estimate.low / unit:+,.2f}, {estimate.high / unit:+,.2f}]"
