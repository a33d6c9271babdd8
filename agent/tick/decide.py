"""From guarded candidates to decisions: arrays in, the lake's two decision tables and the outbox's rows out."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from memory.domain.facts import DECISION_SUBJECTS_SCHEMA, DECISIONS_SCHEMA, OPTIONS_SCHEMA
from memory.domain.guardrails import Guardrails
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from tools.allocation import AllocationPlan, Choice, Infeasible, Options, Problem, choose
from tools.allocation.choice import in_memory
from tools.allocation.placed import NotPlaced, solve_placed
from tools.experiments import unit_intervals

from .certify import Shared
from .hours import DrawnHours, HourRules, Hours, draw_hours
from .messages import FALLBACK, MESSAGES_SCHEMA, planned
from .subjects import draw_subjects, subject_table

LOG = structlog.get_logger("second_order.tick")
NO_CAP = 10**6
IN_PLACE_ABOVE = 5_000_000
"""Decisions of a batch up to which it is planned in memory: what a million take is in docs/allocation.md."""
OF_TREATED = ("market", "zone", "language", "template", "subject_no", "subject_propensity",
              "hour_no", "hour_propensity", "hour_choices")  # fmt: skip
"""What a decision about a withheld person does not have: nothing was to be said."""


@dataclass(frozen=True)
class Frame:
    """What all decisions of a plan in a tick share."""

    plan: Plan
    """The plan."""
    guardrails: Guardrails
    """The limits in force."""
    slot_at: datetime
    """The tick's slot."""
    batch_id: str
    """The decisions' batch."""
    seed: int
    """Where chance comes from."""
    exploration_rate: float
    """Share of decisions left to chance."""
    budget_millis: int
    """What the plan may still spend beyond what is planned already."""
    n_granted: Mapping[str, int]
    """How often each offer was granted already: messages that carry it and wait, left or may have left."""
    shared: Shared
    """What all certificates hold."""
    hours: Hours = field(default_factory=Hours)
    """At which hours a promotion may go."""
    in_place_above: int = IN_PLACE_ABOVE
    """Batches of more decisions are planned in a database."""

    @property
    def hour_rules(self) -> HourRules:
        """What the draw of hours goes by."""
        rails, markets = self.guardrails, self.shared.markets
        return HourRules(self.plan, rails, markets, self.slot_at, self.exploration_rate, self.hours)


@dataclass(frozen=True)
class Decided:
    """What was decided for one plan."""

    decisions: pa.Table
    """`DECISIONS_SCHEMA`, those about withheld people included."""
    options: pa.Table
    """`OPTIONS_SCHEMA`, treated people only."""
    subjects: pa.Table
    """`DECISION_SUBJECTS_SCHEMA`: the lines that could be drawn."""
    messages: pa.Table
    """`MESSAGES_SCHEMA`: outbox rows of what was chosen."""
    chosen: Counter[str]
    """Decisions per reason."""
    blocked: Counter[str]
    """Options per guardrail reason."""
    value_millis: int
    """Net value of the best plan, chance left out."""
    bound_millis: int
    """No plan within budget, grants and caps is worth more: the certificate of the allocation."""
    money_price: float
    """Margin that one more unit of the plan's budget would return; 0 where money is left."""
    not_in_place: str = ""
    """Why a batch too large for memory was planned there all the same; empty where it was not."""


def decide(treated: pa.Table, control: pa.Table, frame: Frame) -> Decided:
    """Choose per person and step among guarded candidates (`CANDIDATES_SCHEMA`, allowed, reasons).

    `control` holds person_id, cohort, arm (control, or withheld from this step), step_id and waited_on of withheld
    people whose step is due: no options.
    """
    withheld = _control_decisions(control, frame)
    if treated.num_rows == 0:
        none = (OPTIONS_SCHEMA.empty_table(), DECISION_SUBJECTS_SCHEMA.empty_table())
        return Decided(withheld, *none, MESSAGES_SCHEMA.empty_table(), _counts(withheld), Counter(), 0, 0, 0.0)
    rows, options, ids = posed(treated, frame)
    first = rows.take(pa.array(options.starts))
    choice = chosen_of(options, ids, frame)
    sends = choice.option >= 0
    sent = rows.take(pa.array(choice.option[sends]))
    of_sent = ids.filter(pa.array(sends))
    drawn = draw_subjects(sent, unit_intervals(_chance(frame), ("subject",), of_sent))
    timed = draw_hours(sent, of_sent, frame.hour_rules, _chance(frame))
    lines = timed.messages.append_column("subject_no", drawn[0].fill_null(0))
    messages = planned(lines, of_sent, frame.plan, frame.batch_id, frame.shared)
    made = _decisions(first, rows, ids, choice, drawn, timed, _certified(sends, messages), frame)
    decisions = pa.concat_tables([made, withheld])
    return Decided(
        decisions=decisions,
        options=_option_rows(rows, ids, options, choice, frame),
        subjects=subject_table(rows, frame.plan, frame.batch_id),
        messages=messages,
        chosen=_counts(decisions),
        blocked=_blocked(rows),
        value_millis=choice.value_millis,
        bound_millis=choice.bound_millis,
        money_price=choice.money_price,
        not_in_place=choice.not_in_place,
    )


def posed(treated: pa.Table, frame: Frame) -> tuple[pa.Table, Options, pa.Array]:
    """Give guarded candidates in the order of their decisions, the options they are, and the decisions' ids."""
    rows = treated.append_column("decided", _decided_names(treated))
    rows = rows.sort_by([("person_id", "ascending"), ("decided", "ascending"), ("option_id", "ascending")])
    options = _options(rows, frame)
    first = rows.take(pa.array(options.starts))
    return rows, options, _decision_ids(first, first["decided"], frame)


def chosen_of(options: Options, ids: pa.Array, frame: Frame) -> Choice:
    """Choose with the frame's chance: the same decisions, frame and options give the same choice."""
    draw = unit_intervals(_chance(frame), ("draw",), ids)
    by_chance = draw < frame.exploration_rate
    pick = np.zeros(len(draw))  # read where chance chooses
    pick[by_chance] = unit_intervals(_chance(frame), ("pick",), ids.filter(pa.array(by_chance)))
    chance = (options, frame.budget_millis, frame.exploration_rate, draw, pick)
    if len(ids) <= frame.in_place_above:
        return choose(*chance)
    with LakeView({}) as view:
        planner = _InPlace(view)
        made = choose(*chance, planner)
    return replace(made, not_in_place=planner.not_in_place)


class _InPlace:
    """Plans in a database, and in memory where that cannot be; keeps why."""

    def __init__(self, view: LakeView) -> None:
        self._view = view
        self.not_in_place = ""

    def __call__(self, problem: Problem) -> AllocationPlan | Infeasible:
        found = solve_placed(problem, self._view.memory_table)
        if not isinstance(found, NotPlaced):
            return found
        self.not_in_place = found.why
        LOG.warning("not_planned_in_place", n_people=found.n_people, why=found.why)
        return in_memory(problem)


def _options(rows: pa.Table, frame: Frame) -> Options:
    person, step = _codes(rows["person_id"]), _codes(rows["decided"])
    starts = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (step[1:] != step[:-1])))
    classes = rows["message_class"].to_numpy()
    caps = {cap.message_class: cap.max_messages for cap in frame.guardrails.frequency_caps}
    full = np.array([caps.get(name, NO_CAP) for name in classes[starts]], dtype=np.int64)
    rates = pc.fill_null(rows["cap_rate"], 1.0).to_numpy()[starts]
    limit = np.where(full == NO_CAP, full, np.minimum(full, np.maximum(1, np.floor(full * rates)))).astype(np.int64)
    value, cost = rows["value_millis"].to_numpy(), rows["cost_millis"].to_numpy()
    return Options(
        starts=starts.astype(np.int64),
        allowed=rows["allowed"].to_numpy(),
        net_millis=value - cost,
        cost_millis=cost,
        cap_group=person[starts] * 8 + _codes(rows["message_class"])[starts],
        free_slots=limit - rows["n_sent_window"].to_numpy()[starts],
        offer=_codes(rows["offer_id"]),
        free_grants=_free_grants(rows["offer_id"], frame),
    )


def _free_grants(offers: pa.ChunkedArray, frame: Frame) -> Any:
    """Give per option how often its offer may still be granted; the plan's worst case rests on it."""
    most = {offer.id: offer.limits.max_granted for offer in frame.plan.offers}
    left = [NO_CAP if (n := most.get(name)) is None else max(0, n - frame.n_granted.get(name, 0)) for name in most]
    place = pc.index_in(offers.combine_chunks(), pa.array(list(most), pa.string()))
    return np.array([*left, NO_CAP], dtype=np.int64)[place.fill_null(len(left)).to_numpy()]


def _codes(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)


def _decided_names(rows: pa.Table) -> pa.ChunkedArray:
    """Name what is decided: a step, its second channel, or a step on a day of its window."""
    second = pc.binary_join_element_wise(rows["step_id"], FALLBACK, "/")
    named = pc.if_else(rows["is_fallback"], second, rows["step_id"])
    return _on_day(named, rows["waited_on"])


def _on_day(named: pa.ChunkedArray, waited_on: pa.ChunkedArray) -> pa.ChunkedArray:
    """A step that waits is decided again on each day of its window on which there is something to say."""
    return pc.if_else(pc.equal(waited_on, ""), named, pc.binary_join_element_wise(named, waited_on, "@"))


def _decision_ids(first: pa.Table, decided: pa.ChunkedArray, frame: Frame) -> pa.Array:
    """Plan, step and person name a decision: a step is decided once per person, its second channel once more."""
    return pc.binary_join_element_wise(frame.plan.id[:12], decided, first["person_id"], "/")


def _chance(frame: Frame) -> bytes:
    return hashlib.sha256(f"tick\x1f{frame.seed}\x1f{frame.slot_at.isoformat()}".encode()).digest()


def _certified(is_sent: Any, messages: pa.Table) -> pa.Array:
    """Give the certificate of each decision; empty where nothing is sent."""
    place = pa.array(np.cumsum(is_sent) - 1, mask=~is_sent)
    return pc.fill_null(messages["certificate"].take(place), "")


def _decisions(
    first: pa.Table,
    rows: pa.Table,
    ids: pa.Array,
    choice: Choice,
    drawn: tuple[pa.Array, pa.Array],
    timed: DrawnHours,
    certificate: pa.Array,
    frame: Frame,
) -> pa.Table:
    sends = choice.option >= 0
    named = rows["option_id"].take(pa.array(np.maximum(choice.option, 0)))
    place = pa.array(np.cumsum(sends) - 1, mask=~sends)  # of each decision among those that send
    return _decision_table(
        first,
        frame,
        decision_id=ids,
        arm=first["arm"],
        chosen=pc.if_else(pa.array(sends), named, "none"),
        chosen_reason=pa.array(choice.reason.tolist(), pa.string()),
        is_explored=pa.array(choice.is_explored),
        propensity=pa.array(choice.propensity),
        subject_no=drawn[0].take(place),
        subject_propensity=drawn[1].take(place),
        hour_no=timed.number.take(place),
        hour_propensity=timed.propensity.take(place),
        hour_choices=timed.choices.take(place),
        **{name: first[name] for name in ("is_fallback", "market", "zone", "language", "template")},
        certificate=certificate,
    )


def _control_decisions(control: pa.Table, frame: Frame) -> pa.Table:
    rows = control.sort_by([("person_id", "ascending"), ("step_id", "ascending")])
    n = rows.num_rows
    return _decision_table(
        rows,
        frame,
        decision_id=_decision_ids(rows, _on_day(rows["step_id"], rows["waited_on"]), frame),
        arm=rows["arm"],
        chosen=pa.repeat("none", n),
        chosen_reason=rows["arm"],
        is_explored=pa.repeat(False, n),
        propensity=pa.repeat(1.0, n),
        is_fallback=pa.repeat(False, n),
        **{name: pa.nulls(n) for name in DECISIONS_SCHEMA.names if name in OF_TREATED},
        certificate=pa.repeat("", n),
    )


def _decision_table(rows: pa.Table, frame: Frame, **columns: Any) -> pa.Table:
    n = rows.num_rows
    fixed = {
        "batch_id": pa.repeat(frame.batch_id, n),
        "shop_id": pa.repeat(frame.plan.shop_id, n),
        "plan_id": pa.repeat(frame.plan.id, n),
        "slot_at": pa.repeat(pa.scalar(frame.slot_at, DECISIONS_SCHEMA.field("slot_at").type), n),
        "person_id": rows["person_id"],
        "cohort": rows["cohort"],
        "step_id": rows["step_id"],
        "guardrail_version": pa.repeat(frame.guardrails.version, n),
    }
    values = fixed | columns
    return pa.table({name: values[name] for name in DECISIONS_SCHEMA.names}).cast(DECISIONS_SCHEMA)


def _option_rows(rows: pa.Table, ids: pa.Array, options: Options, choice: Choice, frame: Frame) -> pa.Table:
    of_decision = pa.array(np.repeat(np.arange(len(options.starts)), options.sizes))
    own = {
        "batch_id": pa.repeat(frame.batch_id, rows.num_rows),
        "decision_id": ids.take(of_decision),
        "propensity": pa.array(choice.option_propensity),
    }
    columns = {name: own[name] if name in own else rows[name] for name in OPTIONS_SCHEMA.names}
    return pa.table(columns).cast(OPTIONS_SCHEMA)


def _counts(decisions: pa.Table) -> Counter[str]:
    counted = pc.value_counts(decisions["chosen_reason"])
    return Counter({entry["values"]: entry["counts"] for entry in counted.to_pylist()})


def _blocked(rows: pa.Table) -> Counter[str]:
    counted = pc.value_counts(pc.list_flatten(rows["reasons"]))
    return Counter({entry["values"]: entry["counts"] for entry in counted.to_pylist()})
