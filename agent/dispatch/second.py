"""What the second checker is shown: the plan, the person and the market as they are at this very instant."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from agent.planning.catalogue import CATALOGUE
from agent.verify import verify_message, verify_plan
from memory.domain.figures import ShopFigures
from memory.domain.guardrails import Guardrails
from memory.domain.handover import DeedsNow, MarketNow, PersonNow, PlanNow, Promise, Slot, TemplateNow
from memory.domain.market import LegalHours, Market, Shop
from memory.domain.outcome import Denied, Verdict
from memory.domain.part_holdout import PartHoldout
from memory.domain.plan import Plan
from memory.store.unit_of_work import UnitOfWork
from tools.markets import Markets
from tools.timing.windows import is_holiday

from .approver import still_approver

TEMPLATES = {each.id: TemplateNow(each.kind, each.version) for each in CATALOGUE}
WAITS: frozenset[str] = frozenset(
    {"quiet_hours", "legal_hours", "guardrails_changed", "not_approved", "approval_expired", "price_unknown",
     "figures_unknown", "intent_unknown", "plan_waiting", "plan_approved"}
)  # fmt: skip
"""Reasons that pass: a message with no other reason waits instead of ending."""


FRESH_SECONDS = 1.0
"""How long what was read about a plan as a whole counts at the hand-off to a provider that knows no keys; what concerns
the person is read each time, and for keyed providers everything is."""
WAIT = timedelta(minutes=10)
"""How long such a message waits before it is looked at again."""


class Second:
    """Asks the second checker; what cannot change under its name (a plan's content, a version) is read once."""

    def __init__(self, key: bytes, markets: Markets, shop: Shop) -> None:
        """Prepare for one channel of one run."""
        self._key, self._markets, self._shop = key, markets, shop
        self._plans: dict[str, Plan] = {}
        self._parts: dict[str, tuple[PartHoldout, ...]] = {}
        self._rails: dict[str, Guardrails] = {}
        self._figures: dict[int, ShopFigures] = {}
        self._judged: dict[tuple[object, ...], Verdict] = {}
        self._lately: dict[str, tuple[float, PlanNow]] = {}

    def verdict(self, row: Any, person: PersonNow, plan: PlanNow, market: Market | None, now: datetime) -> Verdict:
        """Say whether the row may be handed off now."""
        whole = self.judge(plan)
        if isinstance(whole, Denied):
            return whole
        seen = _market_now(market, plan.guardrails.legal_hours, row, now)
        return verify_message(self._key, promise_of(row), person, plan, seen, now)

    def plan_now(self, uow: UnitOfWork, plan_id: str) -> PlanNow:
        """Give the plan as it stands."""
        plan = self.plan_of(uow, plan_id)
        status, touched = uow.plans.standing(plan_id)
        approval = next((each for each in uow.approvals.of_plan(plan_id) if each.status == "approved"), None)
        live = uow.batches.live(plan_id)
        return PlanNow.model_construct(
            plan=plan,
            status=status,
            approval=approval,
            may_approve=approval is not None and still_approver(uow, approval),
            touched_by=touched,
            live_at=live.live_at if live else None,
            guardrails=self._guardrails(uow, plan.shop_id),
            figures=self._figures_of(uow, plan.shop_id),
            concurrent_minor=uow.share_ledger.overlapping(plan.shop_id, plan.anchor_on, plan.ends_on, plan_id),
            remaining_millis=uow.budget_ledger.remaining_millis(plan_id),
            home_zone=self._shop.zone,
            templates=TEMPLATES,
            parts=self.parts_of(uow, plan_id),
        )

    def plan_lately(self, uow: UnitOfWork, plan_id: str) -> PlanNow:
        """Give the plan as it stood at most `FRESH_SECONDS` ago."""
        now = time.monotonic()
        read_at, plan = self._lately.get(plan_id, (0.0, None))
        if plan is None or now - read_at >= FRESH_SECONDS:
            plan = self.plan_now(uow, plan_id)
            self._lately[plan_id] = (now, plan)
        return plan

    def plan_of(self, uow: UnitOfWork, plan_id: str) -> Plan:
        """Give a plan's content; it never changes under its id."""
        if plan_id not in self._plans:
            self._plans[plan_id] = uow.plans.get(plan_id).plan
        return self._plans[plan_id]

    def parts_of(self, uow: UnitOfWork, plan_id: str) -> tuple[PartHoldout, ...]:
        """Give from which of its parts the plan withholds people; fixed once it runs, as every plan with messages is.

        A plan that takes over from another gets them in the same transaction as its messages.
        """
        if plan_id not in self._parts:
            self._parts[plan_id] = uow.part_holdouts.of(plan_id)
        return self._parts[plan_id]

    def judge(self, plan: PlanNow) -> Verdict:
        """Judge the plan itself, once per content, guardrails, figures and money of the plans beside it."""
        figures = plan.figures.data_version if plan.figures else None
        case = (plan.plan.id, plan.guardrails.version, figures, plan.concurrent_minor)
        if case not in self._judged:
            self._judged[case] = verify_plan(plan, self._markets.known(plan.plan.markets))
        return self._judged[case]

    def _guardrails(self, uow: UnitOfWork, shop_id: str) -> Guardrails:
        version = uow.guardrails.current_version(shop_id)
        if version not in self._rails:
            self._rails[version] = uow.guardrails.current(shop_id)
        return self._rails[version]

    def _figures_of(self, uow: UnitOfWork, shop_id: str) -> ShopFigures | None:
        version = uow.figures.version(shop_id)
        if version is None:
            return None
        if version not in self._figures:
            figures = uow.figures.get(shop_id)
            assert figures is not None, "its version was just read"
            self._figures[version] = figures
        return self._figures[version]


def person_now(
    state: Mapping[str, Any],
    row: Any,
    arms: Iterable[str],
    slots: Sequence[Slot],
    part_arms: Mapping[str, frozenset[str]] = MappingProxyType({}),
    deeds: DeedsNow | None = None,
) -> PersonNow:
    """Give the person's row of facts for a message's channel; `arms` are those of all their records."""
    known = set(arms)
    is_page = row.channel == "onpage"
    return PersonNow(
        arm=None if not known else "treated" if known == {"treated"} else "control",
        is_erased=bool(state["is_erased"]),
        has_consent=is_page or bool(state[f"consent_{row.channel}"]),
        is_suppressed=not is_page and bool(state[f"is_suppressed_{row.channel}"]),
        zones=tuple(state["zones"] or ()),
        last_order_at=_aware(state["last_order_at"]),
        slots=tuple(slots),
        part_arms=part_arms,
        deeds=deeds,
    )


def promise_of(row: Any) -> Promise:
    """Give what an outbox row states; what a claim added to its cost was not promised."""
    stated = {name: getattr(row, name) for name in Promise._fields}
    return Promise(**stated | {"cost_millis": row.cost_millis - row.extra_millis})


def reasons_of(denied: Denied) -> str:
    """Give the machine names of all reasons, each once, in order."""
    return ",".join(dict.fromkeys(denied.codes))


def passes(verdict: Denied) -> bool:
    """Say whether every reason is one that passes with time."""
    return set(verdict.codes) <= WAITS


def _market_now(market: Market | None, extra: Iterable[LegalHours], row: Any, now: datetime) -> MarketNow:
    """Give the market, with its holidays only where one of its rules asks for them: a calendar takes long to load."""
    if market is None or row.message_class != "promotional":
        return MarketNow(market, frozenset())
    if not any(rule.closed_on_holidays and rule.channel == row.channel for rule in (*market.legal_hours, *extra)):
        return MarketNow(market, frozenset())
    around = [(now + timedelta(days=offset)).date() for offset in (-1, 0, 1)]
    return MarketNow(market, frozenset(day for day in around if is_holiday(day, market.country)))


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
