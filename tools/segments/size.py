"""How large a segment is, and a few pseudonymous members to look at."""

from collections.abc import Mapping
from datetime import datetime

import ibis
from pydantic import Field

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.segment import SegmentRule
from memory.lake.view import LakeView
from tools.profile import build_profiles
from tools.profile.people import PUSH_CHANNELS

from .compile import flag

MAX_EXAMPLES = 20


class SegmentSize(Frozen):
    """What a marketer sees of a segment before using it."""

    n_people: Count
    """How many people belong to it."""
    n_all: Count
    """How many people the shop knows."""
    n_reachable: dict[str, Count]
    """How many of them each push channel may reach."""
    n_buyers: Count
    """How many of them ever bought."""
    revenue_minor: int
    """What they have spent so far, in the shop's currency."""
    examples: tuple[str, ...] = Field(max_length=MAX_EXAMPLES)
    """Some pseudonyms, the best customers first."""


def size(rule: SegmentRule, view: LakeView, shop: Shop, as_of: datetime, *, n_examples: int = 5) -> SegmentSize:
    """Count who belongs to a rule at `as_of`, with up to `n_examples` (at most 20) pseudonyms."""
    profiles = build_profiles(view, shop, as_of)
    flagged = flag({"_holds": rule}, profiles, view, as_of, shop.zone)
    consents = [f"consent_{channel}" for channel in PUSH_CHANNELS]
    read = flagged.select("person_id", "n_orders", "revenue_minor", *consents, "_holds")
    everyone = view.backend.kept("people_sized", read)  # three questions, one reading of the facts
    members = everyone.filter(everyone["_holds"])
    reach = {f"n_{channel}": members.count(where=members[f"consent_{channel}"]) for channel in PUSH_CHANNELS}
    sums = members.aggregate(
        n=members.count(),
        n_buyers=members.count(where=members.n_orders > 0),
        revenue=ibis.coalesce(members.revenue_minor.sum(), 0).cast("int64"),
        **reach,
    )
    row = sums.to_pyarrow().to_pylist()[0]
    wanted = min(max(n_examples, 0), MAX_EXAMPLES)
    best = members.order_by([members.revenue_minor.desc(), members.person_id]).limit(wanted).select("person_id")
    return SegmentSize(
        n_people=row["n"],
        n_all=everyone.count().to_pyarrow().as_py(),
        n_reachable={channel: row[f"n_{channel}"] for channel in PUSH_CHANNELS},
        n_buyers=row["n_buyers"],
        revenue_minor=row["revenue"],
        examples=tuple(best.to_pyarrow()["person_id"].to_pylist()) if wanted else (),
    )


class RuleCounts(Frozen):
    """How many people belong to each of many rules."""

    n_all: Count
    """How many people the shop knows."""
    n_people: dict[str, Count]
    """How many of them belong to each rule."""


def count_many(rules: Mapping[str, SegmentRule], view: LakeView, shop: Shop, as_of: datetime) -> RuleCounts:
    """Count who belongs to each of many rules at `as_of`, in one pass over the facts."""
    profiles = build_profiles(view, shop, as_of)
    names = {name: f"_holds_{number}" for number, name in enumerate(rules)}
    flagged = flag({names[name]: rule for name, rule in rules.items()}, profiles, view, as_of, shop.zone)
    sums = {column: flagged.count(where=flagged[column]) for column in names.values()}
    row = flagged.aggregate(n_all=flagged.count(), **sums).to_pyarrow().to_pylist()[0]
    return RuleCounts(n_all=row["n_all"], n_people={name: row[column] for name, column in names.items()})
