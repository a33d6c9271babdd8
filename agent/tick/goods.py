"""What the messages of a tick show and where they lead, packed for the outbox."""

import json
from datetime import datetime
from typing import Any

import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.plan import Goods, Plan
from memory.lake.view import LakeView
from tools.recommendations import N_SHOWN, pick


def with_goods(
    messages: list[dict[str, Any]], view: LakeView, plan: Plan, shop: Shop, as_of: datetime
) -> list[dict[str, Any]]:
    """Give the outbox rows with what they show as JSON in `goods`: `link` and up to three `items` [title, address]."""
    wanted = {step.id: step.goods for step in plan.steps() if step.goods is not None}
    people: dict[str, list[str]] = {}
    for message in messages:
        if message["step_id"] in wanted:
            people.setdefault(message["step_id"], []).append(message["person_id"])
    found: dict[tuple[str, str], str] = {}
    for number, (step_id, ids) in enumerate(sorted(people.items())):
        table = view.memory_table(f"tick_goods_{number}", pa.table({"person_id": pa.array(ids, pa.string())}))
        rows = pick(view, table, wanted[step_id], shop, as_of).to_pyarrow().to_pylist()
        found |= {(step_id, row["person_id"]): _packed(row, wanted[step_id]) for row in rows}
    return [message | {"goods": found.get((message["step_id"], message["person_id"]), "")} for message in messages]


def _packed(row: dict[str, Any], goods: Goods) -> str:
    items = [[row[f"title_{n}"], row[f"url_{n}"]] for n in range(N_SHOWN) if row[f"url_{n}"]]
    first = items[0][1] if items else ""
    link = {"last_viewed": row["last_viewed"] or "", "product": first}.get(goods.link, "")
    return json.dumps({"link": link, "items": items}, ensure_ascii=False) if link or items else ""
