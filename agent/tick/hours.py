"""At which hour of its day a promotion goes: mostly the best known, else the planned one; a share is left to chance.

It is drawn after step and channel are chosen and before certificates are made, so that every check sees the instant at
which the message goes. Messages that something is waited for are never delayed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.facts import INSTANT
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.plan import Plan, Step
from memory.store.instants import to_micros
from tools.experiments import unit_intervals
from tools.timing import LaterHour, hours_for, later_hours

OF_PLACE = ("step_id", "channel", "market", "zone", "zone_source", "send_at")
"""What the open hours of a message depend on; people share few of these."""
CHOICES = pa.list_(pa.int32())
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hours:
    """Which hours may be drawn, and which is best."""

    minutes: tuple[int, ...] = ()
    """Later minutes of the local day; none where every message goes at its planned minute."""
    best: Mapping[str, int] = field(default_factory=dict)
    """Place among the hours (1 is the first later one) per `hour_key`, where one is credibly better than planned."""


@dataclass(frozen=True)
class HourRules:
    """What is the same for every draw of a plan in a tick."""

    plan: Plan
    """The plan."""
    guardrails: Guardrails
    """The limits in force."""
    markets: Mapping[str, Market]
    """Per country."""
    slot_at: datetime
    """The tick's slot: what was due before goes at once, and has no hour."""
    rate: float
    """Share left to chance."""
    hours: Hours
    """What may be drawn."""


class DrawnHours(NamedTuple):
    """Messages at the hours that were drawn for them."""

    messages: pa.Table
    """The rows, `send_at` and `local_minute` those of the drawn hour."""
    number: pa.Array
    """Place of the hour, 0 for the planned one; null where there was nothing to draw."""
    propensity: pa.Array
    """Probability with which it was drawn; null where there was nothing to draw."""
    choices: pa.Array
    """The hours that could be drawn, the planned one among them; null where there was nothing to draw."""


class _Table(NamedTuple):
    """Per place and hour."""

    at: Numbers
    minute: Numbers
    is_open: npt.NDArray[np.bool_]


def hour_key(cohort: str, channel: str) -> str:
    """Give the name under which the best hour of a cohort on a channel is known."""
    return f"{cohort}:{channel}"


def can_be_later(step: Step) -> bool:
    """Say whether the step's messages may go at a later hour: dated promotions that wait for nothing."""
    return step.message_class == "promotional" and step.trigger == "dated" and step.window_days == 0


def open_later(row: Mapping[str, Any], channel: str, step: Step, rules: HourRules) -> list[LaterHour]:
    """Give the later hours of a place (`market`, `zone`, `zone_source`, `send_at`) that are open; none once it is late.

    Whoever's zone is only assumed must be in an open hour anywhere in the market.
    """
    market = rules.markets.get(row["market"] or "")
    if not can_be_later(step) or row["send_at"] < rules.slot_at or not row["zone"]:
        return []
    others = market.zones if market and row["zone_source"] != "person" else ()
    windows = hours_for(rules.guardrails, market, channel, step.message_class)  # type: ignore[arg-type]
    return list(
        later_hours(row["send_at"], rules.hours.minutes, tuple({row["zone"]: 0} | dict.fromkeys(others)), windows)
    )


def draw_hours(messages: pa.Table, ids: pa.Array, rules: HourRules, key: bytes) -> DrawnHours:
    """Give each chosen candidate its hour; `ids` are the decisions' and `key` is where chance comes from.

    The share left to chance is even among the open hours, the planned one included; the others take the best known
    hour where it is open.
    """
    n, rate = messages.num_rows, rules.rate
    if not n or not rules.hours.minutes or (rate <= 0 and not rules.hours.best):
        return DrawnHours(messages, pa.nulls(n, pa.int32()), pa.nulls(n, pa.float64()), pa.nulls(n, CHOICES))
    place, first = _places(messages)
    table = _table(messages.take(pa.array(first)).to_pylist(), rules)
    n_open = table.is_open.sum(axis=1)[place]
    waits = messages["is_fallback"].to_numpy(zero_copy_only=False).astype(bool) | (
        messages["waited_on"].to_numpy() != ""
    )
    has_choice = ~waits & (n_open > 1)
    best = _best(messages, rules.hours.best)
    best = np.where(table.is_open[place, best], best, 0)
    explored, even = _even(has_choice, ids, n_open, rate, key)
    in_order = np.argsort(~table.is_open, axis=1, kind="stable")  # the open hours first
    number = np.where(has_choice, np.where(explored, in_order[place, even], best), 0)
    chance = rate / n_open + (1 - rate) * (number == best)
    return DrawnHours(
        _moved(messages, table.at[place, number], table.minute[place, number]),
        pa.array(number.astype(np.int32), pa.int32(), mask=~has_choice),
        pa.array(chance, pa.float64(), mask=~has_choice),
        _choices(table.is_open).take(pa.array(place, mask=~has_choice)),
    )


def _choices(is_open: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array([np.flatnonzero(row).tolist() for row in is_open], CHOICES)


def _even(
    has_choice: npt.NDArray[np.bool_], ids: pa.Array, n_open: Numbers, rate: float, key: bytes
) -> tuple[npt.NDArray[np.bool_], Numbers]:
    """Say whom chance decides for, and which of the open hours it takes; only those are drawn for who have a choice."""
    draws = np.ones(len(n_open))
    if rate > 0:
        draws[has_choice] = unit_intervals(key, ("hour",), ids.filter(pa.array(has_choice)))
    explored = draws < rate
    even = np.floor(np.where(explored, draws / max(rate, 1e-12), 0.0) * n_open).astype(np.int64)
    return explored, np.minimum(even, n_open - 1)


def _places(messages: pa.Table) -> tuple[Numbers, Numbers]:
    """Give each row's place and each place's first row."""
    code = np.zeros(messages.num_rows, dtype=np.int64)
    for name in OF_PLACE:
        known = pc.dictionary_encode(messages[name].combine_chunks(), null_encoding="encode")
        code = code * (len(known.dictionary) + 1) + known.indices.to_numpy()
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return place.astype(np.int64), first.astype(np.int64)


def _table(places: Sequence[Mapping[str, Any]], rules: HourRules) -> _Table:
    steps = {step.id: step for step in rules.plan.steps()}
    shape = (len(places), len(rules.hours.minutes) + 1)
    at, minute, is_open = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, bool)
    is_open[:, 0] = True
    for number, row in enumerate(places):
        at[number, 0], minute[number, 0] = to_micros(row["send_at"]), row["local_minute"]
        for hour in open_later(row, row["channel"], steps[row["step_id"]], rules):
            at[number, hour.no], minute[number, hour.no], is_open[number, hour.no] = (
                to_micros(hour.at),
                hour.minute,
                True,
            )
    return _Table(at, minute, is_open)


def _best(messages: pa.Table, best: Mapping[str, int]) -> Numbers:
    names = pc.binary_join_element_wise(messages["cohort"], messages["channel"], ":")
    place = pc.index_in(names, pa.array(list(best), pa.string())).combine_chunks()
    numbers: Numbers = np.array([*best.values(), 0], dtype=np.int64)[place.fill_null(len(best)).to_numpy()]
    return numbers


def _moved(messages: pa.Table, at: Numbers, minute: Numbers) -> pa.Table:
    """The day stays, so weekday and holiday do, too."""
    columns = {"send_at": pa.array(at, pa.int64()).cast(INSTANT), "local_minute": pa.array(minute.astype(np.int32))}
    for name, column in columns.items():
        messages = messages.set_column(messages.schema.get_field_index(name), name, column)
    return messages
