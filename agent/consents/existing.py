"""Existing customers: permission that rests on a purchase, given to all who qualify on the word of a named person.

Who qualifies is worked out over whole tables. The market's policy says on which channels and for how long; what it
cannot see (how the address was taken, what was pointed out) are conditions that somebody of the shop vouches for.
"""

from datetime import datetime, timedelta
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.base import Count, Frozen, Instant
from memory.domain.consent import ConsentEvent
from memory.domain.errors import InvalidInput
from memory.domain.market import Channel
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.consent.policy import ConsentPolicy, SoftOptIn

MONTH = timedelta(days=30)
"""Shorter than most months, so that a basis never outlasts the policy's."""
LeftOut = Literal["no_address", "suppressed", "objected", "awaits_confirmation", "has_permission", "no_recent_purchase"]


class Basis(Frozen):
    """What a bulk statement of the existing-customer basis did, or would do."""

    market: str
    """Country."""
    channel: Channel
    """Where it counts."""
    at: Instant
    """When it was stated."""
    source: str
    """What it rests on, and who vouched for it."""
    wording_id: str
    """Which reading of the market's rule, and of when."""
    conditions: tuple[str, ...]
    """What the named person vouched for."""
    n_people: Count
    """People of the market that are known."""
    n_granted: Count
    """Those who have the permission by this."""
    left_out: dict[LeftOut, Count]
    """The others, each under the first reason that holds."""
    first_lapses_at: Instant | None
    """When the first of these permissions lapses by itself."""
    is_dry_run: bool
    """Whether nothing was written."""


def rule_of(policy: ConsentPolicy, market: str, channel: Channel) -> SoftOptIn:
    """Give what the market's policy says; raise `InvalidInput` where it knows no such basis on the channel."""
    found = policy.soft_opt_in
    if found is None or channel not in found.channels:
        why = f"the policy of {market} knows no existing-customer basis" + (f" on {channel}" if found else "")
        remedy = "Ask these people for consent; docs/consent.md lists the markets that know it"
        raise InvalidInput(what=f"{market}/{channel}", why=why, remedy=remedy)
    return found


def state_basis(
    uow: UnitOfWork, view: LakeView, shop_id: str, market: str, channel: Channel, policy: ConsentPolicy,
    source: str, at: datetime, *, dry_run: bool,
) -> Basis:  # fmt: skip
    """State the basis for everybody of the market who qualifies, in the caller's transaction; give who and who not.

    People who objected, are suppressed or erased, or have a permission that stands are left as they are.
    """
    rule = rule_of(policy, market, channel)
    people = _judged(uow, view, shop_id, market, channel, rule, at)
    granted = people.filter(pc.equal(people["why"], ""))
    wording_id = f"existing-customer/{market}@{policy.as_of}"
    event = ConsentEvent(
        channel=channel, status="granted", at=at, method="existing_customer", source=source, wording_id=wording_id,
        wording="; ".join(rule.conditions),
    )  # fmt: skip
    if not dry_run:
        uow.consents.grant_many(shop_id, event, granted.select(["person_id", "valid_until"]))
    counted = {row["values"]: row["counts"] for row in pc.value_counts(people["why"]).to_pylist()}
    return Basis(
        market=market, channel=channel, at=at, source=source, wording_id=wording_id, conditions=rule.conditions,
        n_people=people.num_rows, n_granted=granted.num_rows,
        left_out={reason: counted[reason] for reason in get_args(LeftOut) if reason in counted},
        first_lapses_at=pc.min(granted["valid_until"]).as_py(), is_dry_run=dry_run,
    )  # fmt: skip


def _judged(
    uow: UnitOfWork, view: LakeView, shop_id: str, market: str, channel: Channel, rule: SoftOptIn, at: datetime
) -> pa.Table:
    """Give (person_id, valid_until, why) of everybody in the market; `why` is empty for those who qualify."""
    state = view.memory_table("state_now", uow.person_state.get(shop_id))
    state = state.filter((state.market == market) & ~state.is_erased)
    spoken = view.memory_table("spoken", uow.consents.spoken(shop_id, channel))
    reached = view.memory_table("reached", _people(uow, uow.contacts.with_address(shop_id, channel)))
    latest = _latest(view, spoken, channel)
    rows = state.left_join(latest, state.person_id == latest.said_by)
    rows = rows.left_join(reached, rows.person_id == reached.person)
    stands = rows[f"consent_{channel}"] & ~(rows.lapses_at <= ibis.literal(at)).fill_null(False)
    recent = (rows.last_order_at > ibis.literal(at - rule.purchase_months * MONTH)).fill_null(False)
    why = ibis.cases(
        (rows.person.isnull(), "no_address"),
        (rows[f"is_suppressed_{channel}"], "suppressed"),
        ((rows.status == "revoked").fill_null(False), "objected"),
        ((rows.status == "pending").fill_null(False), "awaits_confirmation"),
        (stands, "has_permission"),
        (~recent, "no_recent_purchase"),
        else_="",
    )
    found = rows.select("person_id", "last_order_at", why=why).order_by("person_id").to_pyarrow()
    lapses = pc.add(found["last_order_at"].cast(pa.timestamp("us", "UTC")), pa.scalar(rule.purchase_months * MONTH))
    return found.select(["person_id", "why"]).append_column("valid_until", lapses)


def _latest(view: LakeView, spoken: ir.Table, channel: Channel) -> ir.Table:
    """Give (said_by, status, lapses_at): each person's latest statement about marketing, of facts and of the ledger."""
    facts = view.table("consents")
    facts = facts.filter((facts.channel == channel) & (facts.purpose == "marketing"))
    never = facts.event_at.nullif(facts.event_at)  # facts do not lapse
    both = facts.select(said_by="person_id", status="status", said_at="event_at", lapses_at=never, rank=ibis.literal(0))
    both = both.union(spoken.select("said_by", "status", "said_at", "lapses_at", rank=ibis.literal(1)))
    newest = ibis.struct({name: both[name] for name in ("said_at", "rank", "status", "lapses_at")}).max()
    found = both.group_by("said_by").agg(newest=newest)
    return found.select("said_by", status=found.newest["status"], lapses_at=found.newest["lapses_at"])


def _people(uow: UnitOfWork, subjects: list[str]) -> pa.Table:
    people = pa.array(sorted(set(uow.identities.people_of(subjects).values())), pa.string())
    return pa.table({"person": people})
