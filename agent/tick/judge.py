"""The person-level decision of one plan: guarded candidates, then the choice. Reads nothing but what it is given.

A tick calls it with what it has just read; a replay with what the tick had kept.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import content_hash
from memory.domain.market import Market
from memory.lake.view import LakeView

from .decide import Decided, Frame, decide
from .goods import without_goods_blocked
from .preferred import keep_preferred
from .slipped import without_slipped

HASHED = ("decision_id", "chosen", "chosen_reason", "is_explored", "subject_no")
"""What the hash covers; every input of it is an integer or a text."""


def judge(view: LakeView, rows: pa.Table, frame: Frame, markets: Sequence[Market]) -> Decided:
    """Decide over candidates of both arms (`CANDIDATES_SCHEMA`, what ticks carry beside it and mark on it).

    `view` lends its database and no facts.
    """
    is_treated = pc.equal(rows["arm"], "treated")
    withheld = rows.filter(pc.invert(is_treated)).select(["person_id", "cohort", "arm", "step_id", "waited_on"])
    withheld = withheld.group_by(withheld.column_names).aggregate([])
    return decide(guarded(view, rows.filter(is_treated), frame, markets), withheld, frame)


def guarded(view: LakeView, treated: pa.Table, frame: Frame, markets: Sequence[Market]) -> pa.Table:
    """Give candidates of treated people with `allowed` and every reason against them."""
    from agent.guardrails import guard

    options = view.memory_table("tick_options", treated)
    found = guard(options, frame.guardrails, markets=tuple(markets), brief=frame.plan.brief)
    made = keep_preferred(without_slipped(without_goods_blocked(found))).to_pyarrow()
    view.drop("tick_options")
    return made


def decisions_hash(decided: Sequence[Decided]) -> str:
    """Hash what was decided: ids, choices and reasons."""
    return content_hash([one.decisions.select(_hashed(one)).to_pydict() for one in decided])


def _hashed(one: Decided) -> list[str]:
    """Hours count where some were drawn: what was decided without them keeps the hash it had."""
    is_drawn = one.decisions["hour_no"].null_count < one.decisions.num_rows
    return [*HASHED, "hour_no"] if is_drawn else [*HASHED]
