"""`secondorder ambassador`: who may make one, who was invited with four eyes, what their friends order."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk
from .paging import Start

group = typer.Typer(no_args_is_help=True, help="Candidates, invitations with four eyes, and what friends order.")

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym.")]


@command(group, "candidates")
def candidates(
    desk: Desk,
    start: Start = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="At most so many.")] = 50,
) -> None:
    """List candidates, the highest score first, each with what it is made of."""
    from api.verbs import ambassadors

    from .tables import table

    found = ambassadors.candidates(desk.acting, start, limit)
    rows = [
        (one.person_id, one.score, ", ".join(f"{term.term} {term.n}: {term.points}" for term in one.terms))
        for one in found.candidates
    ]
    desk.emit(found, table("Candidates", ("person", "score", "made of"), rows))
    desk.remark(f"{found.n_all:,} buyers; {found.label}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List everybody who was ever proposed, and where it stands."""
    from api.verbs import ambassadors

    from .tables import table

    found = ambassadors.ambassadors(desk.acting)
    rows = [(one.person_id, one.state, one.proposed_by, one.decided_by, one.accepted_at) for one in found]
    desk.emit(found, table("Ambassadors", ("person", "state", "proposed by", "decided by", "since"), rows))


@command(group, "proposals")
def proposals(desk: Desk) -> None:
    """List whose invitation waits for a second person, each with what the score is made of."""
    from api.verbs import ambassadors

    from .tables import table

    found = ambassadors.proposals(desk.acting)
    rows = [
        (one.person_id, one.score, ", ".join(f"{term.term} {term.n}: {term.points}" for term in one.terms))
        for one in found
    ]
    desk.emit(found, table("Waiting for a second person", ("person", "score", "made of"), rows))


@command(group, "propose")
def propose(desk: Desk, person: Person) -> None:
    """Propose a buyer; nobody is invited by it."""
    from api.verbs import ambassadors

    found = ambassadors.propose(desk.acting, person)
    desk.emit(found, f"{found.person_id} is proposed; another person has to approve it.")


@command(group, "approve")
def approve(desk: Desk, person: Person) -> None:
    """Approve an invitation that somebody else proposed."""
    from api.verbs import ambassadors

    found = ambassadors.decide(desk.acting, person, approve=True)
    desk.emit(found, f"{found.person_id} may be invited.")


@command(group, "refuse")
def refuse(desk: Desk, person: Person) -> None:
    """Refuse an invitation that somebody else proposed."""
    from api.verbs import ambassadors

    found = ambassadors.decide(desk.acting, person, approve=False)
    desk.emit(found, f"{found.person_id} is not invited.")


@command(group, "accept")
def accept(desk: Desk, person: Person) -> None:
    """Keep that who was invited said yes: they are an ambassador from now on."""
    from api.verbs import ambassadors

    found = ambassadors.accept(desk.acting, person)
    desk.emit(found, f"{found.person_id} is an ambassador.")


@command(group, "end")
def end(desk: Desk, person: Person) -> None:
    """Keep that somebody is no ambassador any more, or is not to be invited."""
    from api.verbs import ambassadors

    found = ambassadors.end(desk.acting, person)
    desk.emit(found, f"{found.person_id} is no ambassador any more.")


@command(group, "orders")
def orders(desk: Desk) -> None:
    """List what the friends of everybody who said yes ordered since, most first."""
    from api.verbs import ambassadors

    from .tables import table

    found = ambassadors.orders(desk.acting)
    rows = [(one.person_id, one.n_friends, one.n_orders, one.net_minor) for one in found]
    desk.emit(found, table("Ordered by friends", ("person", "friends", "orders", "net, minor units"), rows))
