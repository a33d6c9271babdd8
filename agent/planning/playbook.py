"""The playbook planner: rules instead of a language model, and the baseline a language model has to beat."""

from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, PlannerRef

from .compose import compose
from .context import PlanContext
from .draft import DraftStep, PlanDraft
from .journeys import playbook_journey

__all__ = ["VERSION", "PlaybookPlanner", "playbook_journey"]

VERSION = "playbook-1"


class PlaybookPlanner:
    """Drafts the full dated plan by rule."""

    ref = PlannerRef(kind="playbook", version=VERSION)

    def plan(self, brief: Brief, context: PlanContext) -> Plan | tuple[Blocked, ...]:
        """Draft and compose."""
        return compose(self.draft(brief, context), brief, context, self.ref)

    def draft(self, brief: Brief, context: PlanContext) -> PlanDraft:
        """Give the draft: every template that suits a cohort, on its day, with an offer that can be built."""
        journeys: dict[CohortId, tuple[DraftStep, ...]] = {}
        left_out: dict[str, str] = {}
        for cohort in COHORTS:
            journeys[cohort], missing = playbook_journey(cohort, brief, context)
            left_out |= missing
        title = f"{context.shop.name}: 90 days from {context.anchor_on}"
        return PlanDraft(title=title[:120], journeys=journeys, left_out=left_out)
