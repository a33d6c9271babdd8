"""Ninety days of a crowd under one policy: decide, read, order, in both worlds at once; columnar.

The laws are those of `eval.gym.responses`: the same draws, so that the same messages give the same first orders. What
is left out is everything that changes no decision here: baskets, parcels, opens, and the files of each day.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from eval.gym.behaviour import MOST_LIFTED, NEVER, daily_chance
from eval.gym.catalogue import Flags, Floats, Ints
from eval.gym.effects import LOAD_DAYS, SENT_ROWS, Attention
from eval.gym.places import SHOP_CURRENCY
from eval.gym.reactions import USES
from memory.domain.cohort import COHORTS
from memory.domain.guardrails import Guardrails
from memory.domain.message import SECOND_INCENTIVES
from memory.domain.money import Money

from .cells import FACTS, cells
from .choosing import Chooser, Room, Wanted, chosen_together
from .crowd import CHANNELS, Crowd
from .options import AWAY_DAYS, Gift, Option, depth_of, right_class
from .state import CLASSES, Policy, State

N_DAYS = 90
LOST_PER_LEAVER_MINOR = 150.0
"""What one unsubscribe is charged with in the score, in euro cents: an assumption, the same for every planner."""


@dataclass(frozen=True)
class Lived:
    """What ninety days brought to those who could be messaged; money in euro cents."""

    n_treated: int
    n_orders_with: int
    n_orders_without: int
    n_repeat_with: int
    n_repeat_without: int
    margin_minor: float
    """Added margin: orders with less orders without, at each person's expected margin."""
    sends_minor: float
    """What sending cost."""
    offers_minor: float
    """What redeemed offers cost."""
    n_sent: int
    n_unsubscribed: int
    kinds: Counter[str]
    """Messages per kind."""
    by_cell: pa.Table
    """Messages by facts the second checker looks at, with how many (`cells.FACTS`)."""
    first_with: Ints
    """Per person: day of the first order with the messages; `NEVER` for none."""
    first_without: Ints
    """The same without."""
    n_orders: Floats
    """Per person: orders with the messages."""
    gain: Floats
    """Per person: added margin less the cost of its offers and sends."""

    @property
    def net_minor(self) -> float:
        """Incremental margin: added margin less sends, offers, and the charge for unsubscribes."""
        return self.margin_minor - self.sends_minor - self.offers_minor - LOST_PER_LEAVER_MINOR * self.n_unsubscribed

    @property
    def rpr_lift_pp(self) -> float:
        """True lift of the repeat purchase rate in percentage points."""
        return 100 * (self.n_repeat_with - self.n_repeat_without) / max(self.n_treated, 1)


def withheld(crowd: Crowd, rate: float) -> Flags:
    """Give who is in the control group: the same people for every planner."""
    draw = np.random.default_rng([crowd.start.seed, 31]).random(crowd.people.n)
    control: Flags = draw < rate
    return control


def live(
    crowd: Crowd, policy: Policy, gifts: dict[str, Gift], guardrails: Guardrails, *, holdout_rate: float,
    budget_minor: int, obeys: bool = True, n_days: int = N_DAYS, chooser: Chooser | None = None,
) -> Lived:  # fmt: skip
    """Live through the days; without `obeys` no guardrail is asked, and what is broken is left to the judge.

    A `chooser` chooses each day's messages of everybody together, within guardrails; without one each person gets the
    best value of each class.
    """
    life = _Life(crowd, gifts, guardrails, withheld(crowd, holdout_rate), budget_minor, obeys=obeys, chooser=chooser)
    sent = SENT_ROWS.empty_table()
    for day in range(n_days):
        chosen = life.decide(policy, day)
        life.step(day, sent)
        sent = chosen
    return life.result()


def replay(crowd: Crowd, days: list[pa.Table], gifts: dict[str, Gift]) -> tuple[Ints, Ints]:
    """Give the first orders (with, without) where these messages (`SENT_ROWS`), with these offers, are read by day."""
    life = _replayed(crowd, days, gifts)
    return life.first[True], life.first[False]


def added_orders(crowd: Crowd, days: list[pa.Table]) -> int:
    """Give orders with less orders without, where these messages (`SENT_ROWS`) without offers are read by day."""
    life = _replayed(crowd, days, {})
    return int((life.count[True] - life.count[False]).sum())


def _replayed(crowd: Crowd, days: list[pa.Table], gifts: dict[str, Gift]) -> "_Life":
    rails = Guardrails(plan_budget=Money(amount_minor=0, currency=SHOP_CURRENCY))
    life = _Life(crowd, gifts, rails, np.zeros(crowd.people.n, dtype=np.bool_), 0, obeys=False)
    for day, sent in enumerate(days):
        life.step(day, sent)
    return life


class _Life:
    def __init__(
        self, crowd: Crowd, gifts: dict[str, Gift], guardrails: Guardrails, control: Flags, budget: int, *,
        obeys: bool, chooser: Chooser | None = None,
    ) -> None:  # fmt: skip
        n = crowd.people.n
        self._chooser = chooser
        self._crowd, self._gifts, self._rails, self._obeys = crowd, gifts, guardrails, obeys
        self._offers = list(gifts)
        self._left_minor, self._granted = float(budget), Counter[str]()
        self._attention = Attention(crowd.people, {name: depth_of(gift) for name, gift in gifts.items()})
        self._standing = {world: crowd.start.standing.copy() for world in (True, False)}
        self.first = {world: np.full(n, NEVER) for world in (True, False)}
        self.count = {world: np.zeros(n) for world in (True, False)}
        self._holds = np.full(n, -1)
        self._spent, self._redeemed = np.zeros(n), np.zeros(n)
        self._n_gone, self._kinds = 0, Counter[str]()
        self._cells: list[pa.Table] = []
        self.state = State(
            crowd, 0, self._standing[True].last_day, self._standing[True].parcel, crowd.allows.copy(), control,
            {name: np.zeros((n, N_DAYS + 1), dtype=np.int8) for name in CLASSES},
            np.zeros(n),
        )  # fmt: skip
        self._above = {
            name: 1.0 if gift.terms is None else crowd.share_above(gift.terms.min_spend_minor)
            for name, gift in gifts.items()
        }

    def decide(self, policy: Policy, day: int) -> pa.Table:
        """Give the messages of the day (`SENT_ROWS`): per person and class the option of the highest value above 0."""
        self.state.day = day
        self.state.memo.clear()
        options = policy.options(day)
        tables = [SENT_ROWS.empty_table()]
        if self._chooser is not None:
            wanted = [self._wanted(policy, option) for option in options]
            return pa.concat_tables(
                tables + [self._send(*one) for one in chosen_together(wanted, self._left(), self._chooser)]
            )
        for cohort in sorted({option.cohort for option in options}):
            members = np.flatnonzero(self._crowd.cohort == cohort)
            for name in CLASSES:
                own = [each for each in options if (each.cohort, each.message_class) == (cohort, name)]
                if own and len(members):
                    tables += self._of_class(policy, own, members)
        return pa.concat_tables(tables)

    def _of_class(self, policy: Policy, options: list[Option], members: Ints) -> list[pa.Table]:
        who = members if not self._obeys else members[self._may_get(options[0].message_class, members)]
        values = np.full((len(who), len(options)), -np.inf)
        for place, option in enumerate(options):
            open_ = self._open(option, who)
            values[open_, place] = policy.values(option, who[open_], self.state)
        best = np.argmax(values, axis=1) if len(who) else np.zeros(0, dtype=np.int64)
        top = values[np.arange(len(who)), best]
        found = []
        for place, option in enumerate(options):
            wanted = np.flatnonzero((best == place) & (top > 0))
            order = wanted[np.lexsort((who[wanted], -top[wanted]))]
            found.append(self._send(option, who[order[: self._room(option)]]))
        return found

    def _wanted(self, policy: Policy, option: Option) -> Wanted:
        """Give whom an option is open for, caps, grants and money aside, and what it is worth to each."""
        who = np.flatnonzero(self._crowd.cohort == option.cohort)
        open_ = who[self._open(option, who) & self._may_ever(option.message_class, who)]
        return Wanted(option, open_, policy.values(option, open_, self.state))

    def _left(self) -> Room:
        """Give what caps, grants and money leave today."""
        slots = {name: np.full(self._crowd.people.n, 10**6) for name in CLASSES}
        for cap in self._rails.frequency_caps:
            if cap.message_class in slots:
                free = cap.max_messages - self.state.recent(cap.message_class, cap.window_days)
                slots[cap.message_class] = np.minimum(slots[cap.message_class], free)
        grants = {name: gift.max_granted - self._granted[name] for name, gift in self._gifts.items()}
        return Room(slots, grants, int(1000 * self._left_minor))

    def _may_get(self, message_class: str, who: Ints) -> Flags:
        may = self._may_ever(message_class, who)
        for cap in self._rails.frequency_caps:
            if cap.message_class == message_class:
                may &= self.state.recent(message_class, cap.window_days)[who] < cap.max_messages
        return may

    def _may_ever(self, message_class: str, who: Ints) -> Flags:
        """Say who may get the class today, caps aside."""
        may: Flags = ~self.state.control[who]
        if message_class == "promotional":
            since = self._crowd.start.day + self.state.day - self.state.last[who]
            may &= since > self._rails.recent_buyer_days
        return may

    def _open(self, option: Option, who: Ints) -> Flags:
        state = self.state
        got = state.received.get(option.step)
        open_: Flags = np.ones(len(who), dtype=np.bool_) if got is None else ~got[who]
        if self._obeys:
            open_ &= state.allows[who, option.channel]
            if option.kind in SECOND_INCENTIVES:  # who ordered again needs none
                open_ &= state.last[who] <= self._crowd.start.day
        if option.only_away:
            open_ &= self._crowd.start.day + state.day - self.state.last[who] > AWAY_DAYS
        return open_

    def _room(self, option: Option) -> int:
        """Give how many may still get the option, by its offer's grants and the plan's money."""
        if not self._obeys:
            return 10**9
        gift, cost = self._gifts.get(option.offer_id), option.planned_minor
        grants = 10**9 if gift is None else gift.max_granted - self._granted[option.offer_id]
        return min(grants, int(self._left_minor // cost) if cost > 0 else 10**9)

    def _send(self, option: Option, who: Ints) -> pa.Table:
        state, n = self.state, len(who)
        if not n:
            return SENT_ROWS.empty_table()
        self._cells.append(cells(state, self._rails, option, who))
        state.sent[right_class(option.kind)][who, state.day] += 1
        state.load[who] += 1
        state.received.setdefault(option.step, np.zeros(self._crowd.people.n, dtype=np.bool_))[who] = True
        self._granted[option.offer_id] += n
        self._left_minor -= n * option.planned_minor
        self._spent[who] += option.cost_minor
        self._kinds[option.kind] += n
        text = pa.string()
        return pa.table(
            [
                pa.array(who), pa.array(np.full(n, (self._crowd.start.day + state.day) * 86_400 + 36_000)),
                pa.repeat(pa.scalar(option.kind, text), n), pa.repeat(pa.scalar(CHANNELS[option.channel], text), n),
                pa.repeat(pa.scalar(COHORTS[option.cohort], text), n), pa.repeat(pa.scalar(option.offer_id, text), n),
                pa.repeat(pa.scalar("", text), n),
            ],
            schema=SENT_ROWS,
        )  # fmt: skip

    def step(self, day: int, sent: pa.Table) -> None:
        """Let people read what was sent the day before, and order or not, in both worlds."""
        start, today = self._crowd.start, self._crowd.start.day + day
        rng = np.random.default_rng([start.seed, 21, day])
        chance = np.random.default_rng([start.seed, 22, day]).random(self._crowd.people.n)
        annoyance = self._attention.read(sent)
        self._read(sent, np.flatnonzero(rng.random(len(annoyance)) < annoyance))
        tide, fate = start.tide(range(day, day + 1))[0], start.parcels(day)
        for world in (True, False):
            standing, first = self._standing[world], self.first[world]
            hazard = daily_chance(self._crowd.people, today, standing, tide, peak=False)
            if world:
                hazard = np.minimum(hazard * (1.0 + self._attention.lift), MOST_LIFTED)
            buyers = np.flatnonzero((chance < hazard) & (standing.last_day != NEVER))
            standing.ordered(buyers, today, fate.outcome[buyers])
            first[buyers[first[buyers] == NEVER]] = today
            self.count[world][buyers] += 1
            if world:
                self._redeem(buyers, day)
        self._attention.fade()
        self.state.load *= np.exp(-1 / LOAD_DAYS)

    def _read(self, sent: pa.Table, leaves: Ints) -> None:
        person = np.asarray(sent["person"], dtype=np.int64)
        self._n_gone += len(leaves)
        gone = sent.take(pa.array(leaves))
        for place, channel in enumerate(CHANNELS):
            is_own = np.array([each == channel for each in gone["channel"].to_pylist()], dtype=np.bool_)
            self.state.allows[person[leaves[is_own]], place] = False
        for place, name in enumerate(self._offers):
            mine = np.asarray(pc.equal(sent["offer_id"], name), dtype=np.bool_)
            self._holds[person[mine]] = place

    def _redeem(self, buyers: Ints, day: int) -> None:
        """Charge what the held offers of today's buyers cost, and take from them what was used."""
        draw = np.random.default_rng([self._crowd.start.seed, 33, day]).random(self._crowd.people.n)
        for place, name in enumerate(self._offers):
            gift, own = self._gifts[name], buyers[self._holds[buyers] == place]
            used = own[draw[own] < USES * self._above[name]]
            terms = gift.terms
            if terms is not None and (terms.rate or terms.fixed_minor):
                self._redeemed[used] += np.minimum(
                    self._crowd.basket[used] * terms.rate + terms.fixed_minor, self._crowd.basket[used]
                )
            else:
                self._redeemed[used] += gift.per_use_minor
            self._holds[used] = -1

    def result(self) -> Lived:
        """Sum up over those who could be messaged; a planner that ignores the control group is read on everybody."""
        crowd, control = self._crowd, self.state.control
        who = crowd.members[~control[crowd.members]]
        cost = self._spent + self._redeemed
        gain = crowd.margin * (self.count[True] - self.count[False]) - cost
        return Lived(
            n_treated=len(who),
            n_orders_with=int(self.count[True][who].sum()),
            n_orders_without=int(self.count[False][who].sum()),
            n_repeat_with=int((self.first[True][who] != NEVER).sum()),
            n_repeat_without=int((self.first[False][who] != NEVER).sum()),
            margin_minor=float((crowd.margin * (self.count[True] - self.count[False]))[who].sum()),
            sends_minor=float(self._spent.sum()),
            offers_minor=float(self._redeemed.sum()),
            n_sent=sum(self._kinds.values()),
            n_unsubscribed=self._n_gone,
            kinds=self._kinds,
            by_cell=pa.concat_tables([FACTS.empty_table(), *self._cells]),
            first_with=self.first[True],
            first_without=self.first[False],
            n_orders=self.count[True],
            gain=gain,
        )
