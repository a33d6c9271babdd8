"""A planner that wants too much: what the demo shows being refused."""

from agent.planning.compose import compose
from agent.planning.context import PlanContext
from agent.planning.draft import DraftOffer, DraftStep, PlanDraft
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, PlannerRef

DEPTH = 0.40
HOLDOUT_RATE = 0.0


class GreedyPlanner:
    """The playbook with a deep discount for VIPs in the first week and nobody withheld."""

    ref = PlannerRef(kind="playbook", version="greedy-demo")

    def plan(self, brief: Brief, context: PlanContext) -> Plan | tuple[Blocked, ...]:
        """Give the plan, or the reasons why none can be composed."""
        playbook = PlaybookPlanner().draft(brief, context)
        deep = DraftStep(template="discount_offer", day=3, offer="deep")
        wish = PlanDraft(
            title="40 % off for VIPs, at once, for everybody",
            journeys={**playbook.journeys, "vip": (*playbook.journeys["vip"], deep)},
            offers=(DraftOffer(id="deep", kind="discount", rate=DEPTH),),
            holdout_rate=HOLDOUT_RATE,
            left_out=playbook.left_out,
        )
        return compose(wish, brief.model_copy(update={"holdout_rate": HOLDOUT_RATE}), context, self.ref)
