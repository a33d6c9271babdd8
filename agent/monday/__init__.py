"""The Monday card: at most three decisions that need a person, with the money at stake and how certain it is."""

from .card import MondayCard, NeededDecision, card_of
from .words import card_lines

__all__ = ["MondayCard", "NeededDecision", "card_lines", "card_of"]
