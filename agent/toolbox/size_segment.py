"""The tool `size_segment`: how many people a rule means; never who."""

from typing import Any

from memory.domain.errors import NotReady

from .define_segment import RULE_SCHEMA, Rule
from .desk import Desk
from .tool import Tool

SMALLEST_CELL = 10
"""Groups below this size are not counted out, so that no rule can single out a person."""


def run(desk: Desk, arguments: Rule) -> dict[str, Any]:
    """Give the size; raise `NotReady` where no facts are open."""
    if desk.size is None:
        raise NotReady(what="Counting", why="no facts are open", remedy="Use the cohorts' sizes")
    return {"n_people": shown(desk.size(arguments.rule))}


def shown(n_people: int) -> int | str:
    """Give a count as it may be told."""
    return n_people if n_people >= SMALLEST_CELL or n_people == 0 else f"fewer than {SMALLEST_CELL}"


TOOL = Tool("size_segment", "Count the people of a segment rule.", Rule, run, reads_facts=True, told=RULE_SCHEMA)
