"""How the figures of a lift report are read: planned looks, days nobody planned, the past, cohorts, return on cost."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from memory.domain.brief import Goal
from memory.domain.evidence import Adjusted, AnytimeReadout, CohortEffects
from memory.domain.experiment import Estimate, LiftReport
from memory.domain.looks import LookPlan, default_days
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan
from tools.experiments.arms import ArmMean, repeats
from tools.experiments.cohort_effects import cohort_effects
from tools.experiments.cuped import adjusted
from tools.experiments.daily import Daily, PlannedLook, anytime_reading, exact_reading, planned_reading, progress
from tools.experiments.gate import Calendar, refusal, window_open
from tools.experiments.goal import goal_chance, share_chance
from tools.experiments.intervals import Mean, mean_difference, scaled
from tools.experiments.moments import Moments
from tools.experiments.orders import added_orders
from tools.experiments.roi import roi
from tools.experiments.widen import at_any_look, quantile
from tools.metrics.referral import ReferralRate
from tools.outcomes.people import COVARIATES
from tools.outcomes.reading import ARMS, COLUMNS, Outcomes
from tools.outcomes.window import ArmKey, OutcomeWindow

from .lift_days import daily_of, day_points
from .lift_model import AddedOrders, Adjustments, DayPoint, GoalProgress, HorizonClv, RprReading
from .plan_costs import Spent

UNKNOWN_REPEAT_RATE = 0.15
"""Share of buyers expected where the plan names none; it only says at which look the sequence is narrowest."""


class Clock(NamedTuple):
    """Where in its experiment a plan stands."""

    window: OutcomeWindow
    """When orders count."""
    as_of: datetime
    """Now."""
    look_days: tuple[int, ...]
    """The planned looks, in days after the start."""
    alpha: float
    """Error probability over all looks."""
    planned_rate: float
    """Share of buyers expected at the end, from the plan."""

    @property
    def is_final(self) -> bool:
        """Whether the window has ended."""
        return self.as_of >= self.window.ends_at

    @property
    def day(self) -> int:
        """Days of the window that are over; all of them at its end."""
        if self.is_final:
            return self.window.n_days
        return max(0, (self.as_of - self.window.starts_at) // timedelta(days=1))

    @property
    def calendar(self) -> Calendar:
        """The same for the gate."""
        return Calendar(self.window.starts_at, self.window.ends_at, self.as_of)

    def on(self, day: int) -> date:
        """Give the date of a day."""
        return (self.window.starts_at + timedelta(days=day)).date()


class Read(NamedTuple):
    """The figures as they may be read now."""

    figures: LiftReport
    """With intervals that hold at this look."""
    net_margin_minor: Estimate
    """Incremental margin less costs."""
    reading: RprReading
    """How repeat purchase rates were read."""
    adjusted: Adjustments
    """Adjusted by the past."""
    cohort_effects: CohortEffects
    """Per cohort, in points."""
    days: tuple[DayPoint, ...]
    """Day by day."""


def clock_of(plan: Plan, window: OutcomeWindow, as_of: datetime, looks: LookPlan | None) -> Clock:
    """Say where the plan stands; without stored looks the usual days hold."""
    known = [(each.expected_repeat_rate, each.n_people) for each in plan.cohorts if each.expected_repeat_rate]
    n = sum(size for _, size in known)
    rate = sum(share * size for share, size in known) / n if n else UNKNOWN_REPEAT_RATE
    days = looks.days if looks is not None else default_days(window.n_days)
    return Clock(window, as_of, days, looks.alpha if looks is not None else 0.05, min(max(rate, 0.001), 0.99))


def read_lift(plain: LiftReport, found: Outcomes, spent: Spent, clock: Clock) -> Read:
    """Turn one-look figures into those that hold now: before the end every interval is valid on any day."""
    daily, now = daily_of(found, clock.day), _arms(found, "")
    done = progress(*now, clock.planned_rate)
    refused = refusal(*now, clock.calendar)
    reading = _rpr(daily, clock).model_copy(update={"one_look_pp": plain.rpr_difference_pp})
    returned, net = _money(plain, found, done, clock)
    changes: dict[str, object] = {"rpr_difference_pp": _led(plain.rpr_difference_pp, reading, clock), "roi": returned}
    for name in ("aov_difference_minor", "revenue_difference_minor", "margin_difference_minor",
                 "incremental_margin_minor", "rpr_relative_lift"):  # fmt: skip
        changes[name] = _now(getattr(plain, name), done, refused, clock, is_ratio=name == "rpr_relative_lift")
    return Read(
        figures=plain.model_copy(update=changes),
        net_margin_minor=net,
        reading=reading,
        adjusted=_adjusted(found, done, clock),
        cohort_effects=_cohorts(found, done, clock),
        days=day_points(found, daily, spent, clock.window, clock.planned_rate, clock.alpha),
    )


def referral_goal(plan: Plan, seen: ReferralRate | NotEstimable, clock: Clock) -> GoalProgress | None:
    """Say where a goal of referred new customers stands; `seen` is the shop's rate in the window so far (S1-58)."""
    goal = plan.goal
    if goal.target is None:
        return None
    n_referred, n_new = (0, 0) if isinstance(seen, NotEstimable) else (seen.n_referred, seen.n_new)
    now = n_referred / n_new if n_new else 0.0
    return GoalProgress(
        metric="referral_rate",
        baseline=goal.baseline,
        target=goal.target,
        window_days=clock.window.n_days,
        now=now,
        progress_rate=_progress(goal, now),
        chance=share_chance(n_referred, n_new, goal.target, clock.day / clock.window.n_days),
    )


def _progress(goal: Goal, now: float) -> float | None:
    way = None if goal.baseline is None or goal.target is None else goal.target - goal.baseline
    return (now - goal.baseline) / way if goal.baseline is not None and way else None


def goal_of(plan: Plan, found: Outcomes, clock: Clock, unit: int) -> GoalProgress | None:
    """Say where the goal stands and how likely it is reached; `unit` is minor units per major one."""
    goal, sums = plan.goal, found.sums[ArmKey("", "treated")]
    metric: Literal["rpr", "clv"] | None = "rpr" if goal.metric == "rpr" else "clv" if goal.metric == "clv" else None
    if goal.target is None or metric is None or not sums.n_people:
        return None
    total, squares = float(sums.n_repeat), float(sums.n_repeat)
    if metric == "clv":
        total, squares = sums.revenue_minor / unit, sums.revenue_squared / unit**2
    now = total / sums.n_people
    return GoalProgress(
        metric=metric,
        baseline=goal.baseline,
        target=goal.target,
        window_days=clock.window.n_days,
        now=now,
        progress_rate=_progress(goal, now),
        chance=goal_chance(repeats(sums), total, squares, goal.target, clock.day / clock.window.n_days, clock.calendar),
    )


def added_orders_of(found: Outcomes, clock: Clock) -> tuple[AddedOrders, ...]:
    """Give added orders per person of all cohorts and of each that has both arms; read once, at the end."""
    names = sorted({key.cohort for key in found.sums if all(ArmKey(key.cohort, arm) in found.sums for arm in ARMS)})
    rows = []
    for name in names:
        treated, control = (found.sums[ArmKey(name, arm)] for arm in ARMS)
        read = window_open(clock.calendar) or added_orders(treated, control)
        rows.append(AddedOrders(cohort=name, n_treated=treated.n_people, n_withheld=control.n_people, difference=read))
    return tuple(rows)


def clv_rows(found: Outcomes, clock: Clock, horizons: Iterable[int]) -> tuple[HorizonClv, ...]:
    """Give the difference per person to each horizon, or when it is over."""
    rows = []
    for days in horizons:
        on = (clock.window.starts_at + timedelta(days=days)).date()
        read = found.horizons.get(days)
        later = NotEstimable(
            code="window_open", message=f"These {days} days are not over; readable on {on}.", readable_on=on
        )
        revenue: Estimate = later if read is None else _mean_difference(*read.revenue)
        margin: Estimate = later
        if read is not None:
            margin = NO_COSTS if read.margin is None else _mean_difference(*read.margin)
        rows.append(
            HorizonClv(days=days, readable_on=on, revenue_difference_minor=revenue, margin_difference_minor=margin)
        )
    return tuple(rows)


NO_COSTS = NotEstimable(
    code="missing_data", message="Costs of goods are unknown; import them with `secondorder import costs`."
)


def _rpr(daily: Daily, clock: Clock) -> RprReading:
    calendar, day = clock.calendar, clock.day
    look = planned_reading(daily, clock.look_days, day, clock.window.n_days, alpha=clock.alpha, calendar=calendar)
    unplanned = anytime_reading(daily, day, clock.planned_rate, alpha=clock.alpha, calendar=calendar)
    is_at_look = isinstance(look, PlannedLook) and look.day == day
    n_looks = look.readout.n_looks if isinstance(look, PlannedLook) else 0
    shown: Literal["one_look", "planned", "anytime"] = (
        "anytime" if not clock.is_final else "planned" if n_looks > 1 else "one_look"
    )
    later = [one for one in clock.look_days if one > day]
    return RprReading(
        shown="planned" if is_at_look and not clock.is_final else shown,
        look_days=clock.look_days,
        next_look_on=clock.on(min(later)) if later else None,
        planned=look.readout if isinstance(look, PlannedLook) else look,
        planned_on=clock.on(look.day) if isinstance(look, PlannedLook) else None,
        anytime=unplanned,
        exact=exact_reading(daily, day, alpha=clock.alpha),
    )


def _led(plain: Estimate, reading: RprReading, clock: Clock) -> Estimate:
    """Give the difference in points with the interval that may be read now."""
    if reading.shown == "one_look" or (clock.is_final and isinstance(plain, NotEstimable)):
        return plain
    readout = reading.planned if reading.shown == "planned" else reading.anytime
    if readout is None or isinstance(readout, NotEstimable):
        return readout or plain
    return scaled(readout.welch if isinstance(readout, AnytimeReadout) else readout.difference, 100)


def _money(plain: LiftReport, found: Outcomes, done: float, clock: Clock) -> tuple[Estimate, Estimate]:
    """Give return on cost and the margin left after it."""
    if isinstance(plain.margin_difference_minor, NotEstimable):
        missing = _dated(plain.margin_difference_minor, refusal(*_arms(found, ""), clock.calendar))
        return missing, missing
    width = None if clock.is_final else quantile(done, clock.alpha)
    treated, control = (_some(found.moments[ArmKey("", arm)], ("margin", "cost")) for arm in ("treated", "control"))
    left, right = (_net(one) for one in (treated, control))
    net = scaled(mean_difference(left, right), treated.n)
    return roi(treated, control, quantile=width), net if clock.is_final else at_any_look(net, done)


def _net(of: Moments) -> Mean:
    """Give margin less cost per person with the variance of that mean."""
    variance = of.scatter[0, 0] - 2 * of.scatter[0, 1] + of.scatter[1, 1]
    return Mean.of(of.n, float(of.mean[0] - of.mean[1]), max(0.0, float(variance)) / (of.n - 1) / of.n)


def _now(estimate: Estimate, done: float, refused: NotEstimable | None, clock: Clock, *, is_ratio: bool) -> Estimate:
    if isinstance(estimate, NotEstimable):
        return _dated(estimate, refused)
    if clock.is_final:
        return estimate
    return refused or at_any_look(estimate, done, is_ratio=is_ratio)


def _dated(missing: NotEstimable, refused: NotEstimable | None) -> NotEstimable:
    """Prefer the same reason with its date."""
    return refused if refused is not None and refused.code == missing.code and refused.readable_on else missing


def _adjusted(found: Outcomes, done: float, clock: Clock) -> Adjustments:
    refused = refusal(*_arms(found, ""), clock.calendar)
    has_costs = found.sums[ArmKey("", "treated")].margin_minor is not None

    def of(outcome: str) -> Adjusted | NotEstimable:
        if refused is not None:
            return refused
        treated, control = (_some(found.moments[ArmKey("", arm)], (outcome, *COVARIATES)) for arm in ARMS)
        one = adjusted(treated, control)
        if isinstance(one, NotEstimable) or clock.is_final:
            return one
        wide = {name: at_any_look(getattr(one, name), done) for name in ("difference", "plain")}
        return one.model_copy(update=wide)

    return Adjustments(repeat=of("bought"), revenue=of("revenue"), margin=of("margin") if has_costs else NO_COSTS)


def _cohorts(found: Outcomes, done: float, clock: Clock) -> CohortEffects:
    """Give effects in points; before the end without p values, which are those of one look."""
    names = sorted({key.cohort for key in found.sums if key.cohort})
    arms: Mapping[str, tuple[ArmMean, ArmMean]] = {
        name: _arms(found, name) for name in names if all(ArmKey(name, arm) in found.sums for arm in ARMS)
    }
    effects = cohort_effects(arms)
    now: dict[str, object] = {} if clock.is_final else {"p_value": None, "p_adjusted": None, "differs_from_zero": False}

    def points(one: Estimate) -> Estimate:
        return scaled(one if clock.is_final else at_any_look(one, done), 100)

    cohorts = tuple(
        one.model_copy(update={"effect": points(one.effect), "shrunk": points(one.shrunk), **now})
        for one in effects.cohorts
    )
    changes: dict[str, object] = {"cohorts": cohorts, "spread": 100 * effects.spread}
    if not clock.is_final:
        changes |= {"interaction_p_value": None, "cohorts_differ": False}
    return effects.model_copy(update=changes)


def _arms(found: Outcomes, cohort: str) -> tuple[ArmMean, ArmMean]:
    return repeats(found.sums[ArmKey(cohort, "treated")]), repeats(found.sums[ArmKey(cohort, "control")])


def _some(of: Moments, names: tuple[str, ...]) -> Moments:
    """Give the moments of a few columns."""
    place = [COLUMNS.index(name) for name in names]
    return Moments(names, of.n, of.mean[place], of.scatter[place][:, place])


def _mean_difference(treated: ArmMean, control: ArmMean) -> Estimate:
    refused = refusal(treated, control)
    if refused is not None:
        return refused
    left, right = (Mean.of(one.n_people, one.mean, one.variance / one.n_people) for one in (treated, control))
    return mean_difference(left, right)
