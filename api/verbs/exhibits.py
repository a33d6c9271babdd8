"""What is put before an approver: exact words, reach, cost, worst case, people at the edges, the last approved plan."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from agent.approval.exhibit import ShownMessage, hash_of, shown_hash, shown_messages
from agent.approval.reading import MarketReading, readings
from agent.planning.differences import diff
from agent.planning.price import PlanPrice
from agent.planning.price import price as work_out
from memory.domain.approval import Approval
from memory.domain.base import Count, Frozen
from memory.domain.cohort import CohortId
from memory.domain.plan import Plan
from tools.cohorts import assign_cohorts

from .acting import Acting
from .approvals import Standing, show, standing
from .part_holdouts import ShownPart, parts
from .plans import Difference, SpokenLanguage, worded


class EdgeRecipient(Frozen):
    """One person at the edge of what the plan does, by pseudonym."""

    why: str
    """Which edge: rarest_market, rarest_language or longest_journey."""
    person_id: str
    """The pseudonym."""
    cohort: CohortId
    """Their cohort."""
    market: str
    """Their market."""
    language: str
    """Their language."""
    channels: tuple[str, ...]
    """Channels they consented to and are not suppressed on."""
    step_ids: tuple[str, ...]
    """Steps that would reach them as of now."""


class Exhibit(Frozen):
    """What is put before an approver."""

    approval: Approval
    """The request."""
    price: PlanPrice
    """Reach, cost and worst-case loss."""
    edges: tuple[EdgeRecipient, ...]
    """Three people at the edges."""
    parts: tuple[ShownPart, ...] = ()
    """Journeys and steps that some of the treated people will not get."""
    compared_with: str
    """The plan that was approved last; empty where this is the first."""
    differences: tuple[Difference, ...]
    """What differs from it."""
    shown_hash: str
    """Hash over every message below; give it back with the decision."""
    messages: tuple[ShownMessage, ...]
    """Every message, worded as it will be sent."""


class Digest(Frozen):
    """What fits on one small screen of a request."""

    standing: Standing
    """The request as it stands for the one who looks."""
    anchor_on: date
    """Day 0 of the plan."""
    ends_on: date
    """Its last day."""
    markets: tuple[str, ...]
    """Where its people live."""
    languages: tuple[str, ...]
    """The languages of its copy."""
    n_steps: Count
    """How many messages of ours it plans."""
    n_offers: Count
    """How many offers they carry."""
    price: PlanPrice
    """Reach, cost and worst-case loss."""
    shown_hash: str
    """Hash over every message of the whole exhibit; give it back with the decision."""
    readings: tuple[MarketReading, ...]
    """Whose texts have to be read, and who read them."""


def digest(acting: Acting, approval_id: str) -> Digest:
    """Give what a request is about without its messages; raises `NotFound`."""
    found = standing(acting, approval_id)
    with acting.app.store.read() as uow:
        plan = uow.plans.get(found.approval.plan_id).plan
        hash_ = shown_hash(uow, plan)
        texts = readings(uow, plan)
    return Digest(
        standing=found,
        anchor_on=plan.anchor_on,
        ends_on=plan.ends_on,
        markets=plan.markets,
        languages=plan.languages,
        n_steps=sum(step.owner == "us" for step in plan.steps()),
        n_offers=len(plan.offers),
        price=work_out(plan, acting.app.contexts.gather(acting.shop_id, plan.brief)),
        shown_hash=hash_,
        readings=texts,
    )


def exhibit(acting: Acting, approval_id: str, language: SpokenLanguage = "en") -> Exhibit:
    """Give what an approver is to look at before deciding; raises `NotFound`."""
    approval = show(acting, approval_id)
    with acting.app.store.read() as uow:
        plan = uow.plans.get(approval.plan_id).plan
        shop, guardrails = uow.shops.get(plan.shop_id), uow.guardrails.current(plan.shop_id)
        before = uow.approvals.last_approved(plan.shop_id, plan.id)
        old = uow.plans.get(before.plan_id).plan if before else None
    messages = shown_messages(plan, shop, guardrails)
    return Exhibit(
        approval=approval,
        price=work_out(plan, acting.app.contexts.gather(acting.shop_id, plan.brief)),
        edges=edges_of(acting, plan),
        parts=parts(acting, plan.id),
        compared_with=old.id if old else "",
        differences=worded(diff(old, plan), language) if old else (),
        shown_hash=hash_of(messages),
        messages=messages,
    )


def edges_of(acting: Acting, plan: Plan) -> tuple[EdgeRecipient, ...]:
    """Give three people at the edges of the plan: of the rarest market, the rarest language, the longest journey."""
    with acting.facts() as view:
        people = assign_cohorts(view, acting.shop(), plan.peak_from, plan.peak_until, acting.as_of(view)).to_pyarrow()
    people = people.filter(pc.is_in(people["cohort"], pa.array([journey.cohort for journey in plan.journeys])))
    longest = max(plan.journeys, key=lambda journey: (len(journey.steps), journey.cohort)).cohort
    wanted = (
        ("rarest_market", "market", _rarest(people, "market")),
        ("rarest_language", "language", _rarest(people, "language")),
        ("longest_journey", "cohort", longest),
    )
    chosen: dict[str, dict[str, Any]] = {}
    for why, column, value in wanted:
        row = _first(people, column, value, tuple(one["person_id"] for one in chosen.values()))
        if row is not None:
            chosen[why] = row
    with acting.app.store.read() as uow:
        found = uow.person_state.get(acting.shop_id, [row["person_id"] for row in chosen.values()]).to_pylist()
    states = {row["person_id"]: row for row in found}
    return tuple(_edge(why, row, states.get(row["person_id"], {}), plan) for why, row in chosen.items())


def _rarest(people: pa.Table, column: str) -> Any:
    """Give the value fewest people have; nobody's unknown value is one only where there is no other."""
    known = people.filter(pc.not_equal(pc.fill_null(people[column], ""), ""))
    counts = (known if known.num_rows else people).group_by(column).aggregate([("person_id", "count")])
    ordered = counts.sort_by([("person_id_count", "ascending"), (column, "ascending")])
    return ordered[column][0].as_py() if ordered.num_rows else None


def _first(people: pa.Table, column: str, value: Any, taken: tuple[str, ...]) -> dict[str, Any] | None:
    """Give the person with the smallest pseudonym who has the value, else of all, or none where all are taken."""
    free = people.filter(pc.invert(pc.is_in(people["person_id"], pa.array(taken, pa.string()))))
    same = free.filter(pc.equal(pc.fill_null(free[column], ""), value or ""))
    some = same if same.num_rows else free
    rows: list[dict[str, Any]] = some.sort_by("person_id").slice(0, 1).to_pylist()
    return rows[0] if rows else None


def _edge(why: str, row: dict[str, Any], state: dict[str, Any], plan: Plan) -> EdgeRecipient:
    channels = tuple(
        channel
        for channel in ("email", "sms", "push")
        if state.get(f"consent_{channel}") and not state.get(f"is_suppressed_{channel}")
    )
    steps = [step for journey in plan.journeys if journey.cohort == row["cohort"] for step in journey.steps]
    return EdgeRecipient(
        why=why,
        person_id=row["person_id"],
        cohort=row["cohort"],
        market=row["market"] or "",
        language=row["language"] or "",
        channels=channels,
        step_ids=tuple(step.id for step in steps if step.owner == "us" and set(step.channels) & set(channels)),
    )
