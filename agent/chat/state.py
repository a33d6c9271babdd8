"""Where a chat stands: the wishes so far, the draft and the plan they make, and the way back."""

import re
from typing import Literal

from agent.planning.draft import PlanDraft
from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.plan import Plan

ChatLanguage = Literal["en", "zh"]
MAX_HISTORY = 20


class Snapshot(Frozen):
    """A state that can be gone back to."""

    brief: Brief
    """The wishes then."""
    draft: PlanDraft | None = None
    """The language model's draft then; none where the playbook drafted."""
    plan: Plan
    """The plan then."""


class ChatState(Frozen):
    """The state of a thread; plain JSON when stored."""

    language: ChatLanguage = "en"
    """The language of the last turn."""
    is_greeted: bool = False
    """Whether the chat has said what it can do."""
    brief: Brief = Brief()
    """The wishes so far."""
    draft: PlanDraft | None = None
    """What the language model decided; none where the playbook drafts."""
    plan: Plan | None = None
    """The plan that stands."""
    history: tuple[Snapshot, ...] = ()
    """Earlier states, oldest first."""

    def moved(self, brief: Brief, draft: PlanDraft | None, plan: Plan) -> "ChatState":
        """Give the state after a turn that changed the plan."""
        past = self.history
        if self.plan is not None:
            past = (*past, Snapshot(brief=self.brief, draft=self.draft, plan=self.plan))[-MAX_HISTORY:]
        return self.model_copy(update={"brief": brief, "draft": draft, "plan": plan, "history": past})


def language_of(text: str, before: ChatLanguage) -> ChatLanguage:
    """Give the language of a text: Chinese with any Chinese character, English with words, else as before."""
    if re.search(r"[\u4e00-\u9fff]", text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{2,}", text) else before
