"""What the messages of a tick show and where they lead: picked for the people of a step, packed for the outbox."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.plan import Goods, Plan, Step
from memory.lake.view import LakeView
from tools.recommendations import EVIDENCE, NOTICE_WINDOW, Query, last_viewed, pick, rule_of

__all__ = ["NOTICE_WINDOW", "NO_GOODS", "StepGoods", "without_goods_blocked"]

NO_GOODS = "no_goods"
"""The reason of an option whose step says nothing without goods, where its rule finds none for the person."""
Picked = dict[str, list[dict[str, Any]]]
"""Person id to the articles shown, best first."""


class StepGoods:
    """The goods of one plan's steps in one tick; what was picked to decide is what the messages then show."""

    def __init__(
        self, view: LakeView, plan: Plan, shop: Shop, as_of: datetime, told: pa.Table, min_affinity_rate: float = 0.0
    ) -> None:
        """Pick from one reading of the facts; `told` holds (person_id, sku) of notices within their window.

        New articles are shown where at least `min_affinity_rate` of what a person did lies in their category.
        """
        self._min_affinity_rate = min_affinity_rate
        self._view, self._shop, self._as_of = view, shop, as_of
        self._told = view.memory_table("tick_told", told)
        self._steps: dict[str, Step] = {step.id: step for step in plan.steps()}
        self._found: dict[str, pa.Table] = {}
        self._everybody: ir.Table | None = None
        self._n_asked = 0

    def mark(self, rows: pa.Table, has_message: pa.Table) -> pa.Table:
        """Add `has_goods` to candidates, true where the step can do without, and drop those that wait for nothing new.

        A step with a window is left out for people its rule finds nothing for, and for those who have its message.
        """
        self._everybody = self._asked(pc.unique(rows["person_id"]))
        has_goods = pa.array([True] * rows.num_rows, pa.bool_())
        people: dict[str, pa.Array] = {}
        for step_id in sorted(set(rows["step_id"].to_pylist())):
            goods = self._steps[step_id].goods
            if goods is not None and goods.if_none != "plain":
                people[step_id] = pc.unique(rows.filter(pc.equal(rows["step_id"], step_id))["person_id"])
        self._pick(people)
        for step_id in people:
            served = pc.is_in(rows["person_id"], value_set=self._found[step_id]["person_id"].combine_chunks())
            has_goods = pc.and_(has_goods, pc.or_(pc.not_equal(rows["step_id"], step_id), served))
        marked = rows.append_column("has_goods", has_goods)
        waits = pc.not_equal(marked["waited_on"], "")
        kept = marked.filter(pc.or_(pc.invert(waits), marked["has_goods"]))
        return _without_messaged(kept, has_message)

    def pack(self, messages: pa.Table) -> pa.Table:
        """Give the outbox rows with what they show as JSON in `goods`, and the article a notice is about."""
        steps = [step_id for step_id in pc.unique(messages["step_id"]).to_pylist() if self._steps[step_id].goods]
        people = {each: messages.filter(pc.equal(messages["step_id"], each))["person_id"] for each in sorted(steps)}
        wanted = {step_id: ids.combine_chunks() for step_id, ids in people.items()}
        self._pick({step_id: ids for step_id, ids in wanted.items() if self._is_plain(step_id)})
        for step_id, ids in wanted.items():
            goods = self._steps[step_id].goods
            assert goods is not None
            shown = dict(self._packed(step_id, goods, ids))
            messages = _shown(messages, pc.equal(messages["step_id"], step_id), [shown[who] for who in ids.to_pylist()])
        return messages

    def _is_plain(self, step_id: str) -> bool:
        goods = self._steps[step_id].goods
        return goods is not None and goods.if_none == "plain"

    def _packed(self, step_id: str, goods: Goods, wanted: pa.Array) -> Iterable[tuple[str, dict[str, str]]]:
        found = self._found[step_id]
        shown: Picked = defaultdict(list)
        for row in found.filter(pc.is_in(found["person_id"], value_set=wanted)).to_pylist():
            shown[row["person_id"]].append(row)
        viewed = self._viewed(wanted, goods)
        for person in wanted.to_pylist():
            items = shown.get(person, [])
            notice = items[0]["sku"] if items and rule_of(goods.rule).is_notice else ""
            yield person, {"goods": _as_json(items, goods, viewed.get(person, "")), "notice_sku": notice}

    def _pick(self, people: dict[str, pa.Array]) -> None:
        """Pick for the people of each step; steps that ask for the same goods are picked for in one go."""
        alike: dict[Goods, list[str]] = defaultdict(list)
        for step_id in sorted(people):
            goods = self._steps[step_id].goods
            assert goods is not None
            alike[Goods(rule=goods.rule, price_ceiling=goods.price_ceiling)].append(step_id)
        for goods, step_ids in alike.items():
            asked = self._asked(pc.unique(pa.chunked_array([people[step_id] for step_id in step_ids])))
            query = Query(self._view, asked, goods, self._shop, self._as_of, self._told, self._everybody,
                          self._min_affinity_rate)  # fmt: skip
            found = pick(query).order_by(["person_id", "n"]).to_pyarrow()
            self._found |= dict.fromkeys(step_ids, found)

    def _viewed(self, people: pa.Array, goods: Goods) -> dict[str, str]:
        """The page each person looked at last; for a link to a category, in the category the goods are of."""
        is_category = goods.link == "category"
        if goods.link != "last_viewed" and not (is_category and rule_of(goods.rule).is_of_interest):
            return {}
        name = f"viewed_{'of_interest' if is_category else 'at_all'}"
        pages = self._view.once(name, lambda: last_viewed(self._view, self._as_of, of_interest=is_category))
        rows = pages.semi_join(self._asked(people), "person_id").to_pyarrow()
        return dict(zip(rows["person_id"].to_pylist(), rows["last_viewed"].to_pylist(), strict=True))

    def _asked(self, people: pa.Array) -> ir.Table:
        self._n_asked += 1
        return self._view.memory_table(f"tick_goods_{self._n_asked}", pa.table({"person_id": people}))


def _shown(messages: pa.Table, mask: pa.ChunkedArray, rows: list[dict[str, str]]) -> pa.Table:
    """Put what was packed into the messages of the mask, in their order."""
    for name in ("goods", "notice_sku"):
        values = pa.array([row[name] for row in rows], pa.string())
        column = pc.replace_with_mask(messages[name].combine_chunks(), mask.combine_chunks(), values)
        messages = messages.set_column(messages.schema.get_field_index(name), name, column)
    return messages


def without_goods_blocked(guarded: ir.Table) -> ir.Table:
    """Block, beside what guardrails blocked, the options marked as having no goods; the reason is kept with theirs."""
    reasons = guarded.reasons.concat(ibis.array([ibis.literal(NO_GOODS)]))
    return guarded.mutate(
        allowed=guarded.allowed & guarded.has_goods, reasons=ibis.ifelse(guarded.has_goods, guarded.reasons, reasons)
    )


def _without_messaged(rows: pa.Table, has_message: pa.Table) -> pa.Table:
    """Drop rows of windows whose person has the step's message."""
    keys = pc.binary_join_element_wise(has_message["step_id"], has_message["person_id"], "\x1f")
    mine = pc.binary_join_element_wise(rows["step_id"], rows["person_id"], "\x1f")
    known = pc.is_in(mine, value_set=keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys)
    return rows.filter(pc.or_(pc.equal(rows["waited_on"], ""), pc.invert(known)))


def _as_json(rows: list[dict[str, Any]], goods: Goods, viewed: str) -> str:
    """Give rule, link and items with their evidence; `why` says why there are none."""
    first = rows[0]["url"] if rows else ""
    link = {"last_viewed": viewed, "category": viewed or first, "product": first}.get(goods.link, "")
    packed: dict[str, Any] = {"rule": goods.rule, "link": link, "items": [_item(row) for row in rows]}
    if not rows:
        packed["why"] = "nothing_found"
    return json.dumps(packed, ensure_ascii=False)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    evidence = {name: row[name] for name in EVIDENCE if row[name] is not None}
    return {name: row[name] for name in ("sku", "title", "url", "price_minor")} | evidence
