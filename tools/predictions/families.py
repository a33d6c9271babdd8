"""What a further order is predicted from: six families of features (S2-61) and the plain history of purchases."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile import build_profiles

Floats = npt.NDArray[np.float64]
Family = Literal["discount_depth", "gift", "n_items", "delivery", "returns", "engagement", "history"]
SIX: tuple[Family, ...] = get_args(Family)[:6]
"""The families of S2-61."""
FAMILIES: dict[Family, tuple[str, ...]] = {
    "discount_depth": ("discount_depth_rate", "discount_order_share", "first_order_discount_rate"),
    "gift": ("gift_share",),
    "n_items": ("items_per_order", "n_categories"),
    "delivery": ("n_deliveries", "late_delivery_share"),
    "returns": ("n_returns", "return_share"),
    "engagement": (
        "n_views_90d", "n_carts_90d", "n_app_opens_90d", "n_mail_opens_90d", "n_mail_clicks_90d", "n_reviews",
    ),
    "history": ("recency_days", "n_orders", "revenue_minor"),
}  # fmt: skip
"""Attributes of the profile per family: the same that segments, cohorts and reports read."""
SHARES = ("discount_depth_rate", "discount_order_share", "first_order_discount_rate", "gift_share", "return_share",
          "late_delivery_share")  # fmt: skip
"""Features that are shares; all others are counts or sums, taken by their logarithm."""
COLUMNS: tuple[str, ...] = tuple(name for names in FAMILIES.values() for name in names)


def features(view: LakeView, shop: Shop, as_of: datetime, keep: Callable[[ir.Table], ir.Table]) -> pa.Table:
    """Give (person_id, *COLUMNS) of the profiles as of `as_of` that `keep` keeps, by id; nothing later is read.

    An order that was refunded in full later on is no purchase even before: the lake keeps what a fact is now.
    """
    profiles = keep(build_profiles(view, shop, as_of))
    return profiles.select("person_id", *COLUMNS).order_by("person_id").to_pyarrow()


def matrix(rows: pa.Table, columns: tuple[str, ...] = COLUMNS) -> Floats:
    """Give one row per person and one column per feature; what is unknown is NaN until `Scale` fills it."""
    values = [rows[name].cast(pa.float64()).to_numpy() for name in columns]
    flat = [
        value if name in SHARES else np.log1p(np.maximum(value, 0.0))
        for name, value in zip(columns, values, strict=True)
    ]
    return np.stack(flat, axis=1) if flat else np.empty((rows.num_rows, 0))


class Scale:
    """Mean and spread of the features of the people a table is learned on."""

    def __init__(self, learned: Floats) -> None:
        """Learn them; a feature without any value counts as 0 with spread 1."""
        known = ~np.isnan(learned)
        n = np.maximum(known.sum(axis=0), 1)
        filled = np.where(known, learned, 0.0)
        self.mean = filled.sum(axis=0) / n
        spread = np.sqrt((np.where(known, learned - self.mean, 0.0) ** 2).sum(axis=0) / n)
        self.varies = spread > 1e-12
        self._spread = np.where(self.varies, spread, 1.0)

    def apply(self, values: Floats) -> Floats:
        """Give standardised features; what is unknown is average."""
        scaled: Floats = np.where(np.isnan(values), 0.0, (values - self.mean) / self._spread)
        return scaled
