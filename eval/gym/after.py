"""The demo after the ninety days: measured lift beside the true effect, what was counted, and the written reports."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from memory.domain.experiment import Estimate, Interval
from memory.domain.guardrails import Guardrails
from memory.domain.message import MessageKind
from memory.domain.money import Money
from memory.domain.plan import Plan

from .installation import Installation
from .live import N_DAYS, LiveRun
from .mailbox import Invariant, check_letters, read_letters
from .responses import Truth
from .show import Show
from .world import World, positions

if TYPE_CHECKING:
    from agent.reports.lift import PlanLift

MAX_REASONS = 6


def show_sends(run: LiveRun, show: Show) -> None:
    """Print what was decided, sent and held back."""
    show.line(
        f"{run.n_decisions:,} decisions, [bold]{run.n_sent:,}[/] messages handed off, {run.n_imported} files imported"
    )
    for title, counts in (("held back when decided", run.blocked), ("stopped at hand-off", run.suppressed)):
        if counts:
            parts = [f"{reason.replace('_', ' ')} {n:,}" for reason, n in counts.most_common(MAX_REASONS)]
            show.line(f"{title}: {', '.join(parts)}")
    show.line(f"[dim]who gets what: at most {run.worst_gap_rate:.4%} below the best possible within the limits[/]")


def true_effect(of: Installation, world: World, plan: Plan, run: LiveRun, people: list[str]) -> Truth:
    """Give the true effect on everyone assigned to treatment, from both simulated worlds."""
    with of.app.store.read() as uow:
        arms = uow.assignments.arms(world.shop.shop_id, plan.holdout.experiment_id)
    treated = arms.filter(np.asarray([arm == "treated" for arm in arms["arm"].to_pylist()]))
    return run.responses.truth(positions(people, treated["person_id"].combine_chunks()), N_DAYS)


def show_lift(of: Installation, world: World, plan: Plan, truth: Truth, show: Show) -> "PlanLift":
    """Print the lift report beside the truth and give it."""
    from agent.reports.lift import lift_report

    report = lift_report(of.app.store, of.app.lake, world.shop.shop_id, plan.id, of.clock.now())
    rows = [
        (
            arm.arm,
            f"{arm.n_people:,}",
            f"{arm.n_repeat:,}",
            _rate(arm.rpr),
            _money(arm.aov_minor, report.currency),
            _money(arm.revenue_per_person_minor, report.currency),
        )
        for arm in (report.treated, report.control)
    ]
    show.table(("arm", "people", "came back", "RPR", "AOV", "revenue/person"), rows)
    show.line(f"measured lift   [bold]{points(report.rpr_difference_pp)}[/]")
    show.line(
        f"true effect     [bold]{truth.effect_pp:+.2f} pp[/]  ({truth.rpr_with:.1%} with the messages, "
        f"{truth.rpr_without:.1%} without them; known only because the people are simulated)"
    )
    covered = covers(report.rpr_difference_pp, truth.effect_pp)
    show.line(
        "[green]the interval covers the truth[/]"
        if covered
        else "[yellow]the interval misses the truth; about 1 in 20 does[/]"
    )
    cost = Money(amount_minor=report.cost_minor, currency=report.currency)
    show.line(f"ROI             {_interval(report.roi, '.1f')}  on {cost} of sends and incentives")
    show.line(f"[dim]sample ratio check: {'passed' if sample_ratio_holds(report) else 'FAILED'}[/]")
    return report


def check_promises(
    of: Installation, world: World, plan: Plan, guardrails: Guardrails, show: Show
) -> tuple[Invariant, ...]:
    """Count the mailbox files against the promises and print what was found."""
    shop_id = world.shop.shop_id
    with of.app.store.read() as uow:
        arms = uow.assignments.arms(shop_id, plan.holdout.experiment_id)
        contacts = uow.contacts.by_person(shop_id, arms["person_id"].to_pylist())
        sent = uow.outbox.table(shop_id, plan.id, ["send_key", "message_kind"]).to_pydict()
    kinds = dict(zip(sent["send_key"], cast(list[MessageKind], sent["message_kind"]), strict=True))
    owners = {
        address: person
        for person, contact in contacts.items()
        for address in (contact.email, contact.phone, contact.push_token)
        if address
    }
    arm_of = dict(zip(arms["person_id"].to_pylist(), arms["arm"].to_pylist(), strict=True))
    control = {person for person, arm in arm_of.items() if arm == "control"}
    letters = read_letters(of.app.settings.mailbox)
    found = check_letters(letters, kinds, owners, control, guardrails.frequency_caps)
    n_mails = sum(letter.is_mail for letter in letters)
    show.line(f"{len(letters):,} .eml files ({n_mails:,} mails, the rest SMS and push) in {of.app.settings.mailbox}")
    for invariant in found:
        mark = "[green]holds[/]" if invariant.holds else "[bold red]BROKEN[/]"
        show.line(f"{mark}  {invariant.name}: {invariant.detail}")
    return found


def write_reports(folder: Path, plan: Plan, report: "PlanLift", truth: Truth) -> None:
    """Write plan, lift and truth as JSON beside the look-back pages."""
    for name, value in (("plan", plan), ("lift", report), ("truth", truth)):
        (folder / f"{name}.json").write_text(value.model_dump_json(indent=2) + "\n", encoding="utf-8")


def points(estimate: Estimate) -> str:
    """Write an estimate in percentage points with its interval, or why there is none."""
    if not isinstance(estimate, Interval):
        return estimate.message
    return f"{estimate.estimate:+.2f} pp  ({estimate.level:.0%} interval {estimate.low:+.2f} to {estimate.high:+.2f})"


def covers(estimate: Estimate, truth: float) -> bool:
    """Say whether the interval holds the truth; false where there is no interval."""
    return isinstance(estimate, Interval) and estimate.low <= truth <= estimate.high


def sample_ratio_holds(report: "PlanLift") -> bool:
    """Say whether the arms have the promised sizes."""
    return not report.sample_ratio.is_suspicious


def _interval(estimate: Estimate, form: str) -> str:
    if not isinstance(estimate, Interval):
        return estimate.message
    return f"{estimate.estimate:{form}} ({estimate.low:{form}} to {estimate.high:{form}})"


def _rate(estimate: Estimate) -> str:
    return f"{estimate.estimate:.1%}" if isinstance(estimate, Interval) else "-"


def _money(estimate: Estimate, currency: str) -> str:
    if not isinstance(estimate, Interval):
        return "-"
    return str(Money(amount_minor=round(estimate.estimate), currency=currency))
