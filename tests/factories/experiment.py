"""A live experiment in columns: thousands of people in two arms with orders before and after, and a known effect."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from agent.reports.lift import Stored
from agent.reports.lift_leaks import OTHERS_SCHEMA
from agent.reports.lift_model import Diagnostics
from agent.reports.lift_parts import Parts
from memory.domain.facts import COHORT_MEMBERS_SCHEMA, INSTANT, LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.domain.looks import LookPlan, default_days
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from tests.factories.doing import LIVE_AT, a_plan
from tests.factories.facts import fact
from tests.factories.planning import a_shop

COHORTS = ("vip", "reactivated", "discount_sensitive", "first_time")
MESSAGES = pa.schema(
    [
        ("person_id", pa.string()), ("channel", pa.string()), ("offer_id", pa.string()), ("extra_millis", pa.int64()),
        ("claimed_at", pa.int64()), ("state", pa.string()), ("step_id", pa.string()),
    ]
)  # fmt: skip


class Experiment:
    """`n` people, a share withheld; each arm buys again with its own chance, evenly over 90 days, for 20 to 80 EUR."""

    def __init__(self, n: int, *, rates: tuple[float, float], holdout: float = 0.3, seed: int = 7) -> None:
        rng = np.random.default_rng(seed)
        self.shop, self.plan = a_shop(), a_plan(a_shop())
        self.plan = self.plan.model_copy(update={"holdout": self.plan.holdout.model_copy(update={"rate": holdout})})
        self.people = np.array([f"p{number:06d}" for number in range(n)])
        self.is_control = rng.random(n) < holdout
        self.cohorts = np.array(COHORTS)[rng.integers(0, 4, n)]
        habit = rng.gamma(2.0, 0.5, n)  # mean 1: some buy often before, and again after
        chance = np.where(self.is_control, rates[1], rates[0]) * habit
        self.buys = rng.random(n) < np.minimum(chance, 0.95)
        self.n_before = rng.poisson(2 * habit)
        self.day = rng.uniform(0.01, 89.5, n)  # the window ends at midnight, before 90 whole days
        self.subtotal = rng.integers(2000, 8000, n)
        self.rows: dict[str, pa.Table] = {}
        self._orders(rng)
        self._members()
        self.messages: list[dict[str, Any]] = []
        self.reached: list[dict[str, Any]] = []
        self.parts = Parts()

    def view(self, folder: Path, **more: list[dict[str, Any]]) -> LakeView:
        """Open the facts; `more` are further rows per table."""
        lake, versions = Lake(folder / "lake"), dict[str, int]()
        schemas = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}
        for name in {*self.rows, *more}:
            parts = [self.rows[name]] if name in self.rows else []
            if more.get(name):
                parts.append(pa.Table.from_pylist(more[name], schemas[name]))
            versions[name] = lake.append(name, pa.concat_tables(parts))
        return lake.open(versions, [self.shop.shop_id])

    def stored(self, plan: Plan | None = None) -> Stored:
        """What the store would know."""
        plan = plan or self.plan
        return Stored(
            plan=plan,
            shop=self.shop,
            live_at=LIVE_AT,
            looks=LookPlan(plan_id=plan.id, shop_id=self.shop.shop_id, days=default_days(90)),
            messages=pa.Table.from_pylist(self.messages, MESSAGES),
            reached=pa.Table.from_pylist(self.reached, OTHERS_SCHEMA),
            ledger_minor=0,
            told=Diagnostics(messages={"sent": len(self.messages)}),
            parts=self.parts,
        )

    def send(self, share: float = 1.0, *, offer_id: str = "", day: float = 1.0) -> None:
        """Send one mail to a share of the treated people."""
        treated = self.people[~self.is_control]
        at = int((LIVE_AT + timedelta(days=day)).timestamp() * 1_000_000)
        for person in treated[: int(share * len(treated))]:
            row = {"person_id": str(person), "channel": "email", "offer_id": offer_id, "extra_millis": 0}
            self.messages.append({**row, "claimed_at": at, "state": "sent"})

    def order(self, number: int, person: str, at: datetime, **values: Any) -> dict[str, Any]:
        """One more order."""
        return fact("orders", 10_000_000 + number, at, shop_id=self.shop.shop_id, subject_id=person, **values)

    def _orders(self, rng: np.random.Generator) -> None:
        start = int(LIVE_AT.timestamp() * 1_000_000)
        buyers = np.repeat(self.people, self.n_before)
        before = start - (rng.uniform(5, 360, len(buyers)) * 86_400e6).astype(np.int64)
        after = start + (self.day[self.buys] * 86_400e6).astype(np.int64)
        who = np.concatenate([buyers, self.people[self.buys]])
        at = np.concatenate([before, after])
        money = np.concatenate([rng.integers(2000, 8000, len(buyers)), self.subtotal[self.buys]])
        default = fact("orders", 0, LIVE_AT, shop_id=self.shop.shop_id)
        n = len(who)
        columns = {name: pa.array([default.get(name)] * n) for name in LAKE_SCHEMAS["orders"].names}
        instants = pa.array(at, pa.int64()).cast(INSTANT)
        ids = pa.array([f"f{number}" for number in range(n)])
        columns |= {"fact_id": ids, "order_ref": ids, "subject_id": pa.array(who), "event_at": instants,
                    "arrived_at": instants, "subtotal_minor": pa.array(money, pa.int64())}  # fmt: skip
        self.rows["orders"] = pa.table(columns).cast(LAKE_SCHEMAS["orders"])
        line = fact("order_lines", 0, LIVE_AT, shop_id=self.shop.shop_id, order_fact_id="", subject_id="")
        lines = {name: pa.array([line.get(name)] * n) for name in LAKE_SCHEMAS["order_lines"].names}
        lines |= {"fact_id": pa.array([f"l{number}" for number in range(n)]), "order_fact_id": ids,
                  "subject_id": pa.array(who), "event_at": instants, "arrived_at": instants}  # fmt: skip
        self.rows["order_lines"] = pa.table(lines).cast(LAKE_SCHEMAS["order_lines"])
        cost = fact("costs", 0, LIVE_AT - timedelta(days=400), shop_id=self.shop.shop_id, sku="shoe", cost_minor=1500)
        self.rows["costs"] = pa.Table.from_pylist(
            [cost | {"currency": "EUR", "is_assumed": False}], LAKE_SCHEMAS["costs"]
        )

    def _members(self) -> None:
        n = len(self.people)
        same = {"shop_id": self.shop.shop_id, "market": "DE", "language": "de", "zone": "Europe/Berlin"}
        columns: dict[str, Any] = {name: pa.array([value] * n) for name, value in same.items()}
        columns |= {
            "plan_id": pa.array([self.plan.id] * n),
            "person_id": pa.array(self.people),
            "cohort": pa.array(self.cohorts),
            "arm": pa.array(np.where(self.is_control, "control", "treated")),
            "anchor_on": pa.array([self.plan.anchor_on] * n),
            "frozen_at": pa.array([LIVE_AT] * n, INSTANT),
        }
        self.rows["cohort_members"] = pa.table(columns).select(COHORT_MEMBERS_SCHEMA.names).cast(COHORT_MEMBERS_SCHEMA)
