"""`secondorder codes`: each person's own code of an offer, where it comes from, and how it is redeemed."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from .command import command
from .desk import Desk, one_of, readable_file
from .paging import N_LISTED, Limit, Start

group = typer.Typer(no_args_is_help=True, help="Each person's own code of an offer, and how it is redeemed.")

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="The plan, or the beginning of its id.")]
OfferId = Annotated[str, typer.Argument(metavar="OFFER", help="The offer.")]


@command(group, "source")
def source(
    desk: Desk,
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="pool, shopify or none; shown where left out.")] = "",
    shopify_shop: Annotated[str, typer.Option("--shopify-shop", help="Such as my-shop.myshopify.com.")] = "",
    gives: Annotated[str, typer.Option("--gives", help="Kinds of offers, with commas; all that can where none.")] = "",
) -> None:
    """Show or set where codes come from; plans drafted from then on give codes accordingly."""
    from api.verbs import codes
    from memory.domain.codes import CODED_KINDS, CodeSource, SourceKind

    if not kind:
        found = codes.standing(desk.acting)
        desk.emit(found, f"Codes come from: {found.source.kind if found else 'nowhere; offers are told by terms'}.")
        return
    kinds: tuple[SourceKind, ...] = get_args(SourceKind)
    if one_of("KIND", kind, (*kinds, "none")) == "none":
        codes.remove(desk.acting)
        desk.emit({"source": None}, "No codes are given any more.")
        return
    wanted = tuple(one_of("--gives", one.strip(), CODED_KINDS) for one in gives.split(",")) if gives else CODED_KINDS
    made = CodeSource(kind=one_of("KIND", kind, kinds), gives=wanted, shopify_shop=shopify_shop)
    desk.emit(codes.put(desk.acting, made), f"Codes come from {kind} for plans that are drafted from now on.")


@command(group, "import")
def import_(
    desk: Desk,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns code, offer, expires_on.")],
    plan_id: Annotated[str, typer.Option("--plan", help="The plan whose offers the codes are for.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be added; keep nothing.")] = False,
) -> None:
    """Import codes that the shop made; wrong rows are told with their line and left out."""
    from api.verbs import codes

    from .tables import table

    found = codes.import_pool(desk.acting, plan_id, readable_file(path).read_bytes(), dry_run=dry_run)
    said = f"{found.n_added:,} of {found.n_rows:,} codes {'would be added' if dry_run else 'were added'}."
    rows = [(one.row, one.problem, one.message) for one in found.refused]
    desk.emit(found, said, *([table("Left out", ("line", "problem", "why"), rows)] if rows else []))


@command(group, "plan")
def plan(desk: Desk, plan_id: PlanId) -> None:
    """Say per offer whether a code is given, how many are confirmed, and what is left of the pool."""
    from api.verbs import codes

    from .tables import table

    found = codes.of_plan(desk.acting, plan_id)
    rows = [
        (one.offer_id, "own code" if one.gives_code else "terms only", one.n_expected, one.n_reserved, one.n_confirmed,
         one.n_refused, one.n_imported, one.n_free)
        for one in found.offers
    ]  # fmt: skip
    heads = ("offer", "given as", "expected", "waiting", "confirmed", "refused", "imported", "free")
    desk.emit(found, found.words, table("Codes", heads, rows))


@command(group, "list")
def list_(
    desk: Desk,
    plan_id: PlanId,
    start: Start = 0,
    limit: Limit = N_LISTED,
) -> None:
    """List who was given which code; for whoever may see contact data, and logged."""
    from api.verbs import codes

    from .tables import table

    found = codes.grants(desk.acting, plan_id, start, limit)
    rows = [(one.offer_id, one.person_id, one.code, one.state, one.reason) for one in found]
    desk.emit(found, table("Codes", ("offer", "person", "code", "state", "why"), rows))


@command(group, "ask")
def ask(desk: Desk) -> None:
    """Ask the shop now for the codes that messages wait for; workers do it by themselves."""
    from api.verbs import codes

    found = codes.ask(desk.acting)
    said = f"Confirmed: {found.n_confirmed}, refused: {found.n_refused}, waiting: {found.n_waiting}."
    desk.emit(found, f"{said} {found.trouble}".strip())


@command(group, "retry")
def retry(desk: Desk, plan_id: PlanId, offer_id: OfferId) -> None:
    """Ask once more for an offer's codes that the shop refused; they stay the same ones."""
    from api.verbs import codes

    n = codes.retry(desk.acting, plan_id, offer_id)
    desk.emit({"n": n}, f"{n:,} codes are asked for once more.")


@command(group, "redemptions")
def redemptions(desk: Desk, plan_id: PlanId) -> None:
    """List the orders that show a code of a plan, and whose code it was."""
    from api.verbs import codes

    from .tables import table

    found = codes.redeemed(desk.acting, plan_id)
    rows = [
        (one.redeemed_at, one.order_ref, one.offer_id, one.person_id, "another" if one.is_other else "", one.use_no,
         one.cost)
        for one in found
    ]  # fmt: skip
    desk.emit(found, table("Redeemed", ("at", "order", "offer", "bound to", "used by", "use", "cost"), rows))


@command(group, "alarms")
def alarms(
    desk: Desk,
    every: Annotated[bool, typer.Option("--all", help="Also those that somebody looked at.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Look at redemptions first.")] = False,
) -> None:
    """List what is wrong with redemptions: used twice or by others, more or dearer than planned."""
    from api.verbs import codes

    from .tables import table

    if look:
        codes.look(desk.acting)
    found = codes.alarms(desk.acting, open_only=not every)
    rows = [(one.plan_id[:12], one.offer_id, one.kind, one.n, one.at_stake, one.message) for one in found]
    desk.emit(found, table("Alarms", ("plan", "offer", "kind", "orders", "at stake", "what"), rows))


@command(group, "settle")
def settle(
    desk: Desk,
    plan_id: PlanId,
    offer_id: OfferId,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="reused, other_person, rate or cost.")],
) -> None:
    """Note that you looked at an alarm; it is raised again where it grows."""
    from api.verbs import codes
    from memory.domain.codes import AlarmKind

    kinds: tuple[AlarmKind, ...] = get_args(AlarmKind)
    found = codes.settle(desk.acting, plan_id, offer_id, one_of("KIND", kind, kinds))
    desk.emit(found, f"Noted: {found.offer_id}, {found.kind}.")
