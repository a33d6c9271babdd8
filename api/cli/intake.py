"""`secondorder intake`: live deliveries, from the first connection of a shop to the worker."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, readable_file

if TYPE_CHECKING:
    from agent.trigger import TriggerReport
    from tools.live import FlushReport

group = typer.Typer(no_args_is_help=True, help="Live deliveries from shop systems and apps.")


@command(group, "connect")
def connect(
    desk: Desk,
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="Such as nord.myshopify.com.")],
    secret_file: Annotated[
        Path | None, typer.Option("--secret-file", metavar="FILE", help="Holds the secret; asked for otherwise.")
    ] = None,
) -> None:
    """Trust webhooks that a secret signs, beside the secrets that are trusted already (for rotation)."""
    from api.verbs.intake import connect as trust

    if secret_file is not None:
        secret = readable_file(secret_file).read_text(encoding="utf-8").strip()
    else:
        secret = typer.prompt("The app's secret", hide_input=True, err=True).strip()
    made = trust(desk.acting, domain, secret)
    said = f"Webhooks of {made.domain} are trusted (secret {made.id}). Send them to "
    desk.emit(made, f"{said}{desk.app.settings.public_url}/webhooks/shopify")


@command(group, "secrets")
def list_secrets(desk: Desk) -> None:
    """List webhook secrets without showing them."""
    from api.verbs.intake import secrets

    from .tables import table

    found = secrets(desk.acting)
    rows = [(one.id, one.domain, one.created_at, one.retired_at or "") for one in found]
    desk.emit(found, table("Webhook secrets", ("id", "domain", "since", "retired"), rows))


@command(group, "retire")
def retire(desk: Desk, secret_id: Annotated[str, typer.Argument(metavar="SECRET-ID")]) -> None:
    """Let a secret sign nothing any more."""
    from api.verbs.intake import retire as end

    end(desk.acting, secret_id)
    desk.emit({"retired": secret_id}, f"Secret {secret_id} signs nothing any more.")


@command(group, "list")
def list_(
    desk: Desk,
    rejected: Annotated[bool, typer.Option("--rejected", help="Rows that could not be used, with the reason.")] = False,
) -> None:
    """Show what came in, what waits and what was rejected."""
    from api.verbs import intake

    from .tables import facts, table

    if rejected:
        wrong = intake.rejected(desk.acting)
        rows = [(one.delivery_id, one.topic, one.place, one.reason, one.at) for one in wrong]
        desk.emit(wrong, table("Rejected rows", ("delivery", "topic", "row", "reason", "at"), rows))
        return
    found = intake.inbox(desk.acting)
    rows_shown = [(one.id, one.topic, one.state, one.n_rows, one.received_at) for one in found.latest[:50]]
    columns = ("delivery", "topic", "state", "rows", "received")
    desk.emit(found, facts(dict(found.counts)), table("Newest deliveries", columns, rows_shown))


@command(group, "requests")
def requests(desk: Desk) -> None:
    """List legal wishes that a shop's system passed on and nobody answered yet."""
    from api.verbs.intake import inbox

    from .tables import table

    found = inbox(desk.acting).requests
    rows = [(one.id, one.topic, " ".join(one.person_ids), one.received_at) for one in found]
    desk.emit(found, table("Open requests", ("delivery", "wish", "person", "received"), rows))


@command(group, "answer")
def answer(desk: Desk, delivery_id: Annotated[str, typer.Argument(metavar="DELIVERY")]) -> None:
    """Note by name that a legal wish was met."""
    from api.verbs.intake import answer_request

    met = answer_request(desk.acting, delivery_id)
    desk.emit(met, f"Request {met.id} ({met.topic}) is answered by {desk.principal.id}.")


@command(group, "flush")
def flush(desk: Desk) -> None:
    """Bring waiting deliveries to the lake and decide what they made due, once."""
    from api.verbs import intake

    from .tables import facts

    flushed, decided = intake.flush(desk.acting), intake.decide(desk.acting)
    desk.emit({"flush": flushed, "triggers": decided}, facts(flushed.model_dump()), facts(decided.model_dump()))


@command(group, "run")
def run(
    desk: Desk,
    rounds: Annotated[int, typer.Option(min=0, help="How many rounds; 0 until stopped.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.05, max=60, help="Pause where nothing waits.")] = 0.5,
) -> None:
    """Flush and decide whenever something comes in, until stopped."""
    import time

    from api.verbs.intake import run as loop

    def heard(flushed: "FlushReport", decided: "TriggerReport") -> None:
        desk.remark(f"{flushed.n_deliveries} deliveries, {flushed.n_rejected} rejected, {decided.n_planned} planned")
        done.append({"flush": flushed, "triggers": decided})
        del done[:-100]

    done: list[dict[str, object]] = []
    loop(desk.acting, heard, time.sleep, rounds, seconds)
    desk.emit(done, f"{len(done)} rounds with something to do.")
