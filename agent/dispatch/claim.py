"""Claiming: one durable transaction checks a batch, takes cap slots and budget, and starts the lease."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from agent.tracing import span
from memory.domain.clock import SKEW
from memory.domain.errors import NotFound
from memory.domain.handover import PlanNow, Slot
from memory.domain.market import Market
from memory.domain.message import Rendered
from memory.domain.outcome import Allowed
from memory.store.communities import COMMUNITY
from memory.store.instants import from_micros, to_micros
from memory.store.member_invitations import INVITATION
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.markets import Markets

from .checks import SHADOWED, Verdict, check, is_spared
from .codes import BatchCodes
from .facts import ClaimFacts, read_facts
from .goods import Shown, still_shown
from .intents import Intents
from .library import item_of
from .reactions import Reactions
from .report import Tally
from .second import WAIT, Second, passes, person_now, reasons_of
from .sms_cost import extra_millis, step_left_millis
from .words import Sheet, compose

LEASE = timedelta(seconds=120)
BATCH = 100


@dataclass(frozen=True)
class Claimed:
    """A message we hold: checked, worded, leased."""

    row: Any
    """Its outbox row as it was read."""
    person_id: str
    """The person it is for, after merges."""
    fence: int
    """The number of our claim."""
    message: Rendered
    """What goes to the channel."""
    cost_millis: int = 0
    """What the claim reserves."""
    extra_millis: int = 0
    """The part of it that the rendered text added."""
    counted: tuple[str, ...] = ()
    """Records whose messages use up this person's caps."""
    is_again: bool = False
    """Whether an earlier claim may already have handed it off under the same key."""


def claim_batch(
    uow: UnitOfWork,
    rows: Sequence[Any],
    sender: Sender,
    worker: str,
    now: datetime,
    markets: Markets,
    sheet: Sheet,
    second: Second,
    tally: Tally,
    reactions: Reactions,
    intents: Intents | None = None,
) -> list[Claimed]:
    """Check planned messages in order and claim those that may go; the others are suppressed or held."""
    with span("claim.facts", n=len(rows)):
        facts = replace(read_facts(uow, sheet.shop.shop_id, rows, now), channels=sheet.channels)
        codes = BatchCodes(uow, sheet.shop.shop_id, sheet.key, facts, now).read(rows)
    claimed: list[Claimed] = []
    suppressed: dict[str, str] = {}
    held: dict[str, datetime] = {}
    spent: dict[str, int] = {}
    standing: dict[str, PlanNow] = {}  # the ledger, the people and the messages are locked: it holds for the batch
    for row in rows:
        market = market_of(markets, row.market)
        verdict = check(row, facts, market, now) or _since(uow, row, facts, reactions, intents, now)
        if verdict is None:
            if row.plan_id not in standing:
                standing[row.plan_id] = second.plan_now(uow, row.plan_id)
            plan = standing[row.plan_id].model_copy(update={"remaining_millis": facts.budget[row.plan_id]})
            verdict = _looked_at_again(row, facts, plan, market, second, intents, now)
        found = verdict or codes.of(row)
        if isinstance(found, str):
            priced = _ready(uow, row, facts, market, sheet, spent, found)
            if isinstance(priced, Claimed):
                claimed.append(priced)
                _take(priced, facts, spent, now)
                continue
            codes.give_back(row)
            suppressed[row.send_key] = priced
        elif found.action == "suppress":
            suppressed[row.send_key] = found.reason
            _take_in_shadow(row, found.reason, facts, now)
        else:
            assert found.until is not None
            held[row.send_key] = found.until
            tally.held[found.reason] += 1
    codes.write()
    _write(uow, claimed, suppressed, held, spent, sender, worker, now, _waiting(rows, held, facts))
    tally.suppressed.update(suppressed.values())
    return claimed


def _waiting(rows: Sequence[Any], held: dict[str, datetime], facts: ClaimFacts) -> list[Any]:
    """Give the messages that wait for a parcel on a lane that slips."""
    return [row for row in rows if row.send_key in held and is_spared(row, facts)]


def _since(
    uow: UnitOfWork, row: Any, facts: ClaimFacts, reactions: Reactions, intents: Intents | None, now: datetime
) -> Verdict | None:
    """Look at what the person did since the tick: answered a first message, joined, or changed their mind."""
    verdict = _second(uow, row, facts, reactions, now) or _invitation(uow, row, facts, reactions, now)
    verdict = verdict or _content(row, facts, reactions, now)
    return verdict or _intent(uow, row, facts, intents, now)


def _invitation(uow: UnitOfWork, row: Any, facts: ClaimFacts, reactions: Reactions, now: datetime) -> Verdict | None:
    """Look again at an invitation to membership or community; one that this run's look at the lake missed waits."""
    if row.message_kind not in (INVITATION, COMMUNITY):
        return None
    is_community = row.message_kind == COMMUNITY
    if row.send_key not in (reactions.communities if is_community else reactions.members).seen:
        return _looked_later(now)
    person = facts.person_of[row.person_id]
    if (row.message_kind, person) in facts.invited:
        return Verdict("suppress", "was_invited")
    if is_community:
        reason = reactions.communities.refusal(uow, row, person)
    else:
        reason = reactions.members.refusal(uow, row, person, facts.state[person]["last_order_at"])
    return Verdict("suppress", reason) if reason else None


def _content(row: Any, facts: ClaimFacts, reactions: Reactions, now: datetime) -> Verdict | None:
    """Look again at a message for members; one that this run's look at the lake missed waits."""
    item = item_of(row, facts.plans[row.plan_id][0])
    if item is None or item.audience != "members":
        return None
    if row.send_key not in reactions.readers.seen:
        return _looked_later(now)
    is_member = reactions.readers.has(facts.person_of[row.person_id])
    return None if is_member else Verdict("suppress", "not_member")


def _second(uow: UnitOfWork, row: Any, facts: ClaimFacts, reactions: Reactions, now: datetime) -> Verdict | None:
    """Look again at a second channel's message; one that this run's look at the lake missed waits for the next."""
    if not row.first_key:
        return None
    if row.send_key not in reactions.seen:
        return _looked_later(now)
    reason = reactions.refusal(uow, row, facts.state[facts.person_of[row.person_id]])
    return Verdict("suppress", reason) if reason else None


def _intent(uow: UnitOfWork, row: Any, facts: ClaimFacts, intents: Intents | None, now: datetime) -> Verdict | None:
    """Look again at a message that is for one state of intent; one that this run has not looked at waits."""
    reason = intents.refusal(uow, row, facts.person_of[row.person_id]) if intents else ""
    if reason is None:
        return _looked_later(now)
    return Verdict("suppress", reason) if reason else None


def _looked_later(now: datetime) -> Verdict:
    """Hold what came due after this run looked at the lake: the next run sees it."""
    return Verdict("hold", "second_look", now + timedelta(minutes=1))


def _ready(
    uow: UnitOfWork, row: Any, facts: ClaimFacts, market: Market | None, sheet: Sheet, spent: dict[str, int], code: str
) -> Claimed | str:
    """Give the claim with its words, or why there are none, or why they cost too much."""
    message = _worded(row, facts, market, sheet, code)
    return _priced(uow, row, facts, message, sheet, spent) if isinstance(message, Rendered) else message


def _priced(
    uow: UnitOfWork, row: Any, facts: ClaimFacts, message: Rendered, sheet: Sheet, spent: dict[str, int]
) -> Claimed | str:
    """Give the claim with what the rendered text costs, or why that is too much."""
    extra = extra_millis(message, sheet.shop.currency)
    if extra is None:
        return "sms_too_long"
    cost = row.cost_millis - row.extra_millis + extra
    if extra and (
        cost > facts.budget[row.plan_id]
        or cost + spent.get(row.step_id, 0) > step_left_millis(uow, facts.plans[row.plan_id][0], row.step_id)
    ):
        return "sms_cost"
    person = facts.person_of[row.person_id]
    return Claimed(row, person, row.fence + 1, message, cost, extra, facts.counted[person])


def _looked_at_again(
    row: Any,
    facts: ClaimFacts,
    plan: PlanNow,
    market: Market | None,
    second: Second,
    intents: Intents | None,
    now: datetime,
) -> Verdict | None:
    """Ask the second checker about a row that the first one lets go."""
    person = facts.person_of[row.person_id]
    state = facts.state.get(person)
    if state is None:
        return Verdict("suppress", "unknown_person")
    arms, parts = facts.arms.get((row.plan_id, person), ()), facts.part_arms_of(row.plan_id, person)
    seen = person_now(state, row, arms, facts.held[person], parts, intents.deeds.of(person) if intents else None)
    verdict = second.verdict(row, seen, plan, market, now)
    if isinstance(verdict, Allowed):
        return None
    if passes(verdict):
        return Verdict("hold", reasons_of(verdict), now + WAIT)
    return Verdict("suppress", reasons_of(verdict))


def recover(
    uow: UnitOfWork, sender: Sender, channel: str, worker: str, now: datetime, markets: Markets, sheet: Sheet
) -> tuple[list[Claimed], Counter[str]]:
    """Deal with claims whose lease ran out: give those that go out again under the same key, and count the others.

    A keyed provider is asked again within the life of the key, with the very same content; a queryable one is asked
    what it took; a hand-off to a blind one that had begun ends as `unknown`; one that had not begun goes back to
    planned.
    """
    rows = uow.outbox.lapsed(sheet.shop.shop_id, channel, now, BATCH)
    again: list[Claimed] = []
    done: Counter[str] = Counter()
    facts = read_facts(uow, sheet.shop.shop_id, rows, now)
    codes = BatchCodes(uow, sheet.shop.shop_id, sheet.key, facts, now).read(rows)
    for row in rows:
        if _may_repeat(row, sender, now):
            code = codes.confirmed(row)
            message = "no_code" if code is None else _worded(row, facts, market_of(markets, row.market), sheet, code)
            if isinstance(message, Rendered) and row.body_hash in ("", message.body_hash):
                if uow.outbox.claim_again(row.send_key, row.fence, worker, sender.name, now, LEASE):
                    person = facts.person_of[row.person_id]
                    held = (row.cost_millis, row.extra_millis, facts.counted[person])
                    again.append(Claimed(row, person, row.fence + 1, message, *held, is_again=True))
                continue
            uow.outbox.mark([_unknown(row, "body_changed" if isinstance(message, Rendered) else message)], now)
            done["unknown"] += 1
            continue
        if row.started_at or row.sender_kind == "keyed":
            uow.outbox.mark([_unknown(row)], now)
            done["unknown"] += 1
        else:
            uow.outbox.release(row.send_key, row.fence, now)
            uow.budget_ledger.release(row.plan_id, row.cost_millis)
    return again, done


def _may_repeat(row: Any, sender: Sender, now: datetime) -> bool:
    if row.sender != sender.name:
        return False
    if sender.kind == "queryable":
        return bool(row.started_at)
    if sender.kind != "keyed":
        return False
    age = now - from_micros(row.first_claimed_at)  # below zero after a clock that was ahead: then nobody knows it
    return sender.key_life is None or -SKEW <= age < sender.key_life


def _unknown(row: Any, reason: str = "lease_lapsed") -> dict[str, Any]:
    return {"send_key": row.send_key, "fence": row.fence, "state": "unknown", "reason": reason}


def market_of(markets: Markets, country: str) -> Market | None:
    """Give a market, or none where its data are not known."""
    try:
        return markets.get(country)
    except NotFound:
        return None


def _worded(row: Any, facts: ClaimFacts, market: Market | None, sheet: Sheet, code: str) -> Rendered | str:
    plan, _ = facts.plans[row.plan_id]
    person = facts.person_of[row.person_id]
    if (item := item_of(row, plan)) is not None and item.id in facts.ended_content:
        return "content_ended"
    shown = still_shown(row, plan, facts.goods, sheet.shop.currency)
    if row.message_kind == COMMUNITY:
        link = facts.community_links.get(row.market)
        shown = Shown(link, is_link_needed=True) if link else "no_community"
    if isinstance(shown, str):
        return shown
    is_at_risk = facts.bands.get(person) == "high"
    contact = facts.contacts.get(person)
    return compose(row, contact, plan, facts.guardrails, market, sheet, shown, is_at_risk=is_at_risk, code=code)


def _take(claimed: Claimed, facts: ClaimFacts, spent: dict[str, int], now: datetime) -> None:
    """Count the claim against the rest of its own batch."""
    row = claimed.row
    slot = (facts.person_of[row.person_id], row.message_class)
    facts.slots.setdefault(slot, []).append(to_micros(now))
    if row.notice_sku:
        facts.notices.add((slot[0], row.notice_sku))
    if row.message_kind in (INVITATION, COMMUNITY):
        facts.invited.add((row.message_kind, slot[0]))
    taken = Slot(row.send_key, row.message_class, now)
    for person in facts.sharers.get(row.person_id, ()):
        facts.held[person].append(taken)
        if person != slot[0]:
            facts.slots.setdefault((person, row.message_class), []).append(to_micros(now))
    facts.budget[row.plan_id] -= claimed.cost_millis
    if (left := facts.periods.get(row.plan_id)) is not None:
        left.take(row.person_id, claimed.cost_millis)
    for place in (row.plan_id, row.step_id):
        spent[place] = spent.get(place, 0) + claimed.cost_millis


def _take_in_shadow(row: Any, reason: str, facts: ClaimFacts, now: datetime) -> None:
    """Count what a plan in the shadow would have sent against the rest of its own batch."""
    if reason == SHADOWED:
        slot = (facts.person_of[row.person_id], row.message_class)
        facts.shadow_slots.setdefault(slot, []).append(to_micros(now))


def _write(
    uow: UnitOfWork,
    claimed: list[Claimed],
    suppressed: dict[str, str],
    held: dict[str, datetime],
    spent: dict[str, int],
    sender: Sender,
    worker: str,
    now: datetime,
    waiting: Sequence[Any],
) -> None:
    if waiting:
        named = ("plan_id", "step_id", "person_id", "message_kind", "message_class")
        kept = [(*(str(getattr(row, name)) for name in named),) for row in waiting]
        uow.slips.hold(waiting[0].shop_id, kept, now)
    uow.outbox.suppress(suppressed, now)
    uow.outbox.hold(held, now)
    for plan_id in sorted({one.row.plan_id for one in claimed}):
        reserved = uow.budget_ledger.reserve(plan_id, spent[plan_id])
        assert reserved, "the ledger row is locked, so what was left is left"
    if claimed:
        keys = [one.row.send_key for one in claimed]
        uow.outbox.word([_wording(one) for one in claimed])
        uow.outbox.claim(keys, worker, sender.name, sender.kind, now, LEASE)


def _wording(claimed: Claimed) -> dict[str, Any]:
    return {
        "send_key": claimed.row.send_key,
        "body_hash": claimed.message.body_hash,
        "cost_millis": claimed.cost_millis,
        "extra_millis": claimed.extra_millis,
    }
