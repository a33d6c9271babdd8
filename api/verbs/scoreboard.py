"""The scoreboard of planners that was written last into the home, if any."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from memory.domain.errors import InvalidInput

from .acting import Acting

if TYPE_CHECKING:
    from eval.scoreboard.board import Board

FOLDER = "scoreboard"
"""The folder of the home where the workspace looks."""


def command(acting: Acting) -> str:
    """Give the command that writes a scoreboard where the workspace finds it."""
    acting.require("read")
    return f"secondorder eval run --planner all --out {acting.app.settings.home / FOLDER}"


def last(acting: Acting) -> "Board | None":
    """Give the scoreboard that was written last; none where none was. Raises `InvalidInput` for a file it is not."""
    from eval.scoreboard.board import Board

    acting.require("read")
    path = acting.app.settings.home / FOLDER / "board.json"
    if not path.exists():
        return None
    try:
        return Board.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError):
        raise InvalidInput(what=f"{FOLDER}/board.json", why="it is no scoreboard", remedy=command(acting)) from None
