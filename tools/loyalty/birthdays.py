"""Birthday benefits: once a year, on the day; 29 February falls on the 28th where there is none; no year is known."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.loyalty import BirthdayGift, TierRule
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .members import memberships
from .programmes import Term, in_force
from .standing import tier_no

DAYS_SCHEMA = pa.schema(
    [
        ("month", pa.int32()), ("day", pa.int32()), ("falls_on", pa.date32()), ("falls_at", INSTANT),
        ("term_no", pa.int64()), ("since", INSTANT), ("valid_days", pa.int64()),
    ]
)  # fmt: skip
"""Every day of birth of a year with the day it falls on, and the programme in force then."""


def birthdays(
    view: LakeView, shop: Shop, terms: Sequence[Term], first_on: date, last_on: date, as_of: datetime
) -> ir.Table:
    """Give members' birthdays from one day to another: person_id, falls_on, falls_at, term_no, tier_no, valid_days.

    One row per member and year. Whose day is unknown has it on the first of the month; who has no month has none. The
    tier is that of `standings` at the first instant of the day, and only who is a member then counts. Days are the
    shop's own.
    """
    born, days = _born(view, shop), view.memory_table("birthdays", _days(shop, terms, first_on, last_on))
    falls = born.inner_join(days, [born.birth_month == days.month, born.birth_day == days.day])
    spans = memberships(view, shop, as_of)
    held = falls.inner_join(
        spans,
        [
            falls.born_id == spans.member_id,
            falls.falls_at >= spans.joined_at,
            spans.left_at.isnull() | (falls.falls_at < spans.left_at),
        ],
    ).select("born_id", "falls_on", "falls_at", "term_no", "since", "valid_days")
    bought = purchases(view, shop, as_of).select("net_minor", "event_at", buyer_id="person_id")
    joined = held.left_join(
        bought,
        [held.born_id == bought.buyer_id, bought.event_at <= held.falls_at, bought.event_at > held.since],
    )
    keys = ("born_id", "falls_on", "falls_at", "term_no", "valid_days")
    sums = joined.group_by(*keys).agg(
        spent=ibis.coalesce(joined.net_minor.sum(), 0).cast("int64"), n=joined.buyer_id.count()
    )
    rules = [(sums.term_no == term.number, _tier(term.programme.tier_rule, sums)) for term in terms]
    tier = ibis.cases(*rules, else_=0) if rules else ibis.literal(0, "int64")
    return sums.select("falls_on", "falls_at", "term_no", "valid_days", person_id="born_id", tier_no=tier)


def gift_of(terms: Sequence[Term], number: int, tier_number: int) -> BirthdayGift | None:
    """Give what a tier of a term has for birthdays, none where it has nothing."""
    held = terms[number].programme.tiers[tier_number].privileges
    return next((one for one in held if isinstance(one, BirthdayGift)), None)


def birthday_lots(view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime) -> ir.Table | None:
    """Give the points that birthdays brought, as lots; none where no tier gives points."""
    points = {
        (term.number, number): gift.points
        for term in terms
        for number in range(len(term.programme.tiers))
        if (gift := gift_of(terms, term.number, number)) and gift.gives == "points"
    }
    if not points:
        return None
    zone = ZoneInfo(shop.zone)
    rows = birthdays(
        view, shop, terms, terms[0].starts_at.astimezone(zone).date(), as_of.astimezone(zone).date(), as_of
    )
    cases = [
        ((rows.term_no == term_no) & (rows.tier_no == number), ibis.literal(gives, "int64"))
        for (term_no, number), gives in points.items()
    ]
    gained = ibis.cases(*cases, else_=ibis.literal(0, "int64"))
    lots = rows.select(
        "person_id",
        lot_id=rows.person_id + ":" + rows.falls_on.year().cast("string"),
        at=rows.falls_at,
        gross=gained,
        net=gained,
        taken_at=rows.falls_at,
        expires_at=rows.falls_at + rows.valid_days * ibis.interval(days=1),
        source=ibis.literal("birthday"),
    )
    return lots.filter(lots.gross > 0)


def falls_on(year: int, month: int, day: int) -> date:
    """Give the day a birthday falls on in a year: 29 February on the 28th where the year has none."""
    return date(year, 2, 28) if (month, day) == (2, 29) and not isleap(year) else date(year, month, day)


def _born(view: LakeView, shop: Shop) -> ir.Table:
    """Give each person's month and day of birth: born_id, birth_month, birth_day; the newest statement counts."""
    people = view.table("people")
    people = people.filter(people.shop_id == shop.shop_id, people.birth_month.notnull())
    told = ibis.struct(
        {
            "arrived_at": people.arrived_at,
            "fact_id": people.fact_id,
            "month": people.birth_month,
            "day": ibis.coalesce(people.birth_day, 1),
        }
    )
    newest = people.group_by(born_id=people.person_id).agg(told=told.max())
    return newest.select("born_id", birth_month=newest.told["month"], birth_day=newest.told["day"])


def _days(shop: Shop, terms: Sequence[Term], first_on: date, last_on: date) -> pa.Table:
    rows, zone = [], ZoneInfo(shop.zone)
    leap_year = [date(2000, 1, 1) + timedelta(days=number) for number in range(366)]
    for year in range(first_on.year, last_on.year + 1):
        for born in leap_year:
            on = falls_on(year, born.month, born.day)
            at = datetime.combine(on, time(), zone)
            term = in_force(terms, at)
            if first_on <= on <= last_on and term is not None:
                window = term.programme.tier_rule.window_days
                since = datetime(1970, 1, 1, tzinfo=zone) if window is None else at - timedelta(days=window)
                rows.append(
                    {
                        "month": born.month, "day": born.day, "falls_on": on, "falls_at": at,
                        "term_no": term.number, "since": since, "valid_days": term.programme.valid_days,
                    }
                )  # fmt: skip
    return pa.Table.from_pylist(rows, DAYS_SCHEMA)


def _tier(rule: TierRule, sums: ir.Table) -> ir.IntegerValue:
    return tier_no(rule, sums.spent, sums.n)
