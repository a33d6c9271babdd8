"""The tool `list_segments`: the cohorts and the segments the shop keeps, with sizes."""

from typing import Any

from .desk import Desk
from .size_segment import shown
from .tool import NoArguments, Tool


def run(desk: Desk, _arguments: NoArguments) -> dict[str, Any]:
    """Give ids and sizes; small groups are shown as fewer than the smallest cell."""
    cohorts = [{"id": cohort.id, "n_people": shown(cohort.n_people)} for cohort in desk.context.cohorts]
    kept = [{"id": segment.id, "n_people": shown(segment.n_people)} for segment in desk.extras.segments[:20]]
    return {"cohorts": cohorts, "segments": kept}


TOOL = Tool("list_segments", "Cohorts and ready segments with sizes.", NoArguments, run)
