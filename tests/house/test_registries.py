"""Every registry: unique ids, a word of documentation each, a test that names it, a line in the reference."""

import pytest

from .reference import PAGE, SECTIONS, page
from .tree import ROOT, python_files

TESTED_BY = {
    "Planning tools": "tests/agent/toolbox",
    "Files to import": "tests/tools/ingest",
    "Goods rules": "tests/tools/recommendations",
    "Offer kinds": "tests/tools/offers",
}


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_entry_has_a_name_of_its_own_and_says_what_it_is(section: str) -> None:
    rows = SECTIONS[section][1]()
    names = [name for name, _ in rows]
    assert len(names) == len(set(names)) > 5
    assert not [name for name, what in rows if len(what.strip()) < 5]


@pytest.mark.parametrize("section", list(TESTED_BY))
def test_every_entry_is_named_by_a_test(section: str) -> None:
    folder = TESTED_BY[section]
    parts = tuple(folder.split("/"))
    texts = [
        path.name + "\n" + (path.read_text()) for path, _ in python_files("tests") if path.parts[: len(parts)] == parts
    ]
    everything = "\n".join(texts)
    untested = [
        name
        for name, _ in SECTIONS[section][1]()
        if name not in everything and name.replace("-", "_") not in everything
    ]
    assert not untested


def test_every_guardrail_has_a_test_file_of_its_own() -> None:
    from agent.guardrails.registry import RULES

    stems = {type(rule).__module__.rpartition(".")[2] for rule in RULES}
    assert len(stems) == len(RULES)
    assert not [stem for stem in stems if not (ROOT / "tests/agent/guardrails/rules" / f"test_{stem}.py").exists()]


def test_the_reference_is_what_the_code_says() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.house.reference"
