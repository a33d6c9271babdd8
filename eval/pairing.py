"""`eval pairing`: how often what is recommended beside an article lay in the same real basket, beside bestsellers.

Pairs are learnt from the orders before a day; every later basket of at least two articles is held out. Of each, one
article (chosen by a hash, so always the same) is shown to the recommender; precision@k is the share of the k places
that name another article of that basket, an empty place counting as a miss. The peer names the k bestsellers of the
same orders, the shown article left out. Others (`benchmarks/goods.py` asks a library) learn from the same orders and
are measured on the same baskets.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.experiment import Interval
from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines
from tools.recommendations.pairs import MAX_BASKET, WINDOW, baskets, pairs, partners

from .real.imported import RETAIL, opened_file
from .resampling import over_people

HELD_OUT_DAYS = 60
Recommender = Callable[[pa.Table, pa.Table, int], pa.Table]
"""From (basket, sku) to learn from, (sku) that are asked for and the places k: (sku, other), at most k of each sku."""


class PairingReport(Frozen):
    """Pairing and bestsellers on the same held-out baskets."""

    k: Count
    """Places per recommendation."""
    learnt_until: Instant
    """Orders up to here were learnt from; later ones are held out."""
    n_pairs: Count
    """Pairs above the thresholds, both ways."""
    n_baskets: Count
    """Held-out baskets."""
    n_people: Count
    """People they belong to."""
    served_rate: Rate
    """Share of baskets whose article has any partner."""
    pairing: Interval
    """Precision@k of the pairing."""
    bestsellers: Interval
    """Precision@k of the bestsellers."""
    difference: Interval
    """Pairing less bestsellers, over the same resamples."""
    others: dict[str, Interval] = {}
    """Precision@k of further recommenders by their names."""
    leads: dict[str, Interval] = {}
    """Pairing less each of them, over the same resamples."""


def measure_file(path: Path, *, kind: str = RETAIL, k: int, days: int, seed: int) -> PairingReport:
    """Import orders into an empty installation of its own and measure the pairing on them; `kind` as in `SHOPS`."""
    with opened_file(path, kind) as view:
        return measure(view, k=k, days=days, seed=seed)


def measure(
    view: LakeView,
    *,
    k: int,
    days: int = HELD_OUT_DAYS,
    seed: int = 1,
    others: Mapping[str, Recommender] | None = None,
) -> PairingReport:
    """Learn pairs from all orders but those of the last `days` days and measure them on these."""
    orders = view.table("orders")
    last = orders.agg(last=orders.event_at.max()).to_pyarrow()["last"][0].as_py()
    split = last - timedelta(days=days)
    known = view.memory_table("eval_pairs", pairs(view, split).to_pyarrow())
    held = view.memory_table("eval_baskets", _held_out(view, split).to_pyarrow())
    shown = held.filter(held.place == 0).select("sku", "subject", person_id="basket")
    rest = held.filter(held.place > 0).select("basket", other="sku")
    found = partners(shown, known)
    hits = {
        "pairing": _hits(found.filter(found.place < k).select(basket="person_id", other="other"), rest),
        "bestsellers": _hits(_bestsellers(view, split, shown, k), rest),
    }
    for name, recommend in (others or {}).items():
        told = recommend(_learnt_from(view, split).to_pyarrow(), shown.select("sku").distinct().to_pyarrow(), k)
        theirs = shown.inner_join(view.memory_table(f"eval_{name}", told), "sku")
        hits[name] = _hits(theirs.select("other", basket="person_id"), rest)
    served = found.person_id.nunique()
    return _report(shown.to_pyarrow(), hits, int(served.to_pyarrow().as_py()), known, split, k, seed)


def _learnt_from(view: LakeView, split: datetime) -> ir.Table:
    """Give the distinct (basket, sku) that pairs are learnt from."""
    items = baskets(view, split).rename(basket="order_fact_id")
    sizes = items.group_by("basket").agg(size=items.count())
    return items.semi_join(sizes.filter(sizes.size <= MAX_BASKET), "basket").order_by(["basket", "sku"])


def _held_out(view: LakeView, split: datetime) -> ir.Table:
    """Give (basket, subject, sku, place): later baskets; place 0 is the article that is shown."""
    lines = valid_lines(view, split + WINDOW)
    later = lines.filter(lines.event_at > ibis.literal(split))
    items = later.select("sku", basket="order_fact_id", subject="person_id").distinct()
    sizes = items.group_by("basket").agg(size=items.count())
    fitting = items.semi_join(sizes.filter(sizes.size >= 2, sizes.size <= MAX_BASKET), "basket")
    chance = fitting.mutate(draw=(fitting.basket + fitting.sku).hexdigest("md5"))
    order = ibis.window(group_by=chance.basket, order_by=[chance.draw, chance.sku])
    return chance.mutate(place=ibis.row_number().over(order)).drop("draw")


def _bestsellers(view: LakeView, split: datetime, shown: ir.Table, k: int) -> ir.Table:
    bought = baskets(view, split)
    sold = bought.group_by(other=bought.sku).agg(n=bought.order_fact_id.nunique())
    top = sold.order_by([ibis.desc("n"), "other"]).limit(k + 1)
    every = shown.cross_join(top)
    every = every.filter(every.sku != every.other)
    order = ibis.window(group_by=every.person_id, order_by=[every.n.desc(), every.other])
    placed = every.mutate(place=ibis.row_number().over(order))
    return placed.filter(placed.place < k).select("other", basket="person_id")


def _hits(told: ir.Table, rest: ir.Table) -> dict[str, int]:
    """Give how many of the articles told lay in the rest of each basket; baskets without a hit are missing."""
    right = rest.rename(of_basket="basket", of_other="other")
    both = told.inner_join(right, [told.basket == right.of_basket, told.other == right.of_other])
    rows = both.group_by("basket").agg(n=both.count()).to_pyarrow()
    return dict(zip(rows["basket"].to_pylist(), rows["n"].to_pylist(), strict=True))


def _report(
    shown: pa.Table, hits: Mapping[str, dict[str, int]], n_served: int, known: ir.Table, split: datetime, k: int,
    seed: int,
) -> PairingReport:  # fmt: skip
    shown = shown.sort_by("person_id")
    baskets, people = shown["person_id"].to_pylist(), shown["subject"].combine_chunks().dictionary_encode().indices
    rates = {name: np.array([found.get(basket, 0) for basket in baskets]) / k for name, found in hits.items()}
    found = over_people(np.asarray(people), rates, seed)
    alone, ahead = dict(found.alone), dict(found.ahead)
    return PairingReport(
        k=k,
        learnt_until=split,
        n_pairs=int(known.count().to_pyarrow().as_py()),
        n_baskets=len(baskets),
        n_people=len(set(people.to_pylist())),
        served_rate=round(n_served / max(len(baskets), 1), 4),
        pairing=alone.pop("pairing"),
        bestsellers=alone.pop("bestsellers"),
        difference=ahead.pop("bestsellers"),
        others=alone,
        leads=ahead,
    )
