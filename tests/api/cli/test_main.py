import subprocess
import sys

import pytest

HEAVY = ("langchain", "langgraph", "openai", "chromadb", "nicegui", "fastapi", "sklearn", "pandas", "scipy", "ibis")
HEAVY_TOO = ("duckdb", "pyarrow", "sqlmodel", "sqlalchemy", "numpy", "altair", "deltalake")


@pytest.mark.parametrize(
    "words", [["--help"], ["plan", "--help"], ["import", "--help"], ["chat", "--help"], ["eval", "run", "--help"]]
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = f"""
import sys
sys.argv = ["secondorder", *{words!r}]
from api.cli.main import run
try:
    run()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", sorted({{name.partition(".")[0] for name in sys.modules}} & {{*{HEAVY + HEAVY_TOO!r}}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "LOADED []"
    assert "Usage:" in done.stdout
