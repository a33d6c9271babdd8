"""Certificates of what was chosen, made by columns: one canonical JSON text per message, sealed.

Rows without a certificate never leave: `agent.verify` reads the text again at hand-off and works every limit out anew.
"""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import keyed_digests
from memory.domain.certificate import FLOORS, LimitName, ppm, sealing_key
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market

from .intents import IntentsThen

MILLION = 1_000_000
ROWS_AT_ONCE = 50_000
"""Certificates made at a time."""
FIRST_COUNTED = 3
"""From which message of a person on the share of promotion is read."""
UNSAFE = r'["\\\x00-\x1f]'
Text: TypeAlias = Any
"""An Arrow array of texts, in one piece or several."""


class Shared:
    """What all certificates of a plan in a tick share."""

    def __init__(
        self,
        key: bytes,
        plan_id: str,
        guardrails: Guardrails,
        markets: dict[str, Market],
        *,
        data_version: int,
        decided_at: int,
        budget_millis: int,
        intents: IntentsThen | None = None,
    ) -> None:
        """Prepare to seal; `intents` holds the states of intent where a step asks for one."""
        self.seal_key = sealing_key(key)
        self.plan_id, self.guardrails, self.markets = plan_id, guardrails, markets
        self.version = guardrails.version
        self.data_version, self.decided_at, self.budget_millis = data_version, decided_at, budget_millis
        self.intents = intents or IntentsThen()


def certificates(rows: pa.Table, decision_ids: Text, send_keys: Text, shared: Shared) -> pa.ChunkedArray:
    """Give the sealed certificate of each chosen candidate (`CANDIDATES_SCHEMA`), in their order.

    They are made a part at a time: the pieces a text is joined from take several times its room.
    """
    parts = []
    for start in range(0, rows.num_rows, ROWS_AT_ONCE):
        some = (rows.slice(start, ROWS_AT_ONCE), decision_ids.slice(start, ROWS_AT_ONCE))
        parts.append(_sealed(*some, send_keys.slice(start, ROWS_AT_ONCE), shared))
    return pa.chunked_array(parts, pa.string())


def _sealed(rows: pa.Table, decision_ids: Text, send_keys: Text, shared: Shared) -> pa.Array:
    fields: dict[str, Text | str] = {
        "channel": _quoted(rows["channel"]),
        "cohort": _quoted(rows["cohort"]),
        "cost_millis": _number(rows["cost_millis"]),
        "data_version": str(shared.data_version),
        "decided_at": str(shared.decided_at),
        "decision_id": _quoted(decision_ids),
        "format": '"second-order/certificate@1"',
        "guardrail_version": json.dumps(shared.version),
        "intent": _intent(rows, shared.intents),
        "kind": _quoted(rows["message_kind"]),
        "limits": _limits(rows, shared),
        "message_class": _quoted(rows["message_class"]),
        "offer_id": _quoted(rows["offer_id"]),
        "person": _object(_person(rows)),
        "plan_id": json.dumps(shared.plan_id),
        "send_at": _micros(rows["send_at"]),
        "send_key": _quoted(send_keys),
        "step_id": _quoted(rows["step_id"]),
        "template": _quoted(rows["template"]),
    }
    texts = pc.cast(_object(fields), pa.binary())
    seals = [seal.hex() for seal in keyed_digests(shared.seal_key, texts.to_pylist())]
    sealed = pc.binary_join_element_wise(pa.array(seals, pa.string()), pc.cast(texts, pa.string()), "")
    return sealed.combine_chunks() if isinstance(sealed, pa.ChunkedArray) else sealed


def _intent(rows: pa.Table, then: IntentsThen) -> Text | str:
    """Give the state of intent of each row whose step asks for one, and null for the others."""
    if not then.rules:
        return "null"
    rules = pa.array(then.rules.values(), pa.string()).take(
        pc.index_in(rows["step_id"], pa.array(then.rules, pa.string()))
    )
    states = then.states["state"].combine_chunks().take(pc.index_in(rows["person_id"], then.states["person_id"]))
    texts = _object({"as_of": str(then.as_of), "rule": pc.fill_null(rules, ""), "state": _quoted(states)})
    return pc.if_else(pc.is_valid(rules), texts, "null")


def _person(rows: pa.Table) -> dict[str, Text | str]:
    return {
        "arm": _quoted(rows["arm"]),
        "consent": _truth(rows["has_consent"]),
        "holiday": _truth(rows["is_local_holiday"]),
        "language": _quoted(rows["language"]),
        "last_order_at": pc.fill_null(_micros(rows["last_order_at"]), "null"),
        "market": _quoted(rows["market"]),
        "minute": _number(rows["local_minute"]),
        "n_promotional": _number(rows["n_promotional"]),
        "n_sent": _number(rows["n_sent_window"]),
        "n_value": _number(rows["n_value"]),
        "suppressed": _truth(rows["is_suppressed"]),
        "weekday": _number(rows["local_weekday"]),
        "zone": _quoted(rows["zone"]),
    }


def _limits(rows: pa.Table, shared: Shared) -> Text:
    """Join the limits that bind each row; the first always does, so the others carry their comma."""
    first = _limit("budget", pc.cast(rows["cost_millis"], pa.int64()), pa.scalar(shared.budget_millis, pa.int64()))
    others = [
        pc.if_else(pc.fill_null(binds, False), pc.binary_join_element_wise(_limit(name, measured, bound), ",", ""), "")
        for name, binds, measured, bound in _bound(rows, shared)
    ]
    return pc.binary_join_element_wise("[", *others, first, "]", "")


def _bound(rows: pa.Table, shared: Shared) -> list[tuple[LimitName, Any, Any, Any]]:
    """Give (name, where it binds, what is measured, the bound) of every limit but the budget."""
    rails, classes = shared.guardrails, rows["message_class"]
    promotional, receipt = pc.equal(classes, "promotional"), pc.equal(classes, "transactional")
    caps: dict[str, int] = {cap.message_class: cap.max_messages for cap in reversed(rails.frequency_caps)}
    cap = _looked_up(classes, lambda name: caps.get(name))
    waited = pc.divide(pc.subtract(_int_micros(rows["send_at"]), _int_micros(rows["last_order_at"])), MILLION)
    opens, closes = _hours(rows, shared)
    n_promotional = pc.add(rows["n_promotional"], 1)
    n_all = pc.add(n_promotional, rows["n_value"])
    offered = pc.not_equal(rows["offer_id"], "")
    gives = pc.and_(offered, pc.not_equal(rows["message_kind"], "early_access"))
    ceilings = {str(cohort): rate for cohort, rate in rails.discount_ceiling.items()}
    ceiling = _looked_up(rows["cohort"], lambda name: ppm(ceilings.get(name, 0.0)))
    minute = pc.cast(rows["local_minute"], pa.int64())
    has_hours = pc.and_(pc.invert(receipt), pc.less_equal(opens, closes))
    return [
        ("frequency_cap", pc.and_(pc.invert(receipt), pc.is_valid(cap)), pc.add(rows["n_sent_window"], 1), cap),
        ("recent_buyer", pc.and_(promotional, pc.is_valid(waited)), waited, _whole(rails.recent_buyer_days * 86_400)),
        ("opens", has_hours, minute, opens),
        ("closes", has_hours, minute, closes),
        (
            "promo_share",
            pc.and_(promotional, pc.greater_equal(n_all, FIRST_COUNTED)),
            pc.divide(pc.multiply(n_promotional, MILLION), n_all),
            _whole(ppm(rails.max_promo_share)),
        ),
        ("discount_ceiling", offered, _ppm(rows["discount_rate"]), ceiling),
        ("price_floor", offered, _ppm(rows["price_ratio"]), _whole(ppm(rails.min_price_ratio))),
        ("margin_floor", gives, _ppm(rows["worst_margin_rate"]), _whole(ppm(rails.min_margin_rate))),
    ]


def _hours(rows: pa.Table, shared: Shared) -> tuple[Any, Any]:
    """Give the first and the last allowed minute per row: the shop's own hours, and the market's for promotion."""
    places = pc.binary_join_element_wise(
        pc.fill_null(rows["market"], ""), rows["channel"], rows["message_class"], pc.fill_null(rows["zone"], ""),
        pc.cast(rows["local_weekday"], pa.string()), "\x1f",
    )  # fmt: skip
    names = pc.unique(places).to_pylist()
    windows = [_window(*name.split("\x1f"), shared=shared) for name in names]
    at = pc.index_in(places, pa.array(names, pa.string()))
    opens, closes = (pa.array([window[i] for window in windows], pa.int64()).take(at) for i in (0, 1))
    return opens, closes


def _window(country: str, channel: str, message_class: str, zone: str, weekday: str, *, shared: Shared) -> Any:
    rails, market = shared.guardrails, shared.markets.get(country)
    opens, closes = rails.quiet_hours.opens_minute, rails.quiet_hours.closes_minute - 1
    if message_class == "promotional":
        for hours in (*(market.legal_hours if market else ()), *rails.legal_hours):
            if hours.binds(channel, (zone,), int(weekday)):
                opens, closes = max(opens, hours.opens_minute), min(closes, hours.closes_minute - 1)
    return opens, closes


def _limit(name: LimitName, measured: Any, bound: Any) -> Text:
    left = pc.subtract(measured, bound) if name in FLOORS else pc.subtract(bound, measured)
    parts = ('{"limit":', _number(bound), ',"measured":', _number(measured), f',"name":"{name}","slack":')
    return pc.binary_join_element_wise(*parts, _number(left), "}", "")


def _object(fields: dict[str, Text | str]) -> Text:
    """Give a JSON object per row; a field is a column of JSON or the same JSON for all."""
    parts: list[Any] = []
    for position, name in enumerate(sorted(fields)):
        parts += [f'{"," if position else "{"}"{name}":', fields[name]]
    return pc.binary_join_element_wise(*parts, "}", "")


def _looked_up(column: Text, of: Callable[[str], int | None]) -> Any:
    names = pc.unique(column).to_pylist()
    return pa.array([of(name) for name in names], pa.int64()).take(pc.index_in(column, pa.array(names, pa.string())))


def _quoted(column: Text) -> Text:
    """Give texts as JSON; those that need escapes are written one by one."""
    column = pc.fill_null(column, "")
    if pc.any(pc.match_substring_regex(column, UNSAFE)).as_py():
        return pa.array([json.dumps(value, ensure_ascii=False) for value in column.to_pylist()], pa.string())
    return pc.binary_join_element_wise('"', column, '"', "")


def _truth(column: Text) -> Text:
    return pc.if_else(pc.fill_null(column, False), "true", "false")


def _number(column: Any) -> Any:
    return pc.cast(column, pa.string())


def _ppm(column: Any) -> Any:
    return pc.cast(pc.round(pc.multiply(column, float(MILLION))), pa.int64())


def _int_micros(column: Any) -> Any:
    return pc.cast(column, pa.int64())


def _micros(column: Any) -> Any:
    return _number(_int_micros(column))


def _whole(value: int) -> pa.Scalar:
    return pa.scalar(value, pa.int64())
