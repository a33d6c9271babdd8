"""Decisions: which there are, and one of them with everything that was chosen and rejected, and why."""

from typing import TYPE_CHECKING

from .acting import Acting
from .plans import SpokenLanguage, get

if TYPE_CHECKING:
    from agent.replay.why_record import Why
    from agent.reports import DecisionLine, DecisionRecord


def list_decisions(
    acting: Acting, person_id: str = "", plan_id: str = "", limit: int = 50
) -> "tuple[DecisionLine, ...]":
    """List the newest decisions of the shop, of one person or plan where named."""
    from agent.reports import list_decisions as read

    acting.require("read")
    whole = get(acting, plan_id).plan.id if plan_id else ""
    app = acting.app
    return read(app.store, app.lake, acting.shop_id, person_id=person_id, plan_id=whole, limit=limit)


def show(acting: Acting, decision_id: str) -> "DecisionRecord":
    """Give one decision of the shop; raise `NotFound` where there is none of that id."""
    from agent.reports import decision_record

    acting.require("read")
    app = acting.app
    return decision_record(app.store, app.lake, acting.shop_id, decision_id)


def why(acting: Acting, decision_id: str) -> "Why":
    """Say why one decision fell as it did and what would flip it; decides its whole batch again."""
    from agent.replay.explaining import explain_decision

    acting.require("read")
    app = acting.app
    return explain_decision(app.store, app.lake, app.markets, acting.shop_id, decision_id)


def why_words(found: "Why", language: SpokenLanguage = "en") -> tuple[str, ...]:
    """Say it in sentences."""
    from agent.replay.why_words import why_lines

    return why_lines(found, language)


def words(record: "DecisionRecord", language: SpokenLanguage = "en") -> str:
    """Say it in words."""
    from agent.reports import render_decision

    return render_decision(record, language)


def reason_words(code: str, language: SpokenLanguage = "en") -> str:
    """Say one reason of a decision in words."""
    from agent.reports.decision_words import say_reason

    return say_reason(code, language)
