"""The figures of the look back at a peak, as frozen values."""

from datetime import date

from memory.domain.base import Count, Frozen, Instant, MinorUnits, Rate
from memory.domain.experiment import Interval
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from tools.cohorts import Peak
from tools.metrics import Costs, RepeatStep, Rpr

MIN_GROUP = 30
"""Groups of fewer new buyers are not shown: their shares are noise, and people could be recognised."""


class Breed(Frozen):
    """New buyers who began with one product, in one category or in one market, and how many came back."""

    name: str
    """The product's title, the category or the market."""
    n_people: Count
    """New buyers in it."""
    n_repeat: Count
    """Those with a purchase on a later day within the window."""
    rate: Interval
    """Their share."""


class Breeds(Frozen):
    """Groups of one kind, the best first."""

    shown: tuple[Breed, ...] = ()
    """The groups with at least `MIN_GROUP` people."""
    n_hidden: Count = 0
    """How many smaller groups are not shown."""


class SecondOrderWindow(Frozen):
    """How fast second orders came."""

    days: Count
    """Length of the follow-up that is closed for everyone, at most 180 days."""
    cumulative: tuple[Count, ...]
    """New buyers who had ordered again by day 0, 1, 2 and so on after the first purchase."""
    day_half: Count | None = None
    """Day by which half of these second orders had come; null where there were none."""
    day_80: Count | None = None
    """Day by which four fifths of them had come: the window had then closed for most."""


class LookBack(Frozen):
    """What one peak brought and what became of it."""

    shop_id: str
    """Whose."""
    shop_name: str
    """What customers call it."""
    currency: Currency
    """The currency of all sums."""
    peak: Peak
    """The days looked at."""
    read_until: Instant
    """Last instant that orders are known of, at most the instant asked for."""
    n_buyers: Count
    """All who bought in the peak."""
    n_new: Count
    """Those whose first purchase it was."""
    n_never: Count
    """New buyers without a purchase on a later day until `read_until`."""
    came_back: tuple[Rpr | NotEstimable, ...]
    """Share of new buyers back within 30, 90 and 180 days."""
    window: SecondOrderWindow | NotEstimable
    """How fast second orders came."""
    breed_days: Count | None = None
    """The window in which products, categories and markets are compared; null where none is closed."""
    breed_rate: Rate | None = None
    """Share of all new buyers back in that window."""
    products: Breeds = Breeds()
    """By article in the first order; a buyer of several counts in each."""
    categories: Breeds = Breeds()
    """By category in the first order; a buyer of several counts in each."""
    markets: Breeds = Breeds()
    """By country of the first order."""
    revenue_first_minor: MinorUnits = 0
    """What new buyers brought on the day of their first purchase."""
    revenue_later_minor: MinorUnits = 0
    """What they brought on later days until `read_until`."""
    point_worth_minor: MinorUnits | None = None
    """One percentage point of new buyers times what a returner brought later: arithmetic, no forecast."""
    costs: Costs
    """Winning the first order beside winning the second, from the peak's first day to `costs_until`."""
    costs_until: date
    """Last day of the costs' period."""
    curve: tuple[RepeatStep, ...] = ()
    """How many of the new buyers reached the second to fifth purchase so far."""
