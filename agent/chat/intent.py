"""What a turn is about, read by rule; whatever is none of these is a wish."""

import re
from typing import Literal

from agent.planning.commands.parsing import phrases
from memory.domain.plan import Plan

Intent = Literal["draft", "what_if", "why", "undo", "help", "wish"]

_WORDS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("undo", re.compile(r"^\s*(undo|take (that|it) back|revert)\b|撤销|撤回|取消上一步|恢复上一", re.I)),
    (
        "what_if",
        re.compile(
            r"\bwhat (if|would)\b|\bhow much (more )?would\b|(?:如果|假如|要是|倘若)(?!可以|可能|方便|行的?话|能)", re.I
        ),
    ),
    ("why", re.compile(r"\bwhy\b|\bexplain\b|为什么|为何|原因|解释", re.I)),
    ("help", re.compile(r"^\s*(help|what can you do|hi|hello)\b|帮助|你能做什么|^\s*你好", re.I)),
    (
        "draft",
        re.compile(r"\b(draft|plan (the|a|my|our)|make (a|the) plan|start)\b|起草|制定|做一?[个份]计划|规划", re.I),
    ),
)


def intent_of(text: str) -> Intent:
    """Give the first intent whose words occur; a wish where none does."""
    return next((intent for intent, words in _WORDS if words.search(text)), "wish")


_DRAFTING = re.compile(
    r"\b(?:(?:can|could|would|will) you |i(?:'d| would) like you to |let'?s |i (?:want|need) (?:you )?to )?"
    r"(?:draft|make|plan|start)\b"
    r"(?:\s+(?:for (?:me|us)|me|us|an?|the|my|our|new|next|another|90[- ]days?|ninety[- ]days?|dated|retention"
    r"|campaign|plan|drafting|planning|now|again)\b)*"
    r"|(?:帮我|给我|为我们|我想|我要|重新)*(?:起草|制定|做|规划)(?:一下)?(?:一?[个份])?"
    r"(?:新的?|90天的?|九十天的?|复购|留存|营销|这[个份])*(?:计划|方案)?吧?",
    re.I,
)
"""The asking for a plan itself."""


def beside_drafting(text: str) -> str:
    """Give the phrases that a request for a plan says beside that; empty where it is nothing else."""
    return _beside(_DRAFTING, text)


_UNDOING = re.compile(
    r"^\s*(?:undo|take|revert)\b"
    r"(?:\s+(?:that|it|this|the|my|your|last|latest|previous|change|changes|step|edit|plan|one|back|again|please)\b)*"
    r"(?:[\s,.;:]*(?:and|then|but|instead)\b)*"
    r"|(?:请|帮我|把)*(?:上一步|刚才的?|这个|上次的?)*(?:撤销|撤回|取消上一步|恢复上一[步版个]?)"
    r"(?:掉|了|一下|上一步|上一次的?|刚才的?|这个|修改|更改|操作|吧)*(?:[\s，,。；]*(?:然后|并且|并|再))*",
    re.I,
)
"""The asking to take back."""


def beside_undoing(text: str) -> str:
    """Give the phrases that a request to take back says beside that; empty where it is nothing else."""
    return _beside(_UNDOING, text)


def _beside(asking: re.Pattern[str], text: str) -> str:
    return ", ".join(phrases(asking.sub("", text, count=1)))


_PARTS = (
    ("budget", re.compile(r"budget|cost|money|预算|花费|成本", re.I)),
    ("holdout", re.compile(r"holdout|control group|对照|留出", re.I)),
    ("forecast", re.compile(r"forecast|expect|预测|预期", re.I)),
)


def part_named(text: str, plan: Plan) -> str:
    """Give the part of a plan a question is about, as `explain` names it; its goal where it names none."""
    step = step_named(text, plan)
    if step:
        return step
    part = next((name for name, words in _PARTS if words.search(text)), "")
    cohort = next((one for one in _COHORT_WORDS if _cohort_named(one, text.lower())), "")
    return part or cohort or "goal"


def step_named(text: str, plan: Plan) -> str:
    """Give the id of the step a text names, by id or by its template's words; empty for none."""
    from agent.planning.catalogue import CATALOGUE

    said = text.lower()
    for step in plan.steps():
        if step.id in said:
            return step.id
    for template in CATALOGUE:
        names = (template.id.replace("_", " "), *template.words, *(title.lower() for title in template.title.values()))
        if any(name in said for name in names if name):
            found = [step.id for step in plan.steps() if step.template == template.id]
            named = [one for one in found if _cohort_named(one.partition(".")[0], said)]
            if found:
                return (named or found)[0]
    return ""


_COHORT_WORDS = {
    "vip": ("vip",),
    "reactivated": ("reactivated", "唤回", "回流"),
    "discount_sensitive": ("discount-sensitive", "discount_sensitive", "价格敏感", "折扣敏感"),
    "first_time": ("first-time", "first time", "first_time", "新客", "首购"),
}


def _cohort_named(cohort: str, said: str) -> bool:
    return any(word in said for word in _COHORT_WORDS.get(cohort, ()))
