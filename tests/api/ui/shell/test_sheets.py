"""A page is dressed by what pages share and by its own sheets: nothing of another page's reaches it."""

import re
from pathlib import Path

import pytest

from api.ui.shell.frame import SHARED_SHEETS, STYLE
from api.ui.shell.navigation import PAGES, Place, sheets_of

DRAWN_BY = {
    "plans": ("plan/*.py",),
    "chat": ("chat/*.py", "plan/view.py", "plan/money.py"),
    "start": ("start/*.py", "settings/*.py"),
}
"""What draws a page, where it is not the folder of its name."""
CLASS = re.compile(r"so-[a-z0-9-]+")


def _named(text: str) -> set[str]:
    return {one[1:] for one in re.findall(r"\.so-[a-z0-9-]+", text)}


def _drawn(place: Place) -> set[str]:
    files = (file for one in DRAWN_BY.get(place.name, (f"{place.name}/*.py",)) for file in STYLE.parent.glob(one))
    return {one for file in files for one in CLASS.findall(file.read_text(encoding="utf-8"))}


def _sheet(name: str) -> set[str]:
    return _named((STYLE / f"{name}.css").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_every_class_of_a_page_that_has_looks_has_them_there(place: Place) -> None:
    """A heading's id may be spelled like a class of another page: those are named here by hand."""
    ids = {"so-edit", "so-what-if", "so-limits"}
    there = {one for name in (*SHARED_SHEETS, *place.sheets) for one in _sheet(name)}
    somewhere = {one for file in STYLE.glob("*.css") for one in _sheet(file.stem)}
    assert (_drawn(place) & somewhere) - there - ids == set()


def test_every_sheet_belongs_to_a_page_or_to_all() -> None:
    used = {*SHARED_SHEETS, *(name for place in PAGES for name in place.sheets)}
    assert {Path(file).stem for file in STYLE.glob("*.css")} == used


def test_a_pages_details_are_dressed_as_the_page() -> None:
    assert sheets_of("/plans/{plan_id}") == sheets_of("/plans") == ("plan", "plan_page")
    assert sheets_of("/") == ("home",)
