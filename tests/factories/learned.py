"""Learned effects of a shop, with overrides."""

from datetime import UTC, datetime
from typing import Any

from memory.domain.experiment import Interval
from memory.domain.learned import KindEffects, ShopEffects
from tools.effects.fatigue import assumed_fatigue

LABEL = "learned:v3 over assumption:playbook-priors-v1"


def known(estimate: float, width: float = 0.01) -> Interval:
    """An interval around a figure."""
    return Interval(estimate=estimate, low=estimate - width, high=estimate + width, method="test")


def kind_effects(**changes: Any) -> KindEffects:
    """A table that gives everybody the same effect of the January mission."""
    values = {
        "kind": "january_mission", "n": 4_000, "effective_rows": 900.0, "average": known(0.05), "net_minor": known(3.0),
        "over_today_minor": known(2.0), "is_used": True, "level": 0.05, "level_variance": 0.0001,
    }  # fmt: skip
    return KindEffects.model_validate(values | changes)


def shop_effects(*kinds: KindEffects, **changes: Any) -> ShopEffects:
    """What the shop `nord` learned."""
    values = {
        "shop_id": "nord", "data_version": 3, "learned_at": datetime(2026, 11, 30, tzinfo=UTC), "label": LABEL,
        "within_days": 90, "kinds": kinds or (kind_effects(),), "fatigue": assumed_fatigue(),
    }  # fmt: skip
    return ShopEffects.model_validate(values | changes)
