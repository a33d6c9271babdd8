"""`secondorder`: every command is registered here, one group per noun."""

import sys

import typer

from . import (
    approval,
    chat,
    cohort,
    data,
    doctor,
    guardrails,
    plan,
    principal,
    report,
    segment,
    sends,
    serve,
    session,
    shop,
    token,
)

app = typer.Typer(
    name="secondorder",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Plans, guards, sends and proves retention campaigns for the time after the purchase.",
)
for name, group in (
    ("shop", shop.group),
    ("principal", principal.group),
    ("token", token.group),
    ("segment", segment.group),
    ("cohort", cohort.group),
    ("guardrails", guardrails.group),
    ("plan", plan.group),
    ("approval", approval.group),
    ("report", report.group),
    ("session", session.group),
):
    app.add_typer(group, name=name)
data.register(app)
chat.register(app)
sends.register(app)
serve.register(app)
doctor.register(app)


def run() -> None:
    """Run the command line; the console script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    app()


if __name__ == "__main__":
    run()
