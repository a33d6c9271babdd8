"""Reading what ticks kept of a plan's decisions, so that a bundle can take it along."""

from agent.sessions.bundle import Bundle
from agent.sessions.decisions import DECIDED_SCHEMA, DecisionInputs, Frames
from memory.domain.decision_frame import DecisionFrame
from memory.domain.facts import DECISION_INPUTS_SCHEMA
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.sessions import StoredSession
from tools.markets import Markets

LAKE_TABLES = ("decision_frames", "decision_inputs", "decisions")


def gathered(store: Store, lake: Lake, markets: Markets, stored: StoredSession) -> Bundle:
    """Give the session with the inputs of its plan's decisions; without them where nothing was kept."""
    if not stored.head.plan_id:
        return Bundle(stored)
    return Bundle(stored, decision_inputs(store, lake, markets, stored.head.shop_id, stored.head.plan_id))


def decision_inputs(
    store: Store, lake: Lake, markets: Markets, shop_id: str, plan_id: str, batch_id: str = ""
) -> DecisionInputs | None:
    """Give the kept inputs and decisions of every batch the store names, or of one; none where nothing was decided."""
    with store.read() as uow:
        batches = {batch.batch_id for batch in uow.batches.all(shop_id) if "decision_frames" in batch.lake_versions}
        batches = batches & {batch_id} if batch_id else batches
        newest = uow.batches.lake_versions()
    if not batches:
        return None
    with lake.open({name: newest[name] for name in LAKE_TABLES}, [shop_id]) as view:
        tables = {name: view.raw(name) for name in LAKE_TABLES}
        own = {name: one.filter(one.plan_id == plan_id, one.batch_id.isin(batches)) for name, one in tables.items()}
        texts = own["decision_frames"].to_pyarrow()["frame"].to_pylist()
        inputs = own["decision_inputs"].order_by(["batch_id", "person_id", "option_id", "waited_on"]).to_pyarrow()
        decided = own["decisions"].order_by(["batch_id", "decision_id"]).to_pyarrow()
    frames = sorted((DecisionFrame.model_validate_json(text) for text in texts), key=lambda one: one.slot_at)
    if not frames:
        return None
    with store.read() as uow:
        shared = Frames(
            plan=uow.plans.get(plan_id).plan,
            frames=tuple(frames),
            guardrails=tuple(uow.guardrails.get(name) for name in sorted({one.guardrail_version for one in frames})),
            markets=tuple(sorted(markets.all(), key=lambda market: market.country)),
        )
    return DecisionInputs(
        shared, inputs.select(DECISION_INPUTS_SCHEMA.names).cast(DECISION_INPUTS_SCHEMA),
        decided.select(DECIDED_SCHEMA.names).cast(DECIDED_SCHEMA),
    )  # fmt: skip
