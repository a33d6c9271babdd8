"""A plan opened for its views, without a browser."""

from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from api.ui.plan.opened import Opened
from api.ui.shell.words import UiLanguage, words
from memory.domain.approval import PlanStatus
from memory.domain.plan import Plan
from memory.store.plans import StoredPlan
from tests.factories.planning import AS_OF
from tests.factories.plans import good_plan


@cache
def a_plan() -> Plan:
    return good_plan()


def opened(language: UiLanguage = "en", plan: Plan | None = None, status: PlanStatus = "draft", **query: str) -> Opened:
    visitor: Any = SimpleNamespace(words=words(language), language=language)
    stored = StoredPlan(
        plan=plan or a_plan(), status=status, created_by="mia", touched_by=("mia",), created_at=AS_OF, session_id=""
    )
    return Opened(cast("Any", visitor), stored, query)
