"""The tool `define_segment`: checks a rule and says in words whom it means."""

from typing import Any

from memory.domain.canonical import content_hash
from memory.domain.segment import SegmentRule

from .desk import Desk
from .tool import Arguments, Tool


class Rule(Arguments):
    """A segment rule."""

    rule: SegmentRule
    """The rule as a tree, such as {"op":"bought","within_days":30,"at_least":1}."""


def run(_desk: Desk, arguments: Rule) -> dict[str, Any]:
    """Give the rule in words in English and Chinese, and its hash."""
    from tools.segments.describe import describe
    from tools.segments.words import WordLanguage

    languages: tuple[WordLanguage, ...] = ("en", "zh")
    words = {language: describe(arguments.rule, language)[:600] for language in languages}
    return {"words": words, "rule_hash": content_hash(arguments.rule)[:16]}


RULE_SCHEMA = {
    "type": "object",
    "properties": {
        "rule": {
            "type": "object",
            "description": 'a tree: {"op":"compare","attribute":"n_orders","test":"ge","value":2}, '
            '{"op":"bought","category":"shoes","within_days":60,"at_least":1}, {"op":"did","events":["cart"],'
            '"within_days":14,"at_least":1}, joined by {"op":"all","of":[...]}, "any", or {"op":"not","of":{...}}',
        }
    },
    "required": ["rule"],
}
TOOL = Tool("define_segment", "Check a segment rule and put it in words.", Rule, run, told=RULE_SCHEMA)
