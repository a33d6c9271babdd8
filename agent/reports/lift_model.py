"""What the lift report holds: frozen values, ready for text, page and JSON."""

from datetime import date
from typing import Literal

from memory.domain.base import Count, Frozen, Instant, MinorUnits, Rate
from memory.domain.evidence import Adjusted, AnytimeReadout, CohortEffects, CorrectedTest, ExactEvidence, PlannedReadout
from memory.domain.experiment import Estimate, LiftReport, SampleRatio
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.domain.part_holdout import Part
from tools.risk import Leaving


class Diagnostics(Frozen):
    """What the channels say. It decides nothing: opens and clicks are not what a plan is for."""

    messages: dict[str, Count]
    """Messages per state."""
    n_opens: Count = 0
    """Opens by people."""
    n_machine_opens: Count = 0
    """Opens by software, which mean nothing."""
    n_clicks: Count = 0
    """Clicks by people."""
    n_machine_clicks: Count = 0
    """Clicks by software."""
    attributed_minor: MinorUnits = 0
    """Revenue a mail tool would claim: orders within `attribution_days` of an open or click by whomever."""
    n_attributed: Count = 0
    """How many orders that are."""
    attribution_days: Count = 5
    """Days after an open or click."""
    leaving_by_step: tuple[Leaving, ...] = ()
    """Unsubscribes through a step's messages, worst first (S2-65)."""
    leaving_by_content: tuple[Leaving, ...] = ()
    """The same per message kind; what lies above the prior lowers the kind's value in later choices."""
    leaving_by_cohort: tuple[Leaving, ...] = ()
    """The same per cohort."""
    leaving_reasons: dict[str, Count] = {}
    """What people gave as the reason, where they gave one."""


class OfferCost(Frozen):
    """What one offer's use cost so far."""

    offer_id: str
    """Its name within the plan."""
    basis: Literal["observed", "expected"]
    """Whether orders and events show each use, or the assumed share of people who redeem stands for them."""
    n_uses: Count | None
    """Uses seen; null where they are expected."""
    cost_minor: MinorUnits
    """What they cost."""


class PlanCosts(Frozen):
    """What the plan cost, in the shop's currency."""

    sends_minor: MinorUnits
    """Messages that left or may have left."""
    observed_minor: MinorUnits
    """Incentives that people were seen to use."""
    expected_minor: MinorUnits
    """Incentives nothing shows, at the assumed share of people who redeem."""
    offers: tuple[OfferCost, ...] = ()
    """Per offer that costs something."""


class RprReading(Frozen):
    """How the difference of repeat purchase rates was read, in shares (not points)."""

    shown: Literal["one_look", "planned", "anytime"] = "one_look"
    """Which interval the report leads with: the only look, the last planned look, or one that holds on any day."""
    look_days: tuple[Count, ...] = ()
    """The planned looks, in days after the start."""
    next_look_on: date | None = None
    """The next planned look; null after the last."""
    planned: PlannedReadout | NotEstimable | None = None
    """The last planned look that could be read."""
    planned_on: date | None = None
    """Its day."""
    anytime: AnytimeReadout | NotEstimable | None = None
    """The same difference now, valid however often one looks."""
    exact: ExactEvidence | NotEstimable | None = None
    """Evidence of all days so far that the arms buy differently: exact at any count, on any day."""
    one_look_pp: Estimate | None = None
    """The difference in points for who looks only once, on a day fixed beforehand, as a simulation does."""


class Adjustments(Frozen):
    """The differences freed of what people did before they were assigned (CUPED)."""

    repeat: Adjusted | NotEstimable
    """Share with a further order."""
    revenue: Adjusted | NotEstimable
    """Revenue per person, minor units."""
    margin: Adjusted | NotEstimable
    """Margin per person before incentives, minor units."""


class HorizonClv(Frozen):
    """CLV per person up to a day, realised in both arms; no forecast."""

    days: Count
    """Days after the start."""
    readable_on: date
    """When those days are over."""
    revenue_difference_minor: Estimate
    """Treated minus control, revenue per assigned person."""
    margin_difference_minor: Estimate
    """The same of margin before incentives."""


class Leaks(Frozen):
    """Withheld people who were reached all the same: each one makes the arms more alike than they should be."""

    n_messaged: Count = 0
    """People of the control group that a message of this plan went to; a fault."""
    n_messaged_by_others: Count = 0
    """Those whom other plans of ours messaged."""
    n_messaged_elsewhere: Count = 0
    """Those whom another tool messaged, by its imported sends."""
    n_redeemed: Count = 0
    """Orders of the control group that carry a code or gift of the plan."""
    n_both_arms: Count = 0
    """People whose records turned out to be in both arms; they count as withheld."""

    @property
    def is_alarm(self) -> bool:
        """Whether somebody has to find the cause before the lift is believed."""
        return bool(self.n_messaged or self.n_messaged_elsewhere or self.n_redeemed)


class DayPoint(Frozen):
    """Where both arms stood after one day of the window."""

    day: Count
    """Days after the start."""
    treated_rate: float
    """Share of the treated arm with a further order so far."""
    treated_low: float
    """Lower end of its 95 % interval of that day alone."""
    treated_high: float
    """Upper end."""
    control_rate: float
    """The same of the control group."""
    control_low: float
    """Lower end."""
    control_high: float
    """Upper end."""
    lift_low_pp: float | None = None
    """Lower end of the confidence sequence of the difference, in points; null before it can be read."""
    lift_high_pp: float | None = None
    """Upper end; it holds on all days together."""
    margin_minor: MinorUnits | None = None
    """Incremental margin so far (treated people times the difference per person); null where costs are unknown."""
    cost_minor: MinorUnits = 0
    """What the plan had cost by then."""

    @property
    def lift_pp(self) -> float:
        """The difference in percentage points."""
        return 100 * (self.treated_rate - self.control_rate)


class GoalProgress(Frozen):
    """Where the plan's goal stands; no comparison, so not what the plan caused.

    Repeat rate and revenue are those of the people who can be messaged, the referral rate is the shop's.
    """

    metric: Literal["rpr", "clv", "referral_rate"]
    """Share with a further order, revenue per person in the window in major units of the currency, or the share of
    the window's new customers whose first purchase was referred."""
    baseline: float | None
    """Where it stood."""
    target: float
    """Where it should go."""
    window_days: Count
    """Days of the window."""
    now: float
    """Where it is."""
    progress_rate: float | None
    """Share of the way from baseline to target; null without a baseline."""
    chance: Rate | NotEstimable
    """Probability of reaching the target by the end if orders keep coming at the pace so far, or why there is none."""


class PartLift(Frozen):
    """What one journey or step adds beside the rest of the plan: treated people against those withheld from it alone.

    Intention to treat: whoever was drawn counts, messaged or not.
    """

    part: Part
    """Whether a journey or a step."""
    part_id: str
    """Which, by its id within the plan."""
    cohort: str
    """Whose it is."""
    starts_at: Instant
    """From when orders count: the day before its first message may be due, or the plan's start if that is later."""
    ends_at: Instant
    """Until when: the end of the plan's window."""
    n_treated: Count
    """Treated people of the plan who may get it."""
    n_withheld: Count
    """Those who may not."""
    n_treated_buyers: Count
    """Of the former, who ordered since."""
    n_withheld_buyers: Count
    """Of the latter."""
    treated_rpr: Estimate
    """Share of the former who ordered since (Wilson interval)."""
    withheld_rpr: Estimate
    """Share of the latter."""
    rpr_difference_pp: Estimate
    """Treated minus withheld, in points; before the end the interval holds on any day, at the end it is of one look."""
    rpr_test: CorrectedTest | None = None
    """Whether it differs from zero, corrected for all tests of all parts; at the end only, where it can be read."""
    treated_net_margin_minor: Estimate
    """Margin per person not withheld, less sends and incentives; with the interval of one look."""
    withheld_net_margin_minor: Estimate
    """The same of those withheld."""
    net_margin_difference_minor: Estimate
    """Treated minus withheld; before the end the interval holds on any day."""
    net_margin_test: CorrectedTest | None = None
    """Whether it differs from zero; of the same family as `rpr_test`."""
    sample_ratio: SampleRatio
    """Whether the arms have the promised sizes."""
    detectable_lift_pp: Estimate
    """Smallest difference found with 80 % power at these sizes, in points."""
    added_orders: Estimate | None = None
    """Added further orders per person, treated minus withheld; at the end only, as the next plans learn from it."""
    n_messaged: Count = 0
    """Withheld people that a message of this journey or step went to; a fault."""


class AddedOrders(Frozen):
    """Added further orders per assigned person, in all cohorts or one; the next plans learn from it."""

    cohort: str
    """Which; empty for all of them."""
    n_treated: Count
    """People who could be messaged."""
    n_withheld: Count
    """People of the control group."""
    difference: Estimate
    """Treated minus control, by one look at the end; before it the reason why there is none."""


class PlanLift(LiftReport):
    """The lift of a plan with the time it covers."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    currency: Currency
    """The shop's currency, of all sums."""
    within_days: Count
    """Days of the goal's window, from day 0."""
    starts_at: Instant
    """From when further orders count: day 0, or the instant the plan went live where that was later."""
    ends_at: Instant
    """Until when they count."""
    as_of: Instant
    """The instant the facts are read at."""
    is_final: bool
    """Whether the window has ended; before that intervals are widened so that they hold on every day one looks."""
    diagnostics: Diagnostics
    """What the channels say."""
    reserved_minor: MinorUnits
    """What the ledger holds as spent: sends paid and incentives expected to be redeemed."""
    net_margin_minor: Estimate | None = None
    """Incremental margin less all costs; null in reports made without costs per person."""
    costs: PlanCosts = PlanCosts(sends_minor=0, observed_minor=0, expected_minor=0)
    """What it cost, by kind."""
    reading: RprReading = RprReading()
    """How the difference of repeat purchase rates was read."""
    adjusted: Adjustments | None = None
    """The same differences, adjusted by the past."""
    cohort_effects: CohortEffects | None = None
    """Difference of repeat purchase rates per cohort, in points, corrected for looking at all of them."""
    added_orders: tuple[AddedOrders, ...] = ()
    """Added orders per person, of all cohorts and of each."""
    clv: tuple[HorizonClv, ...] = ()
    """CLV to several horizons."""
    leaks: Leaks = Leaks()
    """Withheld people who were reached all the same."""
    days: tuple[DayPoint, ...] = ()
    """Both arms day by day, for the pictures."""
    parts: tuple[PartLift, ...] = ()
    """What single journeys and steps add, where people are withheld from them alone."""
    goal: GoalProgress | None = None
    """Where the goal stands; null where it has no target, or a metric that no page reads yet."""
