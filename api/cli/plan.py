"""`secondorder plan`: draft, look at, compare, check and price 90-day plans."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import EXIT_FAILED, command
from .desk import Desk, language_from, planner_from, readable_file, status_from

if TYPE_CHECKING:
    from api.verbs.part_holdouts import ShownPart
    from memory.domain.outcome import Blocked
    from memory.domain.plan import Plan

group = typer.Typer(no_args_is_help=True, help="Dated 90-day plans.")

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id, or its first 8 digits or more.")]
NewestId = Annotated[str, typer.Argument(metavar="[PLAN]", help="The plan's id, or its first 8 digits or more.")]
Language = Annotated[str, typer.Option("--language", help="en or zh.")]


@command(group, "draft")
def draft(
    desk: Desk,
    planner: Annotated[str, typer.Option(help="playbook or llm.")] = "playbook",
    brief: Annotated[Path | None, typer.Option(metavar="FILE", help="What you want, as YAML or JSON.")] = None,
    language: Language = "en",
) -> None:
    """Draft a plan; prints the plan, or every reason why there is none."""
    from api.verbs import plans
    from memory.domain.brief import Brief

    wishes = plans.read_brief(readable_file(brief).read_text(encoding="utf-8")) if brief else Brief()
    with desk.progress() as progress:
        progress.add_task("plan", total=None)
        outcome, session_id = plans.draft(desk.acting, wishes, planner_from(planner), language_from(language))
    desk.remark(f"session {session_id}")
    if outcome.kind == "drafted":
        desk.emit(outcome.stored.plan, *_shown(outcome.stored.plan, language))
        return
    reasons = outcome.reasons if outcome.kind == "refused" else ()
    desk.emit(outcome, *(_blocked(reasons) or [f"Stopped ({getattr(outcome, 'code', '')}): {_message(outcome)}"]))
    raise typer.Exit(EXIT_FAILED)


@command(group, "list")
def list_(desk: Desk, status: Annotated[str, typer.Option(help="Only plans of this status.")] = "") -> None:
    """List plans, newest first."""
    from api.verbs.plans import list_plans

    from .tables import table

    found = list_plans(desk.acting, status_from(status))
    rows = [(one.plan_id[:12], one.title, one.status, one.created_by, one.created_at) for one in found]
    desk.emit(found, table("Plans", ("id", "title", "status", "by", "drafted at"), rows))


@command(group, "show")
def show(desk: Desk, plan_id: NewestId = "", language: Language = "en") -> None:
    """Show a plan's journeys, offers and money; the newest plan where none is named."""
    from api.verbs.part_holdouts import parts
    from api.verbs.plans import get, newest_id

    stored = get(desk.acting, plan_id or newest_id(desk.acting))
    found = parts(desk.acting, stored.plan.id)
    serves = f"{stored.stage.replace('_', '-')}, for {', '.join(stored.goals)}"
    standing = f"status {stored.status}, drafted by {stored.created_by}; {serves}"
    desk.emit(stored, *_shown(stored.plan, language), *(_parts(found) if found else ()), standing)


@command(group, "explain")
def explain(
    desk: Desk,
    plan_id: PlanId,
    path: Annotated[str, typer.Argument(help="A step, an offer, a cohort, budget, holdout, forecast or goal.")],
    language: Language = "en",
) -> None:
    """Say why something is in a plan."""
    from api.verbs.plans import explain as say

    words = say(desk.acting, plan_id, path, language_from(language))
    desk.emit({"path": path, "words": words}, words)


@command(group, "diff")
def diff(
    desk: Desk, old: PlanId, new: Annotated[str, typer.Argument(metavar="NEW")], language: Language = "en"
) -> None:
    """Say what differs between two plans."""
    from api.verbs.plans import compare

    found = compare(desk.acting, old, new, language_from(language))
    desk.emit(found, *([one.words for one in found] or ["Nothing differs."]))


@command(group, "check")
def check(
    desk: Desk, plan: Annotated[str, typer.Argument(metavar="PLAN|FILE", help="An id, or an exported plan.")]
) -> None:
    """Check a plan against every guardrail in force; ends with 1 where one does not hold."""
    from api.verbs import plans

    path = Path(plan)
    found = plans.read_plan(path.read_text(encoding="utf-8")) if path.is_file() else plans.get(desk.acting, plan).plan
    reasons = plans.check(desk.acting, found)
    desk.emit(reasons, *(_blocked(reasons) or ["Every guardrail holds."]))
    if reasons:
        raise typer.Exit(EXIT_FAILED)


@command(group, "price")
def price(desk: Desk, plan_id: PlanId, language: Language = "en") -> None:
    """Say what a plan costs, whom it touches and what it may bring."""
    from api.verbs.plans import price as work_out

    from .tables import facts

    found = work_out(desk.acting, plan_id)
    shown = {name: str(value) for name, value in found if name not in {"buckets", "forecast", "outlook"}}
    shown |= {f"bucket {one.bucket}": str(one.amount) for one in found.buckets if hasattr(one, "amount")}
    desk.emit(found, facts(shown), found.outlook.words[language_from(language)])


@command(group, "what-if")
def what_if(
    desk: Desk,
    plan_id: NewestId = "",
    budget: Annotated[str | None, typer.Option(metavar="SUM", help="The plan's money, such as 3000.")] = None,
    cap: Annotated[int | None, typer.Option(min=0, max=100, help="Promotional messages per person, window.")] = None,
    margin_floor: Annotated[float | None, typer.Option(min=-1, max=1, help="Smallest margin, such as 0.3.")] = None,
    price_floor: Annotated[float | None, typer.Option(min=0, max=1, help="Smallest price over list price.")] = None,
    holdout: Annotated[float | None, typer.Option(min=0, max=0.5, help="Share of people withheld.")] = None,
    language: Language = "en",
) -> None:
    """Say what a plan's promotional messages bring under other limits, and what each limit costs; changes nothing."""
    from api.verbs import plans

    from .tables import table

    found = plans.what_if(
        desk.acting, plan_id or plans.newest_id(desk.acting), budget,
        promotional_cap=cap, min_margin_rate=margin_floor, min_price_ratio=price_floor, holdout_rate=holdout,
    )  # fmt: skip
    rows = [(str(one.budget), str(one.net_margin), one.per_unit) for one in found.curve]
    said = plans.what_if_words(found, language_from(language))
    desk.emit(found, *said, table("Budgets", ("budget", "net margin", "one more returns"), rows))


@command(group, "learn")
def learn(desk: Desk, plan_id: PlanId) -> None:
    """Read the final lift of a plan that is over and keep what it taught; workers do so by themselves."""
    from api.verbs.learning import learn as read

    found = read(desk.acting, plan_id)
    said = (
        f"Lessons ({len(found.lessons)}): {', '.join(one.id for one in found.lessons)}"
        if found.lessons
        else "No lesson."
    )
    desk.emit(found, said, *found.unread)


@command(group, "lessons")
def lessons(desk: Desk, language: Language = "en") -> None:
    """Say what the shop's measured plans taught, each with its interval; the next plans are drafted with it."""
    from api.verbs.learning import lessons as every

    found = every(desk.acting, language_from(language))
    desk.emit(found, *([f"{one.id}: {one.words}" for one in found] or ["Nothing has been measured yet."]))


@command(group, "export")
def export(
    desk: Desk,
    plan_id: PlanId,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Else stdout.")] = None,
    yaml: Annotated[bool, typer.Option("--yaml", help="YAML; also where FILE ends in .yaml or .yml.")] = False,
) -> None:
    """Write a plan's canonical JSON: the bytes its id is the hash of; or YAML for people to read and change."""
    import sys

    from api.verbs.plan_files import to_yaml
    from api.verbs.plans import get
    from memory.domain.canonical import canonical_json

    is_yaml = yaml or (out is not None and out.suffix in (".yaml", ".yml"))
    content = to_yaml(desk.acting, plan_id).encode() if is_yaml else canonical_json(get(desk.acting, plan_id).plan)
    if out is None:
        sys.stdout.write(content.decode("utf-8"))
    else:
        out.write_bytes(content)
        desk.emit({"path": str(out), "bytes": len(content)}, f"{out}: {len(content):,} bytes")


@command(group, "import")
def import_(
    desk: Desk,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An exported plan, as YAML or JSON.")],
    against: Annotated[str, typer.Option(metavar="PLAN", help="Say what differs from this plan.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look only; keep nothing.")] = False,
    language: Language = "en",
) -> None:
    """Store an exported plan as a draft once every guardrail holds; ends with 1 where one does not."""
    from api.verbs import plan_files

    text = readable_file(path).read_text(encoding="utf-8")
    trial = plan_files.try_import(desk.acting, text, against, language_from(language))
    lines = [*(one.words for one in trial.differences), *_blocked(trial.reasons)]
    if not trial.reasons and not dry_run:
        lines.append(f"Draft {plan_files.keep_import(desk.acting, text)[:12]}: {trial.title}")
    desk.emit(trial, *(lines or [f"{trial.plan_id[:12]}: every guardrail holds; nothing was kept."]))
    if trial.reasons:
        raise typer.Exit(EXIT_FAILED)


@command(group, "room")
def room(desk: Desk, plan_id: NewestId = "") -> None:
    """Say how much room each guardrail leaves a plan at its tightest place."""
    from api.verbs.plan_checks import checks
    from api.verbs.plans import newest_id

    from .tables import table

    found = checks(desk.acting, plan_id or newest_id(desk.acting))
    rows = [
        (one.rule, "does not hold" if one.reasons else "holds", str(room.left), room.unit, str(room.limit), room.path)
        for one in found
        for room in one.room
    ]
    columns = ("guardrail", "now", "left", "unit", "limit", "place")
    desk.emit(found, table("Room under the guardrails", columns, rows))


@command(group, "go-live")
def go_live(
    desk: Desk,
    plan_id: PlanId,
    staged: Annotated[bool, typer.Option("--staged", help="Reach 1 % first, then 10 %, then all.")] = False,
) -> None:
    """Freeze an approved plan's cohorts, assign the control group and let it run."""
    from api.verbs.sends import go_live as start

    gone = start(desk.acting, plan_id, is_staged=staged)
    desk.emit(gone, f"Plan {gone.plan_id[:12]} is live: {gone.n_treated:,} treated, {gone.n_control:,} withheld.")


@command(group, "holdout")
def holdout(
    desk: Desk,
    plan_id: PlanId,
    journey: Annotated[str, typer.Option(help="The journey to withhold, by its id or its cohort's.")] = "",
    step: Annotated[str, typer.Option(help="The step to withhold, by its id.")] = "",
    share: Annotated[
        float | None, typer.Option(min=0.0, max=0.5, help="Share of its people to withhold; 0 takes it away.")
    ] = None,
) -> None:
    """Show or set who gets all of a plan but one journey or step, to read what it adds; fixed at go-live."""
    from api.verbs.part_holdouts import parts, set_part
    from memory.domain.errors import InvalidInput

    if not (journey or step) and share is None:
        found = parts(desk.acting, plan_id)
    elif share is None or bool(journey) == bool(step):
        remedy = "Name one --journey or one --step with its --share, or none of them to see what is set"
        raise InvalidInput(what="the holdout", why="it needs one part and its share", remedy=remedy)
    else:
        found = set_part(desk.acting, plan_id, "journey" if journey else "step", journey or step, share)
    desk.emit(found, *_parts(found))


@command(group, "target")
def target(
    desk: Desk,
    plan_id: PlanId,
    message: Annotated[str, typer.Argument(metavar="[MESSAGE]", help="A step's id, or a kind of message.")] = "",
    open_: Annotated[float | None, typer.Option("--open", metavar="SHARE", help="Opened by a person.")] = None,
    click: Annotated[float | None, typer.Option(metavar="SHARE", help="Clicked in by a person.")] = None,
    conversion: Annotated[float | None, typer.Option(metavar="SHARE", help="Ordered soon after that click.")] = None,
) -> None:
    """Show or set which shares of a message are hoped to be opened, clicked, ordered after; diagnostics only."""
    from api.verbs.targets import set_targets, targets
    from memory.domain.message_target import TARGET_METRICS

    given = zip(TARGET_METRICS, (open_, click, conversion), strict=True)
    rates = {metric: rate for metric, rate in given if rate is not None}
    found = set_targets(desk.acting, plan_id, message, rates) if message or rates else targets(desk.acting, plan_id)
    rows = [(one.message, one.metric, f"{one.rate:.1%}", f"{one.set_at.date()}") for one in found]
    from .tables import table

    title = "Targets of messages; they decide nothing (0 takes one away)"
    shown = table(title, ("step or kind", "counted", "share", "set on"), rows)
    desk.emit(found, shown if found else "No message of this plan has a target.")


def _parts(found: "tuple[ShownPart, ...]"):  # type: ignore[no-untyped-def]
    from memory.domain.experiment import Interval

    from .tables import table

    if not found:
        yield "No journey or step of this plan is withheld from anybody alone."
        return
    rows = [
        (
            one.part_id, f"{one.rate:.0%}", f"{one.n_treated + one.n_withheld:,}",
            f"{one.n_withheld:,}",
            f"{one.detectable_pp.estimate:.1f} pp" if isinstance(one.detectable_pp, Interval) else "not readable",
        )
        for one in found
    ]  # fmt: skip
    columns = ("withheld from", "share", "people", "of them", "can show")
    yield table("Withheld from one journey or step alone (people: about; can show: smallest lift)", columns, rows)
    yield from sorted({one.detectable_pp.message for one in found if not isinstance(one.detectable_pp, Interval)})


def _shown(plan: "Plan", language: str):  # type: ignore[no-untyped-def]
    from agent.planning.catalogue import template_of
    from agent.planning.explaining import explain
    from agent.planning.scorecard import scorecard

    from .tables import facts, table

    head = {"plan": plan.id, "anchor": f"{plan.anchor_on} to {plan.ends_on}", "markets": plan.markets}
    head |= {"budget": str(plan.budget.total), "worst case": str(plan.budget.worst_case_cost)}
    head |= {"withheld": f"{plan.holdout.rate:.0%}", "guardrails": plan.guardrail_version[:12]}
    yield f"[bold]{plan.title}[/bold]"
    yield facts(head)
    yield explain(plan, "forecast", language)
    for journey in plan.journeys:
        cohort = next(one for one in plan.cohorts if one.id == journey.cohort)
        rows = []
        for step in journey.steps:
            template = template_of(step.template)
            title = template.title.get(language, step.kind) if template else step.kind
            rows.append(
                (step.day, str(step.due_on), step.phase, title, "/".join(step.channels), _carried(plan, step.offer_id))
            )
        title = f"{journey.cohort}: {cohort.n_people:,} people, {cohort.n_reachable:,} reachable"
        yield table(title, ("day", "on", "phase", "step", "channels", "offer"), rows)
    for line in scorecard(plan):
        yield f"{'✓' if line.is_met else '✗'} {line.words.get(language, line.words['en'])}"


def _carried(plan: "Plan", offer_id: str | None) -> str:
    offer = plan.offer(offer_id) if offer_id else None
    return f"{offer.id} (own code)" if offer is not None and offer.gives_code else offer_id or ""


def _blocked(reasons: "tuple[Blocked, ...]") -> list[str]:
    from rich.markup import escape

    return [f"[red]{one.rule}[/red] {escape(one.message)}" for one in reasons]


def _message(outcome: object) -> str:
    return str(getattr(outcome, "message", ""))
