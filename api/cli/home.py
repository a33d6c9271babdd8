"""`secondorder monday` and `secondorder standing`: what needs a person, and where the shop stands."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "monday")(monday)
    command(app, "standing")(standing)


def monday(desk: Desk, language: Annotated[str, typer.Option(help="en or zh.")] = "en") -> None:
    """Show at most three decisions that need a person this week, with the money at stake."""
    from agent.monday.words import card_lines
    from api.verbs.home import monday as read

    acting = desk.acting
    card = read(acting)
    url = acting.app.settings.public_url
    desk.emit(card, *card_lines(card, "zh" if language == "zh" else "en", acting.shop().zone, url))


def standing(desk: Desk) -> None:
    """Show repeat purchase rate, customer value, referrals and the share of the budget after the purchase."""
    from agent.reports.standing_words import standing_lines
    from api.verbs.home import standing as read

    found = read(desk.acting)
    desk.emit(found, *standing_lines(found))
