"""Parcels: when each set out and arrived, how long its lane takes, which are lost, how long goods want to be used."""

from .expected import Expectations, expectations
from .lanes import ABROAD, DOMESTIC, SCANS_FROM, Lane, lanes, with_lane
from .lost import lost_parcels
from .parcels import hears_of_arrivals, parcels
from .resting import with_rest
from .sent_back import without_sent_back
from .slips import LaneNow, affected, lanes_now
from .use_days import LEAST_USE_DAYS, use_days

__all__ = [
    "ABROAD",
    "DOMESTIC",
    "LEAST_USE_DAYS",
    "SCANS_FROM",
    "Expectations",
    "Lane",
    "LaneNow",
    "affected",
    "expectations",
    "hears_of_arrivals",
    "lanes",
    "lanes_now",
    "lost_parcels",
    "parcels",
    "use_days",
    "with_lane",
    "with_rest",
    "without_sent_back",
]
