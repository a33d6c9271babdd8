"""What README and docs tell people to type exists."""

import re
import shlex
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from .tree import ROOT


def snippets() -> Iterator[tuple[str, str]]:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.S):
            for line in block.splitlines():
                yield page.name, line.removeprefix("$ ")


COMMANDS = [(page, line) for page, line in snippets() if line.startswith("secondorder ")]


def why_not(line: str) -> str:
    """Give what is wrong with a documented command line, or nothing: its help must exist and name its options."""
    from api.cli.main import app

    words = shlex.split(line)[1:]
    options = {word for word in words if word.startswith("--")}
    result = CliRunner().invoke(app, [*words, "--help"], env={"TERM": "dumb", "COLUMNS": "200"})
    top = CliRunner().invoke(app, ["--help"], env={"TERM": "dumb", "COLUMNS": "200"}).output
    if result.exit_code:
        return result.output
    if result.output == top:
        return "no such command"
    return " ".join(sorted(option for option in options if option not in result.output + top))


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_every_documented_command_exists(page: str, line: str) -> None:
    assert not why_not(line), page


@pytest.mark.parametrize("line", ["secondorder plan conjure", "secondorder doctor --no-such-option"])
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    assert why_not(line)


def test_every_make_target_named_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert {"demo", "test", "check", "bench", "spark"} <= named
    assert not named - targets


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
