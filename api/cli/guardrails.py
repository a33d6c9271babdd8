"""`secondorder guardrails`: the limits marketers set."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, readable_file

if TYPE_CHECKING:
    from rich.table import Table

    from agent.guardrails.look_back_record import LookBack
    from api.verbs.guardrails import GuardrailsInForce
    from memory.domain.standing import StandingHoldout

group = typer.Typer(no_args_is_help=True, help="The limits marketers set; no agent can change them.")


@command(group, "show")
def show(desk: Desk) -> None:
    """Show the limits in force as YAML that `guardrails set` reads back."""
    from api.verbs.guardrails import show as read

    found = read(desk.acting)
    desk.emit(found, as_yaml(found))
    desk.remark(f"version {found.version[:12]}")


@command(group, "set")
def set_(
    desk: Desk,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")],
    note: Annotated[str, typer.Option(help="Why, in your words.")] = "",
) -> None:
    """Set the limits from a file; approvals given under others become void."""
    from api.verbs import guardrails

    wanted = guardrails.read(readable_file(path).read_text(encoding="utf-8", errors="replace"))
    found = guardrails.put(desk.acting, wanted, note)
    desk.emit(found, f"Guardrails {found.version[:12]} are in force in {desk.shop_id}.")


@command(group, "what-if")
def what_if(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Say what limits from a file would have blocked or cost in the last 30 days; nothing is set."""
    from api.verbs import guardrails

    wanted = guardrails.read(readable_file(path).read_text(encoding="utf-8", errors="replace"))
    found = guardrails.what_if(desk.acting, wanted)
    desk.emit(found, _looked_back(found))
    desk.remark(
        f"{found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}: {found.n_messages:,} messages left for {found.cost}; "
        f"{found.n_blocked:,} of them would have been held back."
    )


def _looked_back(found: "LookBack") -> "Table":
    from .tables import table

    heads = ("limit", "would have blocked", "that cost", "expected margin", "let through", "cost", "expected margin")
    rows = [
        (one.field, one.n_blocked, one.cost_blocked, one.value_blocked, one.n_worth, one.cost_opened, one.value_opened)
        if one.is_counted
        else (one.field, NOT_COUNTED[one.basis], "", "", "", "", "")
        for one in found.effects
    ]
    return table("What other limits would have done", heads, rows)


NOT_COUNTED = {
    "plan_time": "not counted: weighed when a plan is drafted",
    "pace": "not counted: changes when messages go, not whether",
    "links": "not counted: hosts of links are not kept per message",
}


@command(group, "standing-holdout")
def standing_holdout(
    desk: Desk,
    core: Annotated[float | None, typer.Option(min=0.0, max=0.2, help="Share withheld for good.")] = None,
    rotating: Annotated[float | None, typer.Option(min=0.0, max=0.2, help="Share withheld for one period.")] = None,
    period_days: Annotated[
        int | None, typer.Option(min=28, max=366, help="Days until the rotating share is redrawn.")
    ] = None,
) -> None:
    """Show or set the people whom no plan messages; what is not named stays, and so does who was drawn."""
    from api.verbs import control

    if core is None and rotating is None and period_days is None:
        found = control.standing(desk.acting)
        said = "No standing holdout; set one with --core 0.01." if found is None else _standing(found)
        desk.emit(found, said)
        return
    made = control.set_standing(desk.acting, core, rotating, period_days)
    desk.emit(made, _standing(made))


def _standing(found: "StandingHoldout") -> str:
    return (
        f"{found.core_rate:.1%} withheld for good, {found.rotating_rate:.1%} redrawn every {found.period_days} days, "
        "from all plans that go live from now on."
    )


@command(group, "history")
def history(desk: Desk) -> None:
    """List every version, oldest first."""
    from api.verbs.guardrails import history as read

    from .tables import table

    found = read(desk.acting)
    rows = [(one.version[:12], one.set_by, one.set_at, one.note) for one in found]
    desk.emit(found, table("Guardrails", ("version", "set by", "set at", "note"), rows))


def as_yaml(found: "GuardrailsInForce") -> str:
    """Give the limits as YAML."""
    import yaml

    return yaml.safe_dump(found.guardrails.model_dump(mode="json"), allow_unicode=True, sort_keys=False).rstrip()
