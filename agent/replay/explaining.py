"""Explaining a decision by deciding again: the tick's own code over the inputs it kept, and once more with a change.

Prices of money and grants are those of the batch's own plan. The change is worked out at these prices and then tried:
the whole batch is decided again with it. Where the prices move with it, it is doubled until the decision flips.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from agent.planning.worth import margin_per_order
from agent.sessions.decisions import DecisionInputs
from agent.tick.decide import Frame, chosen_of, posed
from agent.tick.judge import guarded
from memory.domain.errors import NotFound, NotReady
from memory.domain.money import Currency
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.allocation import Choice, Options
from tools.allocation.why import Flip, charged, decided_at, tried, why
from tools.markets import Markets

from .deciding import frame_again
from .gathering import decision_inputs
from .why_hour import hour_facts
from .why_record import Change, Contender, Term, Why

NOTHING = Contender(channel="none", offer_id="", terms=(), worth_millis=0, reasons=())
FACTS = (
    "cohort", "market", "language", "message_kind", "message_class", "effect_mean", "effect_sd", "effect_source",
    "n_sent_window", "cap_rate", "has_consent", "is_suppressed", "last_order_at", "zone", "local_minute",
)  # fmt: skip


@dataclass(frozen=True)
class _Batch:
    """One batch of one plan, posed again."""

    rows: pa.Table
    options: Options
    ids: pa.Array
    frame: Frame
    choice: Choice


def explain_decision(store: Store, lake: Lake, markets: Markets, shop_id: str, decision_id: str) -> Why:
    """Explain one decision of the shop.

    Raise `NotFound` where no batch holds it, `NotReady` where its inputs are gone or the person was withheld.
    """
    with store.read() as uow:
        versions, shop = uow.batches.lake_versions(), uow.shops.get(shop_id)
    with lake.open({"decisions": versions["decisions"]} if "decisions" in versions else {}, [shop_id]) as view:
        known = _decision(view, decision_id) if "decisions" in versions else []
    if not known:
        raise NotFound(kind="decision", id=decision_id)
    given = decision_inputs(store, lake, markets, shop_id, known[0]["plan_id"], known[0]["batch_id"])
    if known[0]["arm"] != "treated" or given is None:
        raise NotReady(
            what=f"the reasons of decision {decision_id}",
            why="nothing was weighed for it" if given is not None else "its inputs were not kept",
            remedy="Name a decision about a person who can be messaged, of a batch whose inputs are still there.",
        )
    return explain_in(given, decision_id, shop.currency)


def _decision(view: LakeView, decision_id: str) -> list[dict[str, Any]]:
    table = view.raw("decisions")
    found: list[dict[str, Any]] = table.filter(table.decision_id == decision_id).to_pyarrow().to_pylist()
    return found


def explain_in(given: DecisionInputs, decision_id: str, currency: Currency) -> Why:
    """Explain one decision of kept inputs; raise `NotReady` where its candidates are not among them."""
    batch = _again(given)
    place = pc.index(batch.ids, decision_id).as_py()
    if place < 0:
        raise NotReady(
            what=f"the reasons of decision {decision_id}",
            why="its candidates are gone: the person was erased since",
            remedy="Explain another decision of the batch.",
        )
    found = _explained(batch, place, decision_id, currency)
    return found.model_copy(update={"facts": found.facts | _hour(batch, place, given, decision_id)})


def _hour(batch: _Batch, place: int, given: DecisionInputs, decision_id: str) -> dict[str, str]:
    """Give the facts on the hour at which what was chosen goes."""
    option = int(batch.choice.option[place])
    if option < 0:
        return {}
    kept = given.decided.filter(pc.equal(given.decided["decision_id"], decision_id)).to_pylist()
    return hour_facts(batch.rows.slice(option, 1).to_pylist()[0], kept[0], batch.frame) if kept else {}


def _again(given: DecisionInputs) -> _Batch:
    [kept] = given.shared.frames
    frame = frame_again(given.shared, kept, given.shared.rails(kept.guardrail_version))
    with LakeView({}) as view:
        treated = given.inputs.filter(pc.equal(given.inputs["arm"], "treated"))
        rows, options, ids = posed(guarded(view, treated, frame, given.shared.markets), frame)
    return _Batch(rows, options, ids, frame, chosen_of(options, ids, frame))


def _explained(batch: _Batch, place: int, decision_id: str, currency: Currency) -> Why:
    options, prices = batch.options, batch.choice.prices
    found = why(options, prices, batch.frame.budget_millis, place)
    by_value = int(batch.choice.by_value[place])
    flip, then = _flipped(batch, place, found.flip)
    chosen, runner_up = _contender(batch, by_value), _contender(batch, found.runner_up)
    return Why(
        decision_id=decision_id,
        currency=currency,
        chosen=chosen,
        runner_up=runner_up,
        decisive=_decisive(chosen, runner_up, found.rival, found.flip),
        lead_millis=found.lead_millis,
        rival="" if found.rival < 0 else batch.ids[found.rival].as_py(),
        chance=_channel(batch, int(batch.choice.option[place])) if batch.choice.is_explored[place] else "",
        **_asked(batch, place),
        is_near_tie=int(decided_at(options, prices, batch.frame.budget_millis)[place]) != by_value,
        facts=_facts(batch, place),
        change=None if flip is None else _change(batch, flip),
        then="" if flip is None else _channel(batch, then),
        n_decisions=len(batch.ids),
    )


def _asked(batch: _Batch, place: int) -> dict[str, Any]:
    """Give the channel that the person asked for, and what blocks it for this decision."""
    first, size = int(batch.options.starts[place]), int(batch.options.sizes[place])
    rows = batch.rows.slice(first, size).select(["channel", "preferred_channel", "allowed", "reasons"]).to_pylist()
    asked = rows[0]["preferred_channel"] or ""
    own = [row for row in rows if row["channel"] == asked]
    blocked = own[0]["reasons"] or () if own else ("not_offered",)
    return {"asked": asked, "asked_blocked": tuple(blocked) if asked else ()}


def _flipped(batch: _Batch, place: int, flip: Flip) -> tuple[Flip | None, int]:
    """Decide the whole batch again with the change, doubled until the plan gives the decision something else."""
    now, then = int(batch.choice.by_value[place]), -1

    def decide(options: Options) -> int:
        nonlocal then
        then = int(chosen_of(options, batch.ids, batch.frame).by_value[place])
        return then

    return tried(batch.options, place, flip, decide, now), then


def _contender(batch: _Batch, option: int) -> Contender:
    if option < 0:
        return NOTHING
    row = batch.rows.slice(option, 1).to_pylist()[0]
    money, grants = charged(batch.options, batch.choice.prices)
    terms = (
        Term(name="added_margin", millis=row["value_millis"]),
        Term(name="send_and_incentive", millis=-row["cost_millis"]),
        Term(name="price_of_money", millis=-round(float(money[option]))),
        Term(name="price_of_grants", millis=-round(float(grants[option]))),
    )
    return Contender(
        channel=row["channel"],
        offer_id=row["offer_id"] or "",
        terms=terms,
        worth_millis=sum(term.millis for term in terms),
        reasons=tuple(row["reasons"] or ()),
    )


def _decisive(chosen: Contender, runner_up: Contender, rival: int, flip: Flip) -> Any:
    if flip.unblocks:
        return "guardrail"
    if flip.less_cost_millis:
        return "price_of_money"
    if flip.more_grants:
        return "price_of_grants"
    if flip.more_slots or rival >= 0:
        return "frequency_cap"
    sides = ({term.name: term.millis for term in one.terms} for one in (chosen, runner_up))
    first, second = sides
    names = [*first] or [*second]
    if not names:
        return "none"
    return max(names, key=lambda name: abs(first.get(name, 0) - second.get(name, 0)))


def _change(batch: _Batch, flip: Flip) -> Change:
    row = batch.rows.slice(flip.option, 1).to_pylist()[0]
    each = 1000 * margin_per_order(batch.frame.plan)
    effect = float(row["effect_mean"] or 0.0)
    is_by_effect = row["message_class"] == "promotional"  # service is owed, whatever it adds
    return Change(
        channel=row["channel"],
        value_millis=flip.net_millis,
        effect_from=effect,
        effect_to=effect + flip.net_millis / each if is_by_effect and each and flip.net_millis else None,
        lifted=tuple(row["reasons"] or ()) if flip.unblocks else (),
        less_cost_millis=flip.less_cost_millis,
        more_grants=flip.more_grants,
        more_slots=flip.more_slots,
    )


def _channel(batch: _Batch, option: int) -> str:
    return "none" if option < 0 else str(batch.rows["channel"][option].as_py())


def _facts(batch: _Batch, place: int) -> dict[str, str]:
    row = batch.rows.slice(int(batch.options.starts[place]), 1).to_pylist()[0]
    said = {name: _said(row[name]) for name in FACTS}
    return said | {"cap_left": str(int(batch.options.free_slots[place]))}


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
