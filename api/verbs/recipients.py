"""People a step would reach, by pseudonym: some drawn evenly over the cohort, and those at its edges."""

from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.base import Frozen
from memory.domain.cohort import CohortId
from memory.domain.errors import NotFound

from .acting import Acting
from .plans import get

N_SAMPLED = 3
PUSHED = ("email", "sms", "push")
Why = Literal["rarest_market", "rarest_language", "sampled"]


class Recipient(Frozen):
    """One person of a step's cohort."""

    why: Why
    """Why this one is shown: rarest market, rarest language, or drawn evenly."""
    person_id: str
    """The pseudonym."""
    market: str
    """Where they live; the home market where nobody knows."""
    language: str
    """What they read; their market's language where nobody knows."""
    channels: tuple[str, ...]
    """Channels of the step they permit and are not suppressed on, as of now; none where it cannot reach them."""


def recipients(acting: Acting, plan_id: str, step_id: str) -> tuple[Recipient, ...]:
    """Give people of the step's cohort as of now: the rarest market's and language's first, then some drawn evenly.

    Whether the step's own audience rule lets them in is decided on the day it is due. Raise `NotFound` for a step
    the plan does not have.
    """
    from agent.planning.reading import language_of

    plan, shop = get(acting, plan_id).plan, acting.shop()
    found = [(one.cohort, step) for one in plan.journeys for step in one.steps if step.id == step_id]
    if not found:
        raise NotFound(kind="step", id=step_id)
    cohort, step = found[0]
    chosen = _chosen(_people(acting, cohort, plan.peak_from, plan.peak_until))
    with acting.app.store.read() as uow:
        rows = uow.person_state.get(acting.shop_id, [row["person_id"] for _, row in chosen]).to_pylist()
    states = {row["person_id"]: row for row in rows}
    return tuple(
        Recipient(
            why=why,
            person_id=row["person_id"],
            market=row["market"] or shop.home_market,
            language=row["language"] or language_of(row["market"] or shop.home_market, shop, acting.app.markets),
            channels=tuple(name for name in step.channels if _permits(states.get(row["person_id"], {}), name)),
        )
        for why, row in chosen
    )


def _people(acting: Acting, cohort: CohortId, peak_from: Any, peak_until: Any) -> pa.Table:
    from tools.cohorts import assign_cohorts

    with acting.facts() as view:
        people = assign_cohorts(view, acting.shop(), peak_from, peak_until, acting.as_of(view))
        people = people.filter(people.cohort == cohort)
        return people.select("person_id", "market", "language").order_by("person_id").to_pyarrow()


def _chosen(people: pa.Table) -> list[tuple[Why, dict[str, Any]]]:
    found: list[tuple[Why, dict[str, Any]]] = []
    edges: tuple[tuple[Why, str], ...] = (("rarest_market", "market"), ("rarest_language", "language"))
    for why, column in edges:
        row = _first_of_rarest(people, column)
        if row is not None and row["person_id"] not in {one["person_id"] for _, one in found}:
            found.append((why, row))
    places = sorted({people.num_rows * number // (N_SAMPLED + 1) for number in range(1, N_SAMPLED + 1)})
    drawn = people.take(places).to_pylist() if people.num_rows else []
    taken = {one["person_id"] for _, one in found}
    found += [("sampled", row) for row in drawn if row["person_id"] not in taken]
    return found


def _first_of_rarest(people: pa.Table, column: str) -> dict[str, Any] | None:
    """Give the smallest pseudonym among those with the value fewest people have; unknown is no value."""
    known = people.filter(pc.not_equal(pc.fill_null(people[column], ""), ""))
    if not known.num_rows:
        return None
    counts = known.group_by(column).aggregate([("person_id", "count")])
    rarest = counts.sort_by([("person_id_count", "ascending"), (column, "ascending")])[column][0]
    row: dict[str, Any] = known.filter(pc.equal(known[column], rarest)).slice(0, 1).to_pylist()[0]
    return row


def _permits(state: dict[str, Any], channel: str) -> bool:
    if channel not in PUSHED:
        return True
    return bool(state.get(f"consent_{channel}")) and not state.get(f"is_suppressed_{channel}")
