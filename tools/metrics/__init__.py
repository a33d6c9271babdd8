"""Metrics: one definition each, used by every report, plan and experiment."""

from .advocacy import Advocacy, Voice, advocacy
from .aov import Aov, AovByLoyalty, aov, aov_by_loyalty
from .churn import Churn, churn
from .clv import ClvHistoric, clv_historic
from .cost_trend import CostPeriod, CostTrend, Spread, cost_trend
from .costs import CostPer, Costs, costs
from .days_between import DaysBetween, days_between
from .numbered import new_buyers, numbered, purchase_days, shop_orders
from .referral import ReferralRate, referral_rate
from .repeat_curve import RepeatStep, repeat_curve
from .rpr import Rpr, rpr

__all__ = [
    "Advocacy",
    "Aov",
    "AovByLoyalty",
    "Churn",
    "ClvHistoric",
    "CostPer",
    "CostPeriod",
    "CostTrend",
    "Costs",
    "DaysBetween",
    "ReferralRate",
    "RepeatStep",
    "Rpr",
    "Spread",
    "Voice",
    "advocacy",
    "aov",
    "aov_by_loyalty",
    "churn",
    "clv_historic",
    "cost_trend",
    "costs",
    "days_between",
    "new_buyers",
    "numbered",
    "purchase_days",
    "referral_rate",
    "repeat_curve",
    "rpr",
    "shop_orders",
]
