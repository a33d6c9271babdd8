"""`secondorder approval notify`: whom a waiting request is told to, deputies, readers of a market's texts."""

from typing import Annotated, Any

import typer

from memory.domain.approval_rules import BOT_VENDORS, ApprovalRules

from .command import command
from .desk import Desk, language_from, one_of
from .secret import typed

group = typer.Typer(
    no_args_is_help=True, help="Who hears of waiting requests, who steps in, whose texts have to be read."
)
Who = Annotated[str, typer.Argument(metavar="PRINCIPAL")]
Zone = Annotated[str, typer.Option(help="IANA zone of the expiry; the shop's where none is given.")]
Language = Annotated[str, typer.Option(help="en or zh.")]
KINDS = ("mail", "bot", "deputy", "reader")


@command(group, "show")
def show(desk: Desk) -> None:
    """Show the rules in force; no address or secret of a bot."""
    from api.verbs.approval_rules import show as read

    found = read(desk.acting)
    desk.emit(found, *_shown(found.rules))


@command(group, "mail")
def mail(
    desk: Desk,
    principal: Who,
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    zone: Zone = "",
    language: Language = "en",
) -> None:
    """Tell somebody by mail of requests they may decide about or whose texts they read."""
    from api.verbs.approval_rules import made_mail, set_mail

    to = made_mail(principal=principal, address=address, zone=zone, language=language_from(language))
    desk.emit(set_mail(desk.acting, to), f"{principal} is told at {address}.")


@command(group, "bot")
def bot(
    desk: Desk,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")],
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="feishu, dingtalk, wecom or slack.")],
    zone: Zone = "",
    language: Language = "en",
    signed: Annotated[bool, typer.Option("--signed", help="Ask for the bot's secret, too.")] = False,
) -> None:
    """Add a chat group's bot; its address (and secret) are asked for, or read from stdin, a line each."""
    from api.verbs.approval_rules import made_bot, set_bot

    desk.require("admin")
    made = made_bot(
        name=name, vendor=one_of("vendor", vendor, BOT_VENDORS), zone=zone, language=language_from(language)
    )
    url = typed("Address of the bot")
    secret = typed("Secret of the bot") if signed else ""
    desk.emit(set_bot(desk.acting, made, url, secret), f"Bot {name} is set; try it: approval notify test {name}.")


@command(group, "test")
def test(desk: Desk, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Let a bot say that it is set up."""
    from api.verbs.approval_rules import try_bot

    found = try_bot(desk.acting, name)
    desk.emit(found, "The vendor took it." if found.is_taken else f"The vendor did not take it: {found.reason}")


@command(group, "deputy")
def deputy(
    desk: Desk,
    approver: Annotated[str, typer.Argument(metavar="APPROVER")],
    deputy: Annotated[str, typer.Argument(metavar="DEPUTY")],
    hours: Annotated[int, typer.Option(min=1, max=336, help="After how many hours a request passes.")] = 24,
) -> None:
    """Name who may decide in an approver's place once a request waited for some hours."""
    from api.verbs.approval_rules import made_deputy, set_deputy

    made = made_deputy(approver=approver, deputy=deputy, after_hours=hours)
    desk.emit(set_deputy(desk.acting, made), f"After {hours} hours {deputy} may decide in place of {approver}.")


@command(group, "reader")
def reader(
    desk: Desk,
    market: Annotated[str, typer.Argument(metavar="MARKET", help="Such as DE.")],
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="Such as de.")],
    principals: Annotated[list[str], typer.Argument(metavar="PRINCIPAL...", help="Who reads it; one is enough.")],
) -> None:
    """Ask for a market's texts to be read by somebody before a plan may be approved."""
    from api.verbs.approval_rules import made_reader, set_reader

    made = made_reader(market=market.upper(), language=language.lower(), readers=tuple(principals))
    desk.emit(set_reader(desk.acting, made), f"Texts for {made.market} have to be read before an approval.")


@command(group, "forget")
def forget(
    desk: Desk,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="mail, bot, deputy or reader.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Principal, bot, approver or market.")],
) -> None:
    """Take an entry away; a bot's address and secret with it."""
    from api.verbs.approval_rules import forget as take_away

    desk.emit(take_away(desk.acting, one_of("kind", kind, KINDS), name), f"{kind} {name} is taken away.")


@command(group, "history")
def history(desk: Desk) -> None:
    """List the versions of the rules, newest first."""
    from api.verbs.approval_rules import history as read

    from .tables import table

    found = read(desk.acting)
    rows = [(one.version[:12], one.set_by, one.set_at, one.note) for one in found]
    desk.emit(found, table("Versions", ("version", "set by", "set at", "what"), rows))


def _shown(rules: ApprovalRules) -> list[Any]:
    from .tables import table

    return [
        table("Mails", ("who", "address", "zone", "language"),
              [(one.principal, one.address, one.zone or "shop's", one.language) for one in rules.mails]),
        table("Bots", ("name", "vendor", "zone", "language"),
              [(one.name, one.vendor, one.zone or "shop's", one.language) for one in rules.bots]),
        table("Deputies", ("approver", "deputy", "after hours"),
              [(one.approver, one.deputy, one.after_hours) for one in rules.deputies]),
        table("Readers", ("market", "language", "who"),
              [(one.market, one.language, ", ".join(one.readers)) for one in rules.readers]),
    ]  # fmt: skip
