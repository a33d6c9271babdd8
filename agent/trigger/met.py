"""Which people a trigger's condition is met for, columnar: counted in the facts, never in the delivery."""

from collections.abc import Iterable
from datetime import datetime

import ibis

from memory.lake.view import LakeView

from .kinds import Trigger


def met_by(trigger: Trigger, view: LakeView, person_ids: Iterable[str], as_of: datetime) -> set[str]:
    """Give those of the people who did enough within the trigger's time up to `as_of`."""
    events = view.table("events")
    since = ibis.literal(as_of - trigger.within)
    counted = events.filter(
        events.kind.isin(trigger.events),
        ~events.is_machine,
        events.event_at > since,
        events.event_at <= ibis.literal(as_of),
        events.person_id.isin(sorted(set(person_ids))),
    )
    per_person = counted.group_by("person_id").agg(n=counted.count())
    return set(per_person.filter(per_person.n >= trigger.n_needed)["person_id"].to_pyarrow().to_pylist())
