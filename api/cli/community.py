"""`secondorder community`: groups on WeChat, Facebook or LINE, and who may be invited to them."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from .command import command
from .desk import Desk, day_from, one_of, readable_file
from .paging import N_LISTED, Limit, Start

group = typer.Typer(no_args_is_help=True, help="Groups on WeChat, Facebook or LINE, and who may be invited.")

Name = Annotated[str, typer.Argument(metavar="ID", help="The community.")]


@command(group, "set")
def set_(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Set a community, or change the one of its id; of a market one runs at a time."""
    from api.verbs import community

    found = community.put(
        desk.acting, community.read(readable_file(path).read_text(encoding="utf-8", errors="replace"))
    )
    made = found.community
    desk.emit(found, f"{made.name} on {made.platform} is the community of {made.market}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's communities, also those that ended."""
    from api.verbs import community

    from .tables import table

    found = community.communities(desk.acting)
    rows = [
        (one.community.id, one.community.market, one.community.platform, one.community.name, one.community.link,
         one.ended_at)
        for one in found
    ]  # fmt: skip
    desk.emit(found, table("Communities", ("id", "market", "platform", "name", "link", "ended"), rows))


@command(group, "end")
def end(desk: Desk, community_id: Name) -> None:
    """Invite nobody to a community any more; who is in it stays."""
    from api.verbs import community

    found = community.end(desk.acting, community_id)
    desk.emit(found, f"{found.community.name} invites nobody any more.")


@command(group, "activity")
def activity(desk: Desk) -> None:
    """Count who joined and left, and whom pages and messages invited."""
    from api.verbs import community

    from .tables import table

    found = community.activity(desk.acting)
    rows = [(one.community_id, one.n_joined, one.n_in, one.n_left, one.n_shown) for one in found.communities]
    shown = table("Communities", ("community", "joined", "in it", "left", "shown on pages"), rows)
    mails = [
        (one.market, one.n_waiting, one.n_sent, one.n_unknown, one.n_failed, sum(one.held_back.values()))
        for one in found.mails
    ]
    heads = ("market", "waiting", "sent", "unknown", "failed", "not sent")
    desk.emit(found, shown, table("Invitations by message", heads, mails))
    desk.remark(f"{found.n_withheld:,} people are withheld from every invitation at random.")


@command(group, "eligible")
def eligible(
    desk: Desk,
    community_id: Name,
    start: Start = 0,
    limit: Limit = N_LISTED,
) -> None:
    """List who may be invited: people of its market who qualify and are not in it."""
    from api.verbs import community

    from .tables import table

    found = community.eligible(desk.acting, community_id, start, limit)
    desk.emit(found, table("May be invited", ("person",), [(one,) for one in found.people]))
    if start + len(found.people) < found.n_all:
        ended = start + len(found.people)
        desk.remark(f"{ended:,} of {found.n_all:,} were listed; --start {ended} goes on.")


@command(group, "person")
def person(desk: Desk, person_id: Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym.")]) -> None:
    """Say how somebody stands to the community of their market."""
    from api.verbs import community

    found = community.standing(desk.acting, person_id)
    desk.emit(found, f"{found.code.replace('_', ' ')}: {found.community_id or 'none'}, {found.market or 'no market'}")


@command(group, "invite")
def invite(
    desk: Desk, order: Annotated[str, typer.Argument(metavar="ORDER", help="The shop's own name of the order.")]
) -> None:
    """Ask as the page after an order does whether it invites the buyer to a community; counts as shown."""
    from api.verbs import community

    found = community.invite(desk.acting, order)
    desk.emit(found, found.community.link if found.community else found.code.replace("_", " "))


@command(group, "report")
def report(
    desk: Desk,
    whose: Annotated[str, typer.Option("--group", help="community or ambassadors.")] = "community",
    begins_on: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day of the period.")] = "",
    ends_on: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="Last day of the period.")] = "",
    within_days: Annotated[int, typer.Option(min=1, max=365, help="Days within which recommendations count.")] = 90,
) -> None:
    """Give how often a group recommends the shop beside a random control, else beside people like them."""
    from api.verbs import community

    from .tables import facts

    groups: tuple[community.Group, ...] = get_args(community.Group)
    wanted = one_of("group", whose, groups)
    found = community.report(desk.acting, wanted, day_from(begins_on), day_from(ends_on), within_days)
    one = found.comparison
    if one.kind == "not_estimable":
        desk.emit(found, one.message)
        return
    span = one.difference_pp
    shown = one.model_dump(include={"label", "n", "n_others", "n_left_out"})
    shown |= {"recommended": f"{one.rate:.1%}", "others": f"{one.others_rate:.1%}"}
    shown |= {"difference, points": f"{span.estimate:+.1f} ({span.low:+.1f} to {span.high:+.1f})"}
    desk.emit(found, facts(shown | {"from": one.window_begins_at, "until": one.window_ends_at}))
