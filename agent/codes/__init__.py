"""Codes of offers: imported or made by the shop, confirmed before they leave, redeemed on orders."""

from .alarms import look_at_redemptions
from .confirming import CodesRound, confirm_codes
from .importing import PoolImport, import_pool
from .redemptions import REDEMPTIONS_SCHEMA, redemptions

__all__ = [
    "REDEMPTIONS_SCHEMA",
    "CodesRound",
    "PoolImport",
    "confirm_codes",
    "import_pool",
    "look_at_redemptions",
    "redemptions",
]
