"""Codes of offers: the shop that makes them, and files of codes it made."""

from .shop import CodeShop, Declined, JobEnd, Made, NotNow

__all__ = ["CodeShop", "Declined", "JobEnd", "Made", "NotNow"]
