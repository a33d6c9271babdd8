"""`eval replenishment`: how well the day on which goods run out is told, on purchases that were made again later.

Cycles are learnt from the orders before a day. Asked are the purchases of the last 60 days before it of articles with a
known cycle; of those that were made again in the held-out days the error is |the day told - the day of the next
purchase|. The peer tells everybody the same time from one purchase to the next, the mean over all articles, whatever
was bought and how much. Who did not buy again within the held-out days counts in neither: how many that are is told.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from eval.real.imported import RETAIL, opened_file
from eval.resampling import over_people
from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines
from tools.recommendations.cycles import cycles, gaps, run_outs

ASKED_DAYS = 60
HELD_OUT_DAYS = 120
DAY_SECONDS = 86_400


class ReplenishmentReport(Frozen):
    """What the cycles told and what came, beside one time for all."""

    learnt_until: Instant
    """Orders up to here were learnt from; later ones are held out."""
    n_articles: Count
    """Articles with a cycle of their own or of their category."""
    n_asked: Count
    """Purchases (a person and an article) that were asked about."""
    n_again: Count
    """Of these, made again within the held-out days."""
    cycles: Interval
    """Mean error of the cycles in days."""
    one_for_all: Interval
    """Mean error in days of one time for all."""
    difference: Interval
    """Cycles less one for all: below zero the cycles are nearer."""
    inside_rate: Rate
    """Share of the next purchases inside the 80 % interval that was told."""


def measure_file(path: Path, *, kind: str = RETAIL, days: int, seed: int) -> ReplenishmentReport:
    """Import orders into an empty installation of its own and measure the cycles on them; `kind` as in `SHOPS`."""
    with opened_file(path, kind) as view:
        return measure(view, days=days, seed=seed)


def measure(view: LakeView, *, days: int = HELD_OUT_DAYS, seed: int = 1) -> ReplenishmentReport:
    """Learn cycles from all orders but those of the last `days` days and measure them on these.

    Raises `InvalidInput` where nobody bought an article again in the held-out days.
    """
    orders = view.table("orders")
    last = orders.agg(last=orders.event_at.max()).to_pyarrow()["last"][0].as_py()
    split = last - timedelta(days=days)
    known = view.memory_table("eval_cycles", cycles(view, split).to_pyarrow())
    lines = _bought(view, last)
    recent = lines.filter(lines.event_at > ibis.literal(split - timedelta(days=ASKED_DAYS)))
    before = recent.filter(recent.event_at <= ibis.literal(split))
    told = run_outs(view, before.select("person_id").distinct(), split, known)
    asked = told.inner_join(before.group_by(["person_id", "sku"]).agg(at=before.event_at.max()), ["person_id", "sku"])
    later = lines.filter(lines.event_at > ibis.literal(split))
    again = asked.inner_join(
        later.group_by(["person_id", "sku"]).agg(next_at=later.event_at.min()), ["person_id", "sku"]
    )
    rows = again.order_by(["person_id", "sku"]).to_pyarrow()
    if not rows.num_rows:
        raise InvalidInput(
            what="The orders", why=f"nobody bought an article again in the last {days} days",
            remedy="Measure orders of a longer time, or hold out more days",
        )  # fmt: skip
    return _report(
        rows,
        known,
        split,
        int(asked.count().to_pyarrow().as_py()),
        float(gaps(view, split).seconds.mean().to_pyarrow().as_py()),
        seed,
    )


def _bought(view: LakeView, until: datetime) -> ir.Table:
    lines = valid_lines(view, until)
    return lines.filter(~lines.is_gift, lines.quantity > 0)


def _report(
    rows: Any, known: ir.Table, split: datetime, n_asked: int, mean_gap: float, seed: int
) -> ReplenishmentReport:  # fmt: skip
    at, came, out, low, high = (
        rows[name].cast(pa.timestamp("s", "UTC"), safe=False).cast("int64").to_numpy()
        for name in ("at", "next_at", "runs_out_at", "low_at", "high_at")
    )
    errors = {"cycles": np.abs(out - came) / DAY_SECONDS, "one": np.abs(at + mean_gap - came) / DAY_SECONDS}
    person = rows["person_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    found = over_people(person, errors, seed)
    return ReplenishmentReport(
        learnt_until=split,
        n_articles=int(known.count().to_pyarrow().as_py()),
        n_asked=n_asked,
        n_again=rows.num_rows,
        cycles=found.alone["cycles"],
        one_for_all=found.alone["one"],
        difference=found.ahead["one"],
        inside_rate=round(float(np.mean((low <= came) & (came <= high))), 4),
    )
