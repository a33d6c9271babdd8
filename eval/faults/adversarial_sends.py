"""Attacks through the whole stack to a provider that keeps a journal, judged from the journal and the database alone.

Every attack starts from a shop in which an honest message would leave. A spoiled plan is made live behind the
checkers' backs, or a row, a person or a clock is changed after the decision. Every second attack runs with the first
check of the claim taken out, so that only the second checker stands between the row and the provider.
"""

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pyarrow as pa

from agent.dispatch import claim, dispatch, hand
from agent.dispatch.intents import Intents
from agent.planning.context import PlanContext
from agent.tick.certify import Shared, certificates
from agent.tick.messages import send_key
from memory.domain.base import Count, Frozen
from memory.domain.clock import ManualClock
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.market import Market
from memory.domain.message import Accepted, HandOff, Rendered
from memory.domain.plan import Plan, Step
from memory.domain.segment import Intends
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.instants import to_micros
from tools.markets import load_markets

from .attacks import ATTACKS, INTENDED, OFFERED, Attack, Case
from .databases import fresh_file
from .spoils import SPOILS
from .world import KEY, SHOP, FaultShop, a_context, a_plan, a_store, put_live, sqlite_url

CONTROL_EVERY = 10
N_PEOPLE = 4


class SendsReport(Frozen):
    """What reached the provider."""

    n_attacks: Count
    """Attacks carried out."""
    n_blind: Count
    """Those of them with the claim's first check taken out."""
    n_delivered: Count
    """Messages of attacks that reached the provider: has to be 0."""
    n_controls: Count
    """Honest messages put beside them."""
    n_controls_delivered: Count
    """Those that reached the provider: has to be all."""
    n_unaccounted: Count
    """Messages whose end the database does not say, or says otherwise than the journal: has to be 0."""
    delivered: dict[str, Count]
    """What got through, per attack."""

    @property
    def holds(self) -> bool:
        """Whether nothing got through, every honest message did, and the books agree."""
        return not (self.n_delivered or self.n_unaccounted) and self.n_controls == self.n_controls_delivered


@dataclass
class Journal:
    """A provider that takes everything and writes it to a file of its own."""

    path: Path
    clock: ManualClock
    name: str = "journal"
    kind: Any = "keyed"
    is_live: bool = False
    key_life: timedelta | None = None
    seen: int = field(default=0)

    def hand_off(self, message: Rendered) -> HandOff:
        """Take the message."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": message.send_key, "at": self.clock.now().isoformat()}) + "\n")
        return Accepted(receipt="taken", at=self.clock.now())


def attack(n: int, seed: int) -> SendsReport:
    """Carry out `n` attacks and say what reached the provider."""
    chance, context = Random(seed), a_context()  # noqa: S311  a seeded generator is wanted
    plan = a_plan(context)
    counts: Counter[str] = Counter()
    delivered: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = a_store(sqlite_url(folder / "base.db"), context, N_PEOPLE)
        put_live(base.store, plan, base.people)
        base.store.close()
        for number in range(n):
            bench = _Bench(folder, base, context, plan, chance, is_blind=number % 2 == 1)
            if number % CONTROL_EVERY == 0:
                sent, planned, lost = bench.run("honest", lambda case: None)
                counts.update(controls=planned, controls_delivered=sent, unaccounted=lost)
            which = (number // 2) % (len(ATTACKS) + len(SPOILS))
            if which < len(ATTACKS):
                what: Attack = ATTACKS[which]
                sent, _, lost = bench.run(what.__name__, what)
            else:
                what = SPOILS[which - len(ATTACKS)]  # type: ignore[assignment]
                sent, _, lost = bench.run_spoiled(what)  # type: ignore[arg-type]
            counts.update(attacks=1, blind=number % 2, delivered=sent, unaccounted=lost)
            delivered[what.__name__] += sent
    return SendsReport(
        n_attacks=counts["attacks"],
        n_blind=counts["blind"],
        n_delivered=counts["delivered"],
        n_controls=counts["controls"],
        n_controls_delivered=counts["controls_delivered"],
        n_unaccounted=counts["unaccounted"],
        delivered={name: number for name, number in sorted(delivered.items()) if number},
    )


class _Bench:
    """One case: a copy of the shop, a provider, and the oracle."""

    def __init__(
        self, folder: Path, base: FaultShop, context: PlanContext, plan: Plan, chance: Random, *, is_blind: bool
    ) -> None:
        self._folder, self._base, self._context, self._plan, self._chance = folder, base, context, plan, chance
        self._is_blind = is_blind

    def run(self, name: str, what: Attack, plan: Plan | None = None) -> tuple[int, int, int]:
        """Give (messages at the provider, messages planned, messages whose end is not accounted for)."""
        path, journal = self._folder / "case.db", self._folder / "journal.jsonl"
        journal.unlink(missing_ok=True)
        fresh_file(self._folder / "base.db", path)
        store = open_store(sqlite_url(path))
        if plan is not None:
            put_live(store, plan, self._base.people)
        plan = plan or self._plan
        wanted = self._wanted(name, what)
        case = Case(store, plan, rows_of(plan, self._context, self._base.people, self._chance, wanted),
                    self._chance, self._context)  # fmt: skip
        case.at = case.rows[0]["at"]
        what(case)
        rows = [{key: value for key, value in row.items() if key != "at"} for row in case.rows]
        with store.unit_of_work() as uow:
            uow.outbox.plan(rows)
        self._dispatch(store, journal, case.at)
        store.close()
        return oracle(path, journal, [row["send_key"] for row in rows])

    def _wanted(self, name: str, what: Attack) -> str:
        """Give which kind of step the case is about; every second honest one carries an offer."""
        if what in OFFERED:
            return "deal"
        if what in INTENDED:
            return "intent"
        return "offer" if name == "honest" and self._chance.random() < 0.5 else "service"

    def run_spoiled(self, spoil: Callable[[dict[str, Any], Random], None]) -> tuple[int, int, int]:
        """Make a spoiled plan live; one that is no plan at all cannot be, and counts as stopped there."""
        from .adversarial_plans import read_plan

        for _ in range(20):
            raw = json.loads(self._plan.model_dump_json())
            spoil(raw, self._chance)
            made = read_plan(raw)
            if made is not None and made.id != self._plan.id:
                return self.run(spoil.__name__, lambda case: None, made)
        return 0, 0, 0

    def _dispatch(self, store: Store, journal: Path, at: datetime) -> None:
        clock, lake = ManualClock(at), Lake(self._folder / "lake")  # of nobody is anything known
        senders: Any = {channel: Journal(journal, clock) for channel in ("email", "sms", "push")}
        if not self._is_blind:
            dispatch(store, senders, clock, KEY, SHOP.shop_id, lake=lake)
            return
        with (
            patch.object(claim, "check", lambda *_: None),
            patch.object(Intents, "refusal", lambda *_: ""),
            patch.object(hand, "consent_refusal", lambda *_: ""),
        ):
            dispatch(store, senders, clock, KEY, SHOP.shop_id, lake=lake)


def oracle(database: Path, journal: Path, keys: list[str]) -> tuple[int, int, int]:
    """Judge from outside: the provider's own file, and the database opened for reading only."""
    taken = [json.loads(line)["key"] for line in journal.read_text().splitlines()] if journal.exists() else []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        states = dict(connection.execute("SELECT send_key, state FROM outbox"))
    wrong = [key for key in keys if states.get(key) not in ("planned", "sent", "suppressed", "failed", "unknown")]
    wrong += [key for key in keys if (states.get(key) == "sent") != (key in taken)]
    wrong += [key for key in set(taken) if taken.count(key) > 1]
    return len(taken), len(keys), len(wrong)


def rows_of(
    plan: Plan, context: PlanContext, people: tuple[str, ...], chance: Random, wanted: str
) -> list[dict[str, Any]]:
    """Give the outbox rows that a tick without guardrails would make of one step, certificates and all."""
    steps = [
        (journey.cohort, step)
        for journey in plan.journeys
        for step in journey.steps
        if step.owner == "us" and step.channels[0] != "onpage" and wanted in _of(plan, step)
    ]  # fmt: skip
    cohort, step = chance.choice(steps)
    return [row_of(plan, context, cohort, step, person) for person in people]


def _of(plan: Plan, step: Step) -> set[str]:
    """Give what a step is to a case: one with an offer, a promotion that costs, a service, or for a state of intent.

    Points for a review are a service that recent buyers may get, and early access costs nothing whatever margins are:
    attacks on pauses and margins need a deal.
    """
    offer = plan.offer(step.offer_id) if step.offer_id else None
    is_dear = offer is not None and offer.cost_per_use.amount_minor > 0 and step.message_class == "promotional"
    kinds = {"offer": offer is not None, "deal": is_dear, "service": step.message_class == "service"}
    kinds["intent"] = isinstance(step.audience, Intends) and step.audience.state == "explore"
    return {name for name, holds in kinds.items() if holds}


def row_of(plan: Plan, context: PlanContext, cohort: str, step: Step, person: str, *, copy: int = 0) -> dict[str, Any]:
    """Give one outbox row of a step, as decided at noon of its day; copies differ in their send key alone."""
    at = datetime.combine(step.due_on, time(12), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    offer = plan.offer(step.offer_id) if step.offer_id else None
    candidate = {
        "person_id": person, "cohort": cohort, "arm": "treated", "step_id": step.id, "channel": step.channels[0],
        "message_kind": step.kind, "message_class": step.message_class, "offer_id": step.offer_id or "",
        "market": "DE", "language": "de", "zone": "Europe/Berlin", "send_at": at, "local_minute": 720,
        "local_weekday": step.due_on.weekday(), "is_local_holiday": False, "has_consent": True,
        "is_suppressed": False, "last_order_at": None, "n_sent_window": 0, "n_promotional": 0, "n_value": 0,
        "discount_rate": offer.discount_rate if offer else 0.0, "price_ratio": offer.price_ratio if offer else 1.0,
        "worst_margin_rate": offer.worst_margin_rate if offer else 1.0, "cost_millis": 40,
    }  # fmt: skip
    template = f"{step.template}@{step.template_version}"
    key = send_key(plan, candidate) + (f".{copy}" if copy else "")
    table = pa.Table.from_pylist([candidate], schema=CANDIDATES_SCHEMA).append_column("template", [[template]])
    shared = Shared(
        KEY, plan.id, context.guardrails, _markets(), data_version=1, decided_at=to_micros(at),
        budget_millis=1000 * plan.budget.total.amount_minor,
    )  # fmt: skip
    ids = pa.array([f"{plan.id[:12]}/{step.id}/{person}"])
    names = ("person_id", "cohort", "step_id", "channel", "message_kind", "message_class", "offer_id", "market",
             "language", "zone", "cost_millis")  # fmt: skip
    return {name: candidate[name] for name in names} | {
        "send_key": key, "shop_id": plan.shop_id, "plan_id": plan.id, "batch_id": "b", "template": template,
        "zone_source": "person", "due_at": to_micros(at), "send_at": to_micros(at), "goods": "", "at": at,
        "certificate": certificates(table, ids, pa.array([key]), shared)[0].as_py(),
    }  # fmt: skip


def _markets() -> dict[str, Market]:
    return {market.country: market for market in load_markets().all()}
