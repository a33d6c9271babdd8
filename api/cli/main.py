"""`secondorder`: every command is registered here, one group per noun."""

import gc
import sys

import typer

from . import (
    ambassador,
    approval,
    audit,
    autonomy,
    backup,
    challenge,
    channel,
    chat,
    codes,
    cohort,
    community,
    consent,
    content,
    control,
    data,
    decision,
    demo,
    doctor,
    effects,
    goods,
    guardrails,
    home,
    intake,
    loyalty,
    note,
    order_mail,
    parcels,
    period,
    person,
    plan,
    principal,
    report,
    rights,
    schedule,
    secret,
    segment,
    sends,
    serve,
    session,
    shop,
    support,
    thanks,
    token,
)
from . import eval as evaluation
from .command import AS, HOME, JSON, SHOP, remember

COLLECT_AFTER = (50_000, 20, 50)
"""The garbage collector's thresholds: expressions over facts are large and live for one call, and at Python's own
thresholds walking them again and again takes a sixth of a tick."""

app = typer.Typer(
    name="secondorder",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for name, group in (
    ("shop", shop.group),
    ("plan", plan.group),
    ("approval", approval.group),
    ("schedule", schedule.group),
    ("runs", schedule.runs),
    ("autonomy", autonomy.group),
    ("release", control.release),
    ("shadow", control.shadow),
    ("guardrails", guardrails.group),
    ("channel", channel.group),
    ("segment", segment.group),
    ("cohort", cohort.group),
    ("report", report.group),
    ("parcels", parcels.group),
    ("order-mail", order_mail.group),
    ("decision", decision.group),
    ("person", person.group),
    ("loyalty", loyalty.group),
    ("codes", codes.group),
    ("community", community.group),
    ("content", content.group),
    ("period", period.group),
    ("challenge", challenge.group),
    ("ambassador", ambassador.group),
    ("note", note.group),
    ("effects", effects.group),
    ("goods", goods.group),
    ("intake", intake.group),
    ("session", session.group),
    ("principal", principal.group),
    ("token", token.group),
    ("secret", secret.group),
    ("audit", audit.group),
    ("support", support.group),
    ("thanks", thanks.group),
    ("rights", rights.group),
    ("consent", consent.group),
    ("eval", evaluation.group),
):
    app.add_typer(group, name=name)
for noun in (data, chat, sends, control, serve, doctor, demo, backup, home):
    noun.register(app)


@app.callback()
def shared(
    context: typer.Context,
    as_json: JSON = False,
    as_id: AS = None,
    shop_option: SHOP = None,
    home_option: HOME = None,
) -> None:
    """Plan, guard, send and prove retention campaigns for the time after the purchase."""
    remember(context, as_json=as_json, as_id=as_id, shop_option=shop_option, home_option=home_option)


def run() -> None:
    """Run the command line; the console script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    gc.set_threshold(*COLLECT_AFTER)
    app()


if __name__ == "__main__":
    run()
