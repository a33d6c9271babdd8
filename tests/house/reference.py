"""Writes `docs/reference.md` from the registries: `python -m tests.house.reference`."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from .tree import ROOT

PAGE = ROOT / "docs" / "reference.md"
Row = Sequence[str]


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def guardrail_rows() -> list[Row]:
    from agent.guardrails.registry import RULES

    return [(rule.id, _first_line(inspect.getmodule(type(rule)))) for rule in RULES]


def tool_rows() -> list[Row]:
    from agent.toolbox.registry import TOOLS

    return [(tool.name, tool.description) for tool in TOOLS]


def import_rows() -> list[Row]:
    from tools.ingest import IMPORT_KINDS

    return [(kind.id, kind.description["en"]) for kind in IMPORT_KINDS]


def step_rows() -> list[Row]:
    from agent.planning.catalogue.registry import CATALOGUE

    return [(step.id, f"{step.stage}, {step.kind}") for step in CATALOGUE]


def offer_rows() -> list[Row]:
    from tools.offers.registry import BUILDERS

    return [(builder.id, _first_line(type(builder))) for builder in BUILDERS]


def goods_rows() -> list[Row]:
    from tools.recommendations import RULES

    return [(rule.id, _first_line(inspect.getmodule(rule.options)).partition(": ")[2]) for rule in RULES]


@cache
def command_rows() -> list[Row]:
    from typer.main import get_command

    from api.cli.main import app

    return list(_commands(get_command(app), ()))


def _commands(command: Any, path: tuple[str, ...]) -> Iterable[Row]:
    if not hasattr(command, "commands"):
        yield " ".join(path), command.get_short_help_str(limit=400)
        return
    for name, inner in command.commands.items():
        yield from _commands(inner, (*path, name))


SECTIONS: dict[str, tuple[str, Callable[[], list[Any]]]] = {
    "Commands": ("`secondorder <command> --help` lists the options; every command takes `--json`.", command_rows),
    "Files to import": ("`secondorder import <kind> PATH`.", import_rows),
    "Guardrails": ("Each rule is one file in `agent/guardrails/rules`.", guardrail_rows),
    "Planning tools": ("What a planner may call; there is no other way for it to reach anything.", tool_rows),
    "Step templates": ("What journeys are built from.", step_rows),
    "Goods rules": ("How the articles of a message are picked, `tools/recommendations/rules`.", goods_rows),
    "Offer kinds": ("What offers are built from.", offer_rows),
}


def page() -> str:
    """Give the page's text."""
    lines = ["# Reference", "", "Written by `python -m tests.house.reference`; a test holds it to the code."]
    for title, (text, rows) in SECTIONS.items():
        lines += ["", f"## {title}", text, "", "| name | what it is |", "|---|---|"]
        lines += [f"| `{name}` | {what.replace('|', '/')} |" for name, what in rows()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
