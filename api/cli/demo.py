"""`secondorder demo`: the whole way on a synthetic shop, or on a table of your own."""

from pathlib import Path
from typing import Annotated

import typer

from .command import command
from .desk import Desk, readable_file

DEMO_HOME = Path("demo")


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "demo")(demo)


def demo(
    desk: Desk,
    data: Annotated[Path | None, typer.Option(metavar="PATH", help="Start from the Online Retail II table.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="A coarser clock: minutes become seconds.")] = False,
    customers: Annotated[int, typer.Option(min=500, max=1_000_000, help="People of the synthetic shop.")] = 20_000,
) -> None:
    """Import, look back, plan, approve, run 90 simulated days and read the lift beside the true effect."""
    from eval.gym.demo import run_demo

    home = desk.overrides.get("home", DEMO_HOME)
    path = readable_file(data) if data is not None else None
    report = run_demo(home, data=path, n_customers=customers, fast=fast, console=desk.err if desk.is_json else desk.out)
    if desk.is_json:
        desk.emit(report)
