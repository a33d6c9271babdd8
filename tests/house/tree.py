"""The checkout as the house rules see it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "tools", "prompts", "memory", "api", "eval")


@cache
def tracked() -> tuple[Path, ...]:
    """Files git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in sorted(set(listed.splitlines())) if (path := ROOT / name).is_file())


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def python_files(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed Python files below the folders; generated migrations are left out."""
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py" and relative.parts[0] in folders and "migrations" not in relative.parts:
            yield relative, _parsed(path)
