"""The tool `allocate_budget`: the plan's money over the four buckets, to the last minor unit."""

from typing import Any

from memory.domain.base import Rate
from memory.domain.money import Money
from memory.domain.plan import Bucket

from .desk import Desk
from .tool import Arguments, Tool, refused


class Shares(Arguments):
    """How to split."""

    shares: dict[Bucket, Rate] = {}
    """Shares that sum to 1; the playbook's where none are given."""


def run(desk: Desk, arguments: Shares) -> dict[str, Any]:
    """Give the sum of each bucket, or why the split cannot be."""
    from tools.budget.allocation import DEFAULT_SHARES, Infeasible, allocate

    total: Money = desk.brief.budget or desk.context.guardrails.plan_budget
    lines = allocate(total, {}, arguments.shares or DEFAULT_SHARES)
    if isinstance(lines, Infeasible):
        return refused(lines.reasons)
    return {"currency": total.currency, **{line.bucket: line.amount.amount_minor for line in lines}}


TOOL = Tool("allocate_budget", "Split the plan's budget over the four buckets.", Shares, run)
