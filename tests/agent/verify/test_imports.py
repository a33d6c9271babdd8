"""The second checker stands alone: beside Python itself it imports `memory.domain` and nothing else."""

import ast
import sys

from tests.house.tree import ROOT


def test_it_imports_the_shared_language_and_plain_python_only() -> None:
    files = sorted((ROOT / "agent" / "verify").glob("*.py"))
    assert len(files) > 10
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert name.startswith("memory.domain.") or name.split(".")[0] in sys.stdlib_module_names, (path, name)


def test_the_contract_names_every_part_it_must_not_use() -> None:
    contract = (ROOT / "pyproject.toml").read_text().partition("The second checker imports memory.domain only")[2]
    others = {
        path.stem for path in (ROOT / "agent").iterdir() if path.stem not in ("__init__", "verify", "__pycache__")
    }
    others = {name for name in others if name != "py"}
    missing = [name for name in sorted(others) if f'"agent.{name}"' not in contract]
    assert not missing, "name it in the import contract of the second checker"
