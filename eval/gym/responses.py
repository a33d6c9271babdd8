"""The days after the anchor: what people do with the messages that were sent, and what they would have done without.

Both outcomes are drawn from the same chance (one number per person and day), so the two worlds differ only
where a message made the difference, and the true effect on any group is known exactly.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from memory.domain.base import Frozen

from .behaviour import MOST_LIFTED, NEVER, Bought, Orders, Standing, daily_chance, make_orders
from .catalogue import Catalogue, Flags, Floats, Ints
from .effects import SENT_ROWS, Attention
from .events import DAY, browsing, order_events, scraping, split_at
from .lanes import Fate, lanes_of
from .people import People
from .reactions import Terms, depths, mail_events, redeem
from .shelves import tides
from .shopify_files import order_names

_VISITS_PER_DAY = 0.003
_NO_MESSAGES = SENT_ROWS.empty_table()


class Start(NamedTuple):
    """Where the simulation begins."""

    seed: int
    """Where its chance comes from."""
    people: People
    """Everyone."""
    goods: Catalogue
    """What they can buy."""
    day: int
    """Day 0 of the plan, counted from the first day of the records."""
    last_day: Ints
    """Day of each person's last order; `NEVER` for none."""
    parcel: Ints
    """What became of its parcel (`lanes.ON_TIME`, `LATE`, `LOST`)."""
    depth: Floats
    """How deep its discount was, 0..1."""
    n_orders: int
    """Orders of the shop so far; names are counted on from here."""
    pending: pa.Table
    """Events (`EVENT_ROWS`) caused before day 0 that come later."""

    @property
    def standing(self) -> Standing:
        """What each person's last order left behind; copy it before people order on."""
        return Standing(self.last_day, self.parcel, self.depth)

    def tide(self, days: range) -> Floats:
        """Give (days, categories) what season and shelves make of chances on these days after day 0."""
        return tides(self.goods, np.arange(days.start, days.stop) + self.day)

    def parcels(self, day: int) -> Fate:
        """Give what becomes of each person's parcel if they order on that day after day 0: one fate in all worlds."""
        luck = np.random.default_rng([self.seed, 23, day]).random(self.people.n)
        return lanes_of(self.seed).fate(self.people.lane, np.full(self.people.n, self.day + day), luck)


class DayOutcome(NamedTuple):
    """What one day brought."""

    day: int
    """The day."""
    orders: Orders
    """Orders placed, with the messages that were sent."""
    offers: pa.Array
    """The offer each order redeemed; empty text for none."""
    first_number: int
    """Orders of the shop before these."""
    allows_email: Flags
    """Who allowed marketing e-mail by the evening."""
    events: pa.Table
    """Events of the day (`EVENT_ROWS`)."""
    unsubscribed: pa.Table
    """Who took back which permission: columns person, when, channel."""


class Truth(Frozen):
    """The true effect on a group; exact, because both worlds are known."""

    n_people: int
    """People in the group."""
    n_repeat_with: int
    """How many ordered again, with the messages that were sent."""
    n_repeat_without: int
    """How many would have ordered again without any."""
    rpr_with: float
    """Repeat purchase rate with the messages."""
    rpr_without: float
    """Repeat purchase rate without."""
    effect_pp: float
    """The difference in percentage points."""


class Responses:
    """Simulates day after day; holds the state of both worlds."""

    def __init__(self, start: Start, terms: Mapping[str, Terms] | None = None) -> None:
        """Begin at `start`; `terms` says what each offer takes off."""
        self._start = start
        self._terms = dict(terms or {})
        self._attention = Attention(start.people, depths(self._terms))
        self._standing = {world: start.standing.copy() for world in (True, False)}
        self._first = {True: np.full(start.people.n, NEVER), False: np.full(start.people.n, NEVER)}
        self._holds = np.full(start.people.n, -1, dtype=np.int64)
        self._allows = start.people.allows_email & ~start.people.left & ~start.people.bounces
        self._pending = start.pending
        self._n_orders = start.n_orders
        self._day = start.day

    def step(self, sent: pa.Table = _NO_MESSAGES) -> DayOutcome:
        """Live through the next day; `sent` (`SENT_ROWS`) was handed off since the last step."""
        day, people = self._day, self._start.people
        rng = np.random.default_rng([self._start.seed, 21, day - self._start.day])
        chance = np.random.default_rng([self._start.seed, 22, day - self._start.day]).random(people.n)
        parcels = self._start.parcels(day - self._start.day)
        reactions, gone = self._read(rng, sent)
        buyers = self._buyers(day, chance, parcels, with_messages=True)
        self._buyers(day, chance, parcels, with_messages=False)
        orders, offers = self._baskets(rng, buyers, day, parcels)
        number = self._n_orders
        events = self._events(rng, day, orders, reactions)
        self._n_orders += orders.n
        self._attention.fade()
        self._day += 1
        return DayOutcome(day, orders, offers, number, self._allows.copy(), events, gone)

    def truth(self, group: Ints, within_days: int = 10_000) -> Truth:
        """Give the true effect so far on the people at these positions, counting orders within so many days."""
        end = self._start.day + within_days
        with_messages, without = (
            int(((self._first[world][group] != NEVER) & (self._first[world][group] < end)).sum())
            for world in (True, False)
        )
        n = max(len(group), 1)
        return Truth(
            n_people=len(group),
            n_repeat_with=with_messages,
            n_repeat_without=without,
            rpr_with=with_messages / n,
            rpr_without=without / n,
            effect_pp=100 * (with_messages - without) / n,
        )

    def _read(self, rng: np.random.Generator, sent: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Let people read what came; give their opens and clicks, and who unsubscribed."""
        annoyance = self._attention.read(sent)
        person, when = (np.asarray(sent[name], dtype=np.int64) for name in ("person", "when"))
        held = np.array([self._position(offer) for offer in sent["offer_id"].to_pylist()], dtype=np.int64)
        self._holds[person[held >= 0]] = held[held >= 0]
        leaves = np.flatnonzero(rng.random(len(person)) < annoyance)
        gone = pa.table(
            {
                "person": pa.array(person[leaves]),
                "when": pa.array(np.maximum(when[leaves] + rng.integers(60, 20_000, len(leaves)), self._day * DAY)),
                "channel": sent["channel"].take(pa.array(leaves)).cast(pa.string()),
            }
        )
        by_mail = np.array([channel == "email" for channel in gone["channel"].to_pylist()], dtype=np.bool_)
        self._allows[person[leaves[by_mail]]] = False
        return mail_events(rng, self._start.people, sent), gone

    def _position(self, offer_id: str) -> int:
        return list(self._terms).index(offer_id) if offer_id in self._terms else -1

    def _buyers(self, day: int, chance: Floats, parcels: Fate, *, with_messages: bool) -> Ints:
        standing, first = self._standing[with_messages], self._first[with_messages]
        tide = self._start.tide(range(day - self._start.day, day - self._start.day + 1))[0]
        hazard = daily_chance(self._start.people, day, standing, tide, peak=False)
        if with_messages:
            hazard = np.minimum(hazard * (1.0 + self._attention.lift), MOST_LIFTED)
        buyers = np.flatnonzero((chance < hazard) & (standing.last_day != NEVER))
        standing.ordered(buyers, day, parcels.outcome[buyers])
        first[buyers[first[buyers] == NEVER]] = day
        return buyers

    def _baskets(self, rng: np.random.Generator, buyers: Ints, day: int, parcels: Fate) -> tuple[Orders, pa.Array]:
        n = len(buyers)
        bought = Bought(buyers, np.full(n, day), np.zeros(n), np.zeros(n, dtype=np.int64))
        fate = Fate(parcels.late_days[buyers], parcels.outcome[buyers])
        orders = make_orders(rng, self._start.people, self._start.goods, bought, fate)
        redeemed = redeem(rng, self._start.people, orders, self._holds[buyers], list(self._terms.values()))
        used = redeemed.code < 0
        ids = pa.array([*self._terms, ""]).take(pa.array(np.where(used, self._holds[buyers], len(self._terms))))
        self._holds[buyers[used]] = -1
        return redeemed, ids

    def _events(self, rng: np.random.Generator, day: int, orders: Orders, reactions: pa.Table) -> pa.Table:
        start, people = self._start, self._start.people
        around = order_events(rng, people, start.goods, orders, order_names(self._n_orders, orders.n))
        visits = browsing(rng, people, day, day + 1, _VISITS_PER_DAY)
        bots = scraping(rng, people, day, day + 1)
        known = pa.concat_tables([self._pending, around, visits, bots, reactions])
        happened, self._pending = split_at(known, (day + 1) * DAY)
        return happened.filter(pa.array(np.asarray(happened["when"]) >= start.day * DAY))
