"""The tool `recall_lessons`: brand voice and lessons of measured campaigns, with where they come from."""

from typing import Annotated, Any

from pydantic import Field

from .cleaning import clean
from .desk import Desk
from .tool import Arguments, Tool


class About(Arguments):
    """What about."""

    query: Annotated[str, Field(min_length=1, max_length=200)]
    """A few words."""


def run(desk: Desk, arguments: About) -> dict[str, Any]:
    """Give up to three notes, those of measured plans and the shop's own; none where nothing was remembered."""
    found = desk.recall(arguments.query) if desk.recall else ()
    return {"notes": [{"text": clean(text, 300), "source": clean(source, 80)} for text, source in found[:3]]}


TOOL = Tool("recall_lessons", "Lessons of past campaigns and brand voice.", About, run, reads_facts=True)
