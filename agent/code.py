"""The version of the code that plans and decides: a hash of its files, so that recordings can name it."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
DECIDING = ("agent", "memory", "prompts", "tools")
"""What a plan or a decision can depend on; faces and benches are left out."""
COUNTED = frozenset({".py", ".yaml", ".json", ".csv", ".md", ".mjml", ".j2"})
"""Code, tables and message templates."""


@cache
def code_version() -> str:
    """Give 16 hex digits over names and bytes of the files; the language model's prompts have versions of their own."""
    digest = hashlib.sha256()
    for folder in DECIDING:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in COUNTED and not _is_prompt(file) and file.is_file():
                name = file.relative_to(ROOT).as_posix()
                digest.update(f"{name}\x1f{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _is_prompt(file: Path) -> bool:
    return file.suffix == ".md" and file.parent.parent.name == "prompts"
