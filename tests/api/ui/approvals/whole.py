"""A whole request as the page shows it, for tests that read it at once."""

from datetime import UTC, datetime, timedelta

from api.ui.approvals.standing_view import head, outcome, who
from api.ui.approvals.view import changes, edges, message, messages_head, parts_held, proof, render_step, steps_of
from api.ui.shell.words import Words
from api.verbs.approvals import Standing
from api.verbs.exhibits import Exhibit
from memory.domain.approval import Approval
from memory.domain.release import ReleaseRule

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def a_standing(found: Exhibit, title: str = "Title", **more: object) -> Standing:
    """How the request stands for an approver."""
    values: dict[str, object] = {
        "approval": found.approval, "title": title, "plan_status": "waiting", "why_not": "", "in_place_of": "",
        "passed": (), "coming": (), "notices": (), "stages": ReleaseRule().stages,
    }  # fmt: skip
    return Standing.model_validate(values | more)


def whole(found: Exhibit, title: str, words: Words) -> str:
    """Every part of the page that holds what others wrote."""
    standing = a_standing(found, title)
    parts = [head(standing, words, "UTC"), outcome(standing, words, "UTC"), who(standing, words)]
    parts += [changes(found, words), edges(found, words), parts_held(found, words), messages_head(found, words)]
    for step_id, some in steps_of(found):
        parts += [render_step(step_id, some, words), *(message(one, words) for one in some)]
    return "".join((*parts, proof(found, words)))


def decided(approval: Approval, status: str, note: str = "") -> Approval:
    return approval.model_copy(
        update={"status": status, "decided_by": "ava", "decided_at": AT + timedelta(hours=1), "note": note}
    )
