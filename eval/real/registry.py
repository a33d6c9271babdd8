"""The data sets there are, and where their files lie."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from memory.domain.errors import InvalidInput

from . import cdnow, hillstrom, online_retail, open_bandit
from .figure import DataReport, Figure


class DataSet(NamedTuple):
    """One set of real data."""

    name: str
    """Its name on the command line."""
    source: str
    """Whose it is and under which terms."""
    files: tuple[str, ...]
    """What must lie in the folder."""
    figures: Callable[[Path], tuple[Figure, ...]]
    """What is read from the folder."""


DATA_SETS = (
    DataSet("hillstrom", hillstrom.SOURCE, hillstrom.FILES, hillstrom.figures),
    DataSet("cdnow", cdnow.SOURCE, cdnow.FILES, cdnow.figures),
    DataSet("open-bandit", open_bandit.SOURCE, open_bandit.FILES, open_bandit.figures),
    DataSet("online-retail", online_retail.SOURCE, online_retail.FILES, online_retail.figures),
)


def check(name: str, folder: Path) -> DataReport:
    """Read a data set and hold its figures against the published ones; raise `InvalidInput` where it is not there."""
    found = {each.name: each for each in DATA_SETS}.get(name)
    if found is None:
        known = ", ".join(each.name for each in DATA_SETS)
        raise InvalidInput(what=f"data set {name!r}", why="there is none", remedy=f"Use {known}")
    if missing := [file for file in found.files if not (folder / file).is_file()]:
        raise InvalidInput(
            what=f"folder {folder}", why=f"{', '.join(missing)} is not in it", remedy="Name its folder with --data"
        )
    return DataReport(name=name, source=found.source, figures=found.figures(folder))
