"""How people react to a message besides ordering: opens, clicks, and offers they use."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .abuse import FLAGGED
from .behaviour import MINOR_PER_CENT, Orders
from .catalogue import Ints
from .events import event_rows
from .people import People
from .places import PLACES

_OPENS = 0.34
_CLICKS_OF_OPENS = 0.16
_MACHINE_OPENS = 0.18
_FETCH_FLAGGED = 0.85
USUAL_BASKET_MINOR = 6_500
"""What a fixed sum off is held against, in euro cents."""
USES = 0.65
"""Share of orders with a usable offer at hand that use it."""


class Terms(NamedTuple):
    """What an offer takes off, in the shop's currency and at the till."""

    rate: float
    """Share off the goods; 0 for none."""
    fixed_minor: int
    """Fixed sum off in euro cents; 0 for none."""
    min_spend_minor: int
    """Smallest basket in euro cents."""
    ships_free: bool
    """Whether shipping falls away."""

    @property
    def depth(self) -> float:
        """The share of a usual basket that it takes off."""
        return min(self.rate + self.fixed_minor / USUAL_BASKET_MINOR, 1.0)


def depths(terms: Mapping[str, Terms]) -> dict[str, float]:
    """Give how deep each offer cuts."""
    return {offer: each.depth for offer, each in terms.items()}


def mail_events(rng: np.random.Generator, people: People, sent: pa.Table) -> pa.Table:
    """Give opens and clicks by people, and by software within seconds, of e-mails among `SENT_ROWS`.

    Software that fetches pictures opens; software that scans a mailbox opens and clicks. Some of both goes unflagged.
    """
    is_mail = np.array([channel == "email" for channel in sent["channel"].to_pylist()], dtype=np.bool_)
    mails = sent.filter(pa.array(is_mail))
    person, when = (np.asarray(mails[name], dtype=np.int64) for name in ("person", "when"))
    keys = mails["send_key"].combine_chunks()
    n = len(person)
    opened = rng.random(n) < np.minimum(_OPENS * np.sqrt(people.engagement[person]), 0.85)
    clicked = opened & (rng.random(n) < _CLICKS_OF_OPENS)
    scans = people.abuse.scans[person]
    fetched = scans | (rng.random(n) < _MACHINE_OPENS)
    flagged = np.where(scans, rng.random(n) < FLAGGED, rng.random(n) < _FETCH_FLAGGED)
    delay = rng.exponential(7 * 3600, n).astype(np.int64) + 60
    software = when + rng.integers(1, 6, n)
    return pa.concat_tables(
        [
            _of(person, when + delay, "mail_open", keys, opened, machine=False),
            _of(person, when + delay + 40, "mail_click", keys, clicked, machine=False),
            *(
                _of(person, software + more, kind, keys, who & (flagged == is_told), machine=is_told)
                for kind, more, who in (("mail_open", 0, fetched), ("mail_click", 2, scans))
                for is_told in (True, False)
            ),
        ]
    )


def redeem(rng: np.random.Generator, people: People, orders: Orders, held: Ints, terms: list[Terms]) -> Orders:
    """Let some orders use the offer their buyer holds (`held`: position in `terms`, -1 for none).

    An order that does has code -1, and its discount, shipping and tax follow from the offer's terms.
    """
    if not terms or not orders.n:
        return orders
    place = people.place[orders.person]
    factor = MINOR_PER_CENT[place]
    rate, fixed, least, free = (np.array([row[k] for row in terms])[np.maximum(held, 0)] for k in range(4))
    goods = orders.line_total()
    used = (held >= 0) & (goods >= least * factor) & (rng.random(orders.n) < USES)
    off = np.minimum(np.round(goods * rate + fixed * factor).astype(np.int64), goods)
    discount = np.where(used, off, orders.discount)
    tax = np.round((goods - discount) * np.array([row.tax_rate for row in PLACES])[place]).astype(np.int64)
    return orders._replace(
        code=np.where(used, -1, orders.code),
        discount=discount,
        shipping=np.where(used & free.astype(np.bool_), 0, orders.shipping),
        tax=np.where(used, tax, orders.tax),
    )


def _of(person: Ints, when: Ints, kind: str, keys: pa.Array, who: np.ndarray, *, machine: bool) -> pa.Table:
    index = np.flatnonzero(who)
    return event_rows(
        person[index],
        when[index],
        kind,
        channel=["email"] * len(index),
        message_id=keys.take(pa.array(index)),
        machine=[machine] * len(index),
    )
