"""Who a person is to the shop besides orders: market, language, zone, permission to contact."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

PUSH_CHANNELS = ("email", "sms", "push")


def people_features(people: ir.Table) -> ir.Table:
    """Give the latest known market, language and zone per person; null where nobody said."""
    key = {"event_at": people.event_at, "fact_id": people.fact_id}
    names = ("market", "language", "zone")
    latest = people.group_by("person_id").agg(
        **{name: ibis.struct({**key, name: people[name]}).max(where=people[name].notnull()) for name in names}
    )
    return latest.select("person_id", **{f"known_{name}": latest[name][name] for name in names})


def consent_features(consents: ir.Table, as_of: datetime) -> ir.Table:
    """Give per person whether each push channel may carry marketing, up to `as_of`.

    The latest statement counts and a refusal wins over a grant of the same instant; any suppression forbids,
    whatever came after it. At hand-off the store is asked again.
    """
    said = consents.filter(consents.purpose == "marketing", consents.event_at <= ibis.literal(as_of))
    said = said.mutate(refused=(said.status != "granted").cast("int32"))
    sums = said.group_by("person_id").agg(**_per_channel(said))
    granted = {
        f"consent_{channel}": (sums[f"last_{channel}"]["refused"] == 0) & (sums[f"n_suppressed_{channel}"] == 0)
        for channel in PUSH_CHANNELS
    }
    return sums.select("person_id", **granted)


def _per_channel(said: ir.Table) -> dict[str, ir.Value]:
    statement = ibis.struct({"event_at": said.event_at, "refused": said.refused})
    sums: dict[str, ir.Value] = {}
    for channel in PUSH_CHANNELS:
        sums[f"last_{channel}"] = statement.max(where=said.channel == channel)
        sums[f"n_suppressed_{channel}"] = said.count(where=(said.channel == channel) & said.is_suppressed)
    return sums
