"""What a plan in the shadow would have sent and skipped, and why, with samples."""

from typing import Any

from agent.dispatch.checks import SHADOWED
from agent.dispatch.claim import market_of
from agent.dispatch.goods import Shown
from agent.dispatch.words import Sheet, compose, sample_code
from memory.domain.base import Count, Frozen, Instant
from memory.domain.consent import Contact
from memory.domain.errors import NotReady
from memory.domain.message import Rendered
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.markets import Markets

N_SAMPLES = 5
NOBODY = Contact(subject_id="nobody", email="somebody@example.invalid", phone="+10000000000", push_token="-")  # noqa: S106
"""Samples name no person."""


class ShadowSample(Frozen):
    """One message as it would have left, to nobody in particular."""

    step_id: str
    """Its step."""
    channel: str
    """Its channel."""
    language: str
    """Its language."""
    subject: str
    """Its subject."""
    text: str
    """Its words, without a name."""


class ShadowReport(Frozen):
    """What a plan did in the shadow."""

    plan_id: str
    """The plan."""
    since: Instant
    """Since when."""
    n_would_have_sent: Count
    """Messages that passed every check of their instant."""
    by_step: dict[str, Count]
    """The same per step."""
    skipped: dict[str, Count]
    """Messages that were planned and would not have left, per reason."""
    not_chosen: dict[str, Count]
    """Decisions against any message, per reason."""
    n_waiting: Count
    """Messages that are planned and not due yet."""
    samples: tuple[ShadowSample, ...]
    """Some of them."""


def report_shadow(store: Store, lake: Lake, key: bytes, plan: Plan, markets: Markets, public_url: str) -> ShadowReport:
    """Give the report; raise `NotReady` where the plan does not run in the shadow."""
    with store.read() as uow:
        since = uow.amendments.shadow_since(plan.id)
        if since is None:
            raise NotReady(
                what=f"plan {plan.id[:12]}",
                why="it does not run in the shadow",
                remedy="Start it with `secondorder shadow start`",
            )
        counts = uow.sent_counts.by_step(plan.id)
        rows = uow.sent_counts.samples(plan.id, "suppressed", SHADOWED, N_SAMPLES)
        guardrails = uow.guardrails.current(plan.shop_id)
        sheet = Sheet(shop=uow.shops.get(plan.shop_id), key=key, public_url=public_url)
    samples = [
        _sample(row, compose(row, NOBODY, plan, guardrails, market, sheet, Shown(), code=sample_code(row, plan)))
        for row, market in ((row, market_of(markets, row.market)) for row in rows)
    ]
    by_step: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for (step_id, state, reason), n in counts.items():
        if (state, reason) == ("suppressed", SHADOWED):
            by_step[step_id] = by_step.get(step_id, 0) + n
        elif state != "planned":
            skipped[reason or state] = skipped.get(reason or state, 0) + n
    return ShadowReport(
        plan_id=plan.id,
        since=since,
        n_would_have_sent=sum(by_step.values()),
        by_step=dict(sorted(by_step.items())),
        skipped=dict(sorted(skipped.items())),
        not_chosen=_not_chosen(store, lake, plan),
        n_waiting=sum(n for (_, state, _), n in counts.items() if state == "planned"),
        samples=tuple(one for one in samples if one is not None),
    )


def _sample(row: Any, message: Rendered | str) -> ShadowSample | None:
    if isinstance(message, str):
        return None
    return ShadowSample(
        step_id=row.step_id, channel=row.channel, language=row.language, subject=message.subject, text=message.text
    )


def _not_chosen(store: Store, lake: Lake, plan: Plan) -> dict[str, int]:
    with store.read() as uow:
        versions = uow.batches.lake_versions()
    if "decisions" not in versions:
        return {}
    with lake.open({"decisions": versions["decisions"]}, [plan.shop_id]) as view:
        table = view.raw("decisions")
        mine = table.filter((table.plan_id == plan.id) & (table.chosen == "none"))
        rows = mine.group_by("chosen_reason").aggregate(n=mine.count()).to_pyarrow().to_pylist()
    return {row["chosen_reason"]: row["n"] for row in sorted(rows, key=lambda row: str(row["chosen_reason"]))}
