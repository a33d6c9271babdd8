"""Leaks: people of the control group who were reached all the same."""

from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.outcomes.reading import Outcomes
from tools.outcomes.window import OutcomeWindow

from .lift_model import Leaks

OTHERS_SCHEMA = pa.schema([("person_id", pa.string()), ("is_own", pa.bool_())])


def reached(
    uow: UnitOfWork, shop_id: str, plan_ids: tuple[str, ...], since: datetime, window: OutcomeWindow, as_of: datetime
) -> pa.Table:
    """Give who was messaged from `since` to the end of the window: `OTHERS_SCHEMA`, once per person and kind of plan.

    What other plans send to the withheld afterwards changes no outcome that counts.
    """
    found = uow.sent_counts.reached_between(shop_id, since, min(window.ends_at, as_of))
    rows = {(person, plan_id in plan_ids) for person, plan_id in found}
    return pa.Table.from_pylist([{"person_id": p, "is_own": own} for p, own in sorted(rows)], OTHERS_SCHEMA)


def leaks_of(
    view: LakeView, people: ir.Table, reached_people: pa.Table, found: Outcomes, window: OutcomeWindow, as_of: datetime
) -> Leaks:
    """Count the withheld among those who were reached, and their orders that show an offer of the plan."""
    now = view.present(view.memory_table("reached", reached_people)).rename(reached_id="person_id")
    control = people.filter(people.arm == "control").select("person_id")
    hit = control.join(now, control.person_id == now.reached_id)
    counts = hit.group_by("is_own").agg(n=hit.person_id.nunique()).to_pyarrow().to_pylist()
    n = {row["is_own"]: row["n"] for row in counts}
    return Leaks(
        n_messaged=n.get(True, 0),
        n_messaged_by_others=n.get(False, 0),
        n_messaged_elsewhere=_elsewhere(view, control, window, as_of),
        n_redeemed=sum(uses for (arm, _), (uses, _) in found.used.items() if arm == "control"),
        n_both_arms=found.n_both_arms,
    )


def _elsewhere(view: LakeView, control: ir.Table, window: OutcomeWindow, as_of: datetime) -> int:
    """Count withheld people whom another tool messaged in the window, by its imported sends."""
    events = view.table("events")
    sent = events.filter(events.kind == "sent", events.event_at >= window.starts_at)
    sent = sent.filter(sent.event_at < min(window.ends_at, as_of))
    return int(control.semi_join(sent, "person_id").count().to_pyarrow().as_py())
