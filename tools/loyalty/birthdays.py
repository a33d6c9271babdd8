"""Birthday benefits: once a year, on the day; 29 February falls on the 28th where there is none; no year is known."""

from collections.abc import Sequence
from datetime import datetime

import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView

from .programmes import Term


def birthday_lots(view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime) -> ir.Table | None:
    """Give the points that birthdays brought, as lots; none where no tier gives points."""
    return None
