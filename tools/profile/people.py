"""Who a person is to the shop besides orders: market, language, zone, permission to contact."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

PUSH_CHANNELS = ("email", "sms", "push")


SAID = ("market", "language", "zone")


def people_sums(people: ir.Table) -> ir.Table:
    """Give the latest known market, language and zone per person and the fact that says so; null where nobody said."""
    key = {"event_at": people.event_at, "fact_id": people.fact_id}
    latest = people.group_by("person_id").agg(
        **{name: ibis.struct({**key, name: people[name]}).max(where=people[name].notnull()) for name in SAID}
    )
    columns: dict[str, ir.Value] = {}
    for name in SAID:
        columns |= {f"{name}_at": latest[name]["event_at"], f"{name}_fact_id": latest[name]["fact_id"]}
        columns[f"known_{name}"] = latest[name][name]
    return latest.select("person_id", **columns)


def consent_sums(consents: ir.Table, as_of: datetime) -> ir.Table:
    """Give per person and push channel the latest word on marketing up to `as_of`, and the suppressions.

    Of one instant a refusal wins over a grant.
    """
    said = consents.filter(consents.purpose == "marketing", consents.event_at <= ibis.literal(as_of))
    said = said.mutate(refused=(said.status != "granted").cast("int32"))
    sums = said.group_by("person_id").agg(**_per_channel(said))
    columns: dict[str, ir.Value] = {}
    for channel in PUSH_CHANNELS:
        last = sums[f"last_{channel}"]
        columns |= {f"said_{channel}_at": last["event_at"], f"refused_{channel}": last["refused"]}
        columns[f"n_suppressed_{channel}"] = sums[f"n_suppressed_{channel}"]
    return sums.select("person_id", **columns)


def consent_values(sums: ir.Table) -> dict[str, ir.Value]:
    """Give whether each push channel may carry marketing, as expressions over a table with those of `consent_sums`.

    The latest statement counts; any suppression forbids, whatever came after it. At hand-off the store is asked again.
    """
    return {
        f"consent_{channel}": (sums[f"refused_{channel}"] == 0) & (sums[f"n_suppressed_{channel}"] == 0)
        for channel in PUSH_CHANNELS
    }


def _per_channel(said: ir.Table) -> dict[str, ir.Value]:
    statement = ibis.struct({"event_at": said.event_at, "refused": said.refused})
    sums: dict[str, ir.Value] = {}
    for channel in PUSH_CHANNELS:
        sums[f"last_{channel}"] = statement.max(where=said.channel == channel)
        sums[f"n_suppressed_{channel}"] = said.count(where=(said.channel == channel) & said.is_suppressed)
    return sums
