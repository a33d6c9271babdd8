"""Reading: where a market asks for it, somebody who reads its language marks its texts as read before an approval."""

from memory.domain.approval import Approval
from memory.domain.approval_notice import TextsRead
from memory.domain.approval_rules import MarketReader
from memory.domain.base import Count, Frozen
from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.errors import NotFound, NotPermitted
from memory.domain.plan import Plan
from memory.domain.principal import Principal
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .barred import barred
from .errors import AlreadyDecided, NotSeen, OwnPlan
from .exhibit import ShownMessage, shown_messages


class MarketReading(Frozen):
    """What a market's texts wait for."""

    market: str
    """The market."""
    language: str
    """The language somebody has to read."""
    readers: tuple[str, ...]
    """Who may."""
    languages: tuple[str, ...]
    """Languages of the texts that people there get."""
    n_texts: Count
    """How many texts there are."""
    texts_hash: str
    """Hash over them."""
    read: TextsRead | None = None
    """Who read exactly these and when; none where nobody did."""


def needed(rules: tuple[MarketReader, ...], plan: Plan) -> tuple[MarketReader, ...]:
    """Give the markets of the plan whose texts have to be read."""
    return tuple(rule for rule in rules if rule.market in plan.markets)


def readings(
    uow: UnitOfWork, plan: Plan, messages: tuple[ShownMessage, ...] | None = None
) -> tuple[MarketReading, ...]:
    """Give what each market that asks for it waits for; nothing is worded where no market of the plan does.

    Texts count by what they say: an amended plan with the same texts in a language needs no second reading.
    """
    rules = needed(uow.approval_rules.current(plan.shop_id).readers, plan)
    if not rules:
        return ()
    shown = messages if messages is not None else _messages(uow, plan)
    return tuple(_reading(uow, plan, rule, shown) for rule in rules)


def unread(uow: UnitOfWork, plan: Plan) -> tuple[str, ...]:
    """Give the markets whose texts nobody has read who has to."""
    return tuple(one.market for one in readings(uow, plan) if one.read is None)


def mark_read(
    store: Store, clock: Clock, principal: Principal, approval_id: str, market: str, texts_hash: str = ""
) -> MarketReading:
    """Note that somebody read a market's texts of a waiting request, and give how it stands then.

    Raise `NotFound` where the market asks for nothing, `NotPermitted` for everybody who is not named as its reader,
    `OwnPlan` for who touched the plan, `AlreadyDecided`, and `NotSeen` where `texts_hash` is of other texts.
    """
    with store.unit_of_work() as uow:
        approval = uow.approvals.get(approval_id)
        plan = uow.plans.get(approval.plan_id).plan
        found = next((one for one in readings(uow, plan) if one.market == market), None)
        if found is None:
            raise NotFound(kind="reading", id=market)
        _require_reader(uow, principal, approval, found)
        if texts_hash and texts_hash != found.texts_hash:
            raise NotSeen(approval_id=approval_id)
        if found.read is not None:
            return found
        now = clock.now()
        read = TextsRead(
            shop_id=plan.shop_id, market=market, texts_hash=found.texts_hash, language=found.language,
            reader=principal.id, read_at=now, approval_id=approval_id,
        )  # fmt: skip
        uow.approval_readings.add(read)
        detail = {"approval": approval_id, "market": market, "language": found.language, "texts": found.texts_hash}
        uow.audit.append(principal.id, "approval.read_texts", f"plan:{plan.id}", now, detail)
        return found.model_copy(update={"read": read})


def texts_hash(messages: tuple[ShownMessage, ...], plan_id: str) -> str:
    """Give the hash over what messages say, whatever their day or step, and whichever plan their links name."""
    name = plan_id[:12]
    said = {
        content_hash([m.channel, m.language, m.subject, m.text.replace(name, ""), m.html.replace(name, "")])
        for m in messages
    }
    return content_hash(sorted(said))


def _require_reader(uow: UnitOfWork, principal: Principal, approval: Approval, found: MarketReading) -> None:
    is_reader = principal.id in found.readers and principal.kind == "human"
    if not is_reader or not principal.may("read", approval.shop_id):
        what = f"mark the texts of {found.market} as read"
        raise NotPermitted(principal=principal.id, permission=what, shop_id=approval.shop_id)
    if principal.id in barred(uow, approval):
        raise OwnPlan(principal=principal.id, plan_id=approval.plan_id[:12])
    if approval.status != "waiting":
        raise AlreadyDecided(approval_id=approval.id, status=approval.status)


def _reading(uow: UnitOfWork, plan: Plan, rule: MarketReader, messages: tuple[ShownMessage, ...]) -> MarketReading:
    """People of a market get its language where the plan has it, else one of the plan's others: then all are its."""
    theirs = tuple(m for m in messages if m.language == rule.language and not m.problem)
    theirs = theirs or tuple(m for m in messages if not m.problem)
    hash_ = texts_hash(theirs, plan.id)
    return MarketReading(
        market=rule.market,
        language=rule.language,
        readers=rule.readers,
        languages=tuple(sorted({m.language for m in theirs})),
        n_texts=len(theirs),
        texts_hash=hash_,
        read=uow.approval_readings.find(plan.shop_id, rule.market, hash_, rule.readers),
    )


def _messages(uow: UnitOfWork, plan: Plan) -> tuple[ShownMessage, ...]:
    return shown_messages(plan, uow.shops.get(plan.shop_id), uow.guardrails.current(plan.shop_id))
