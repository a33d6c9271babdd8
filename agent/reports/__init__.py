"""Reports that need both the store and the lake."""

from .brief import PlanBrief, plan_brief, render_brief, render_brief_page
from .decision import decision_record, list_decisions
from .decision_record import DecisionLine, DecisionRecord
from .decision_words import render_decision
from .earned import PlanEarned, earned_report
from .earned_words import render_earned
from .flow import PlanFlow, flow_report
from .flow_words import render_flow
from .lift import PlanLift, lift_report
from .lift_words import render_lift, render_lift_page
from .person import find_person, person_view
from .person_view import PersonFact, PersonProfile, PersonView
from .person_words import PersonWords
from .review import review_report
from .review_words import render_review, render_review_page

__all__ = [
    "DecisionLine",
    "DecisionRecord",
    "PersonFact",
    "PersonProfile",
    "PersonView",
    "PersonWords",
    "PlanBrief",
    "PlanEarned",
    "PlanFlow",
    "PlanLift",
    "decision_record",
    "earned_report",
    "find_person",
    "flow_report",
    "lift_report",
    "list_decisions",
    "person_view",
    "plan_brief",
    "render_brief",
    "render_brief_page",
    "render_decision",
    "render_earned",
    "render_flow",
    "render_lift",
    "render_lift_page",
    "render_review",
    "render_review_page",
    "review_report",
]
