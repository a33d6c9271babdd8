"""Profiles: one row per person and shop as of an instant, the ground every segment stands on."""

from .build import build_profiles, order_profiles
from .purchases import purchases, valid_lines, valid_orders

__all__ = ["build_profiles", "order_profiles", "purchases", "valid_lines", "valid_orders"]
