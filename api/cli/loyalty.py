"""`secondorder loyalty`: points, tiers and what they may have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from .command import command
from .desk import Desk, day_from, one_of, readable_file
from .paging import N_LISTED, Limit, Start

if TYPE_CHECKING:
    from agent.loyalty.expiring import ExpiringPage
    from agent.loyalty.privileges import EligiblePage
    from memory.domain.experiment import Interval
    from memory.domain.loyalty import LoyaltyProgramme

group = typer.Typer(no_args_is_help=True, help="Points, tiers, privileges and early access for members.")

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym.")]


@command(group, "example")
def example(desk: Desk) -> None:
    """Print a programme to start from as YAML that `loyalty set` reads; nothing is set."""
    from api.verbs import loyalty

    found = loyalty.example(desk.acting)
    desk.emit(found, as_yaml(found))


@command(group, "set")
def set_(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Put a programme in force from its first day on; what was earned before stays."""
    from api.verbs import loyalty

    wanted = loyalty.read(readable_file(path).read_text(encoding="utf-8", errors="replace"))
    found = loyalty.put(desk.acting, wanted)
    desk.emit(found, f"The programme is in force in {desk.shop_id} from {found.programme.starts_on} on.")


@command(group, "show")
def show(desk: Desk) -> None:
    """Show the programme that was set last."""
    from api.verbs import loyalty

    found = loyalty.programme(desk.acting)
    desk.emit(found, as_yaml(found.programme))
    desk.remark(f"set by {found.set_by} on {found.set_at:%Y-%m-%d}")


@command(group, "account")
def account(desk: Desk, person: Person) -> None:
    """Show a member's points, tier and what it may have."""
    from api.verbs import loyalty

    from .tables import facts, table

    found = loyalty.account(desk.acting, person)
    stand = found.standing
    known = found.model_dump(include={"person_id", "joined_at", "balance", "expiring", "expiring_from"})
    if stand is not None:
        known |= {"tier": stand.tier, "spent_minor": stand.spent_minor, "n_orders": stand.n_orders}
        known |= {"next_tier": stand.next_tier, "privileges": [one.kind for one in stand.privileges]}
    rows = [(one.at, one.kind, one.points) for one in found.movements]
    desk.emit(found, facts(known), table("Points", ("at", "why", "points"), rows))


@command(group, "redeem")
def redeem(
    desk: Desk,
    person: Person,
    reward: Annotated[str, typer.Argument(metavar="REWARD", help="A reward of the programme.")],
    request_id: Annotated[str, typer.Option("--id", help="The request's own id: again with it spends nothing more.")],
) -> None:
    """Spend a member's points on a reward; refused where they do not suffice."""
    from api.verbs import loyalty

    found = loyalty.redeem(desk.acting, person, reward, request_id)
    desk.emit(found, f"{found.code.replace('_', ' ')}: {found.balance:,} points are left.")
    if found.redemption is None:
        raise typer.Exit(1)


@command(group, "expiring")
def expiring(desk: Desk, start: Start = 0, limit: Limit = N_LISTED) -> None:
    """List whose points expire soon."""
    from api.verbs import loyalty

    from .tables import table

    found = loyalty.expiring(desk.acting, start, limit)
    rows = [(one.person_id, one.points, one.first_at) for one in found.members]
    desk.emit(found, table("Points that expire", ("person", "points", "from"), rows))
    tell_rest(desk, found)


@command(group, "tiers")
def tiers(desk: Desk) -> None:
    """List the tiers with their members, what they may have and what that costs at most."""
    from api.verbs import loyalty

    from .tables import table

    found = loyalty.tiers(desk.acting)
    rows = [
        (one.tier, one.n_members, [held.kind for held in one.privileges], [str(cost) for cost in one.cost_at_most])
        for one in found
    ]
    desk.emit(found, table("Tiers", ("tier", "members", "may have", "cost at most, once each"), rows))


@command(group, "eligible")
def eligible(
    desk: Desk,
    kind: Annotated[str, typer.Argument(metavar="PRIVILEGE", help="Such as dedicated_service.")],
    start: Start = 0,
    limit: Limit = N_LISTED,
) -> None:
    """List the members who may have a privilege: those whose tier has it, and nobody else."""
    from api.verbs import loyalty

    from .tables import table

    kinds: tuple[loyalty.PrivilegeKind, ...] = get_args(loyalty.PrivilegeKind)
    found = loyalty.eligible(desk.acting, one_of("privilege", kind, kinds), start, limit)
    desk.emit(found, table(kind, ("person", "tier"), [(one.person_id, one.tier) for one in found.members]))
    tell_rest(desk, found)


@command(group, "birthdays")
def birthdays(
    desk: Desk,
    on: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day; today where it is left out.")] = "",
    give: Annotated[bool, typer.Option("--give", help="Keep that they were given: once a year each.")] = False,
) -> None:
    """List what birthdays of a day bring that were not given yet, and give it with --give."""
    from api.verbs import loyalty

    from .tables import table

    found = (loyalty.give_birthdays if give else loyalty.birthdays)(desk.acting, day_from(on))
    rows = [(one.person_id, one.tier, one.gives, one.points or one.sku or f"{one.rate:.0%}") for one in found]
    desk.emit(found, table("Birthdays", ("person", "tier", "gives", "what"), rows))


@command(group, "early-access")
def early_access(desk: Desk) -> None:
    """List what is set aside for members, by the day it is for everybody."""
    from api.verbs import loyalty

    from .tables import table

    found = loyalty.early_access(desk.acting)
    rows = [(one.id, one.sku, one.hours, one.public_on, one.n_taken, one.n_total) for one in found]
    desk.emit(found, table("Early access", ("id", "article", "hours", "for everybody on", "taken", "of"), rows))


@command(group, "set-aside")
def set_aside(
    desk: Desk,
    drop_id: Annotated[str, typer.Argument(metavar="ID", help="A name.")],
    sku: Annotated[str, typer.Option(help="The article; the catalogue has to name its day of release.")],
    public_on: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day everybody may buy it.")],
    n: Annotated[int, typer.Option("--n", min=1, help="How many are set aside.")],
    hours: Annotated[int, typer.Option(min=1, max=336, help="How much earlier members may buy at most.")] = 48,
    minute: Annotated[int, typer.Option(min=0, max=1439, help="The minute of the customer's local day.")] = 0,
) -> None:
    """Set goods aside for members, who may buy them before everybody else by their own clock."""
    from api.verbs import loyalty

    wanted = loyalty.drop_from(drop_id, sku, hours, day_from(public_on), minute, n)
    found = loyalty.set_aside(desk.acting, wanted)
    desk.emit(found, f"{found.n_total:,} of {found.sku} are set aside until {found.public_on}.")


@command(group, "claim")
def claim(
    desk: Desk,
    drop_id: Annotated[str, typer.Argument(metavar="ID", help="What was set aside.")],
    person: Person,
) -> None:
    """Take one for a member; refused before it opens for them, for others, and where none is left."""
    from api.verbs import loyalty

    found = loyalty.claim(desk.acting, drop_id, person)
    desk.emit(found, f"{found.code.replace('_', ' ')}: {found.n_left:,} are left.")
    if not found.is_granted:
        raise typer.Exit(1)


@command(group, "invite")
def invite(
    desk: Desk,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The shop's own name of the order.")],
    language: Annotated[str, typer.Option(help="de, en, fr, ja or zh.")] = "en",
) -> None:
    """Ask as the page after an order does whether it invites the buyer to become a member; counts as shown."""
    from api.verbs import loyalty

    found = loyalty.invite(desk.acting, order, one_of("language", language, loyalty.LANGUAGES))
    desk.emit(found, found.words.heading if found.words else found.code.replace("_", " "))


@command(group, "credit")
def credit(
    desk: Desk,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan that gave it.")],
    offer: Annotated[str, typer.Argument(metavar="OFFER", help="The offer.")],
    person: Person,
    spend: Annotated[str, typer.Option(help="The order's goods after discounts, such as 49.90.")],
    request_id: Annotated[str, typer.Option("--id", help="The request's own id: again with it uses nothing more.")],
) -> None:
    """Use store credit on an order; refused before its first day and after its last."""
    from api.verbs import loyalty
    from memory.domain.money import Money

    money = Money.parse(spend, desk.acting.shop().currency)
    found = loyalty.use_credit(desk.acting, plan, offer, person, money, request_id)
    desk.emit(found, f"{found.code.replace('_', ' ')}: {found.amount}, {found.opens_on} to {found.last_on}.")
    if not found.is_accepted:
        raise typer.Exit(1)


@command(group, "missions")
def missions(
    desk: Desk, person: Annotated[str, typer.Argument(metavar="[PERSON]", help="The pseudonym; all without one.")] = ""
) -> None:
    """Show how far somebody is with the missions they were told of; without a person, how far all are."""
    from api.verbs import loyalty

    from .tables import table

    if not person:
        _all_missions(desk)
        return
    found = loyalty.missions(desk.acting, person)
    rows = [
        (one.offer_id, f"{one.n_done} of {len(one.tasks)}", task.action, task.min_spend, task.done_at, one.status)
        for one in found
        for task in one.tasks
    ]
    desk.emit(found, table("Missions", ("mission", "done", "task", "from", "done at", "status"), rows))


def _all_missions(desk: Desk) -> None:
    from api.verbs import loyalty_overview

    from .tables import table

    found = loyalty_overview.missions(desk.acting)
    rows = [
        (one.plan_id[:8], one.offer_id, one.state, f"{one.n_people:,}", " / ".join(f"{n:,}" for n in one.n_by_done),
         f"{one.n_earned:,}", one.points)
        for one in found
    ]  # fmt: skip
    heads = ("plan", "mission", "state", "people", "did none / one / …", "earned", "points each")
    desk.emit(found, table("Missions", heads, rows))


@command(group, "report")
def report(
    desk: Desk,
    begins_on: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day of the period.")] = "",
    ends_on: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="Last day of the period.")] = "",
    within_days: Annotated[int, typer.Option(min=1, max=365, help="Days within which a further order counts.")] = 90,
) -> None:
    """Compare members with others as they are, and give what inviting changed only from a holdout."""
    from api.verbs import loyalty

    from .tables import facts

    found = loyalty.report(desk.acting, day_from(begins_on), day_from(ends_on), within_days)
    raw, effect = found.raw, found.effect
    shown: dict[str, Any] = {
        "members": raw.n_members,
        "others": raw.n_others,
        "rpr difference, points": raw.rpr_difference_pp,
    }
    shown |= {"AOV difference, minor units": raw.aov_difference_minor, "what that is": raw.label}
    difference = effect if effect.kind == "not_estimable" else effect.rpr_difference_pp
    told = difference.message if difference.kind == "not_estimable" else _between(difference)
    desk.emit(found, facts(shown | {"what inviting changed": told}))


def _between(found: "Interval") -> str:
    return f"{found.estimate:+.1f} points ({found.low:+.1f} to {found.high:+.1f}), measured with a holdout"


@command(group, "liability")
def liability(desk: Desk) -> None:
    """Say what the shop still owes: points and credit nobody used yet."""
    from api.verbs import loyalty

    from .tables import table

    found = loyalty.liability(desk.acting)
    rows = [
        (one.offer_id, one.n_granted, one.n_used, one.outstanding, one.not_open_yet, one.expired)
        for one in found.credits
    ]
    heads = ("credit", "granted", "used", "outstanding", "of it not open yet", "expired")
    said = [table("Store credit", heads, rows)] if rows else []
    if found.points is not None:
        points = found.points
        said.append(
            table(
                "Points",
                ("members", "points", "cost", "breakage", "cost less breakage"),
                [(points.n_members, points.points, points.cost, f"{points.breakage_rate:.0%}", points.expected_cost)],
            )
        )
        desk.remark(f"Breakage is {points.breakage_label}.")
    desk.emit(found, *said, f"Outstanding: {found.outstanding}")


def tell_rest(desk: Desk, found: "ExpiringPage | EligiblePage") -> None:
    """Say that members are left, and how to see them."""
    ended = found.start + len(found.members)
    if ended < found.n_all:
        desk.remark(f"{ended:,} of {found.n_all:,} were listed; --start {ended} goes on.")


def as_yaml(found: "LoyaltyProgramme") -> str:
    """Give a programme as YAML."""
    import yaml

    return yaml.safe_dump(found.model_dump(mode="json"), allow_unicode=True, sort_keys=False).rstrip()
