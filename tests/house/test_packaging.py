"""The lock is hashed and names no host; the six package names are ours alone."""

import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from .tree import PACKAGES, ROOT

LOCKS = ("requirements.lock", "requirements-spark.lock", "requirements-bench.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_host_and_hashes_every_pin(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) > (5 if name == "requirements-bench.lock" else 100)
    assert not [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[><=~!; ]", line)[0].lower().replace("_", "-") for line in wanted}
    locked = {
        line.split("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line
    }
    assert not {name for name in names if name not in {re.sub(r"\[.*\]", "", pin) for pin in locked}}


def test_no_other_distribution_owns_one_of_our_package_names() -> None:
    owners = importlib.metadata.packages_distributions()
    taken = {name: owners[name] for name in PACKAGES if set(owners.get(name, [])) - {"second-order"}}
    assert not taken


def test_every_package_is_typed() -> None:
    assert not [name for name in PACKAGES if not (ROOT / name / "py.typed").exists()]


def test_the_top_level_holds_only_what_is_agreed() -> None:
    allowed = {*PACKAGES, "tests", "docs", "benchmarks", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile"}
    allowed |= {"setup.sh", *LOCKS, "LICENSE", "Dockerfile", "compose.yaml"}
    from .tree import tracked

    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert not {name for name in top - allowed if not name.startswith(".")}


def test_no_recipe_of_make_hides_a_failure_behind_a_pipe() -> None:
    """`check | tail` succeeds whenever tail does; a recipe keeps a check's output first and shows it afterwards."""
    recipes = (ROOT / "Makefile").read_text().splitlines()
    piped = [line for line in recipes if " | " in line and "|| { echo" not in line]
    assert not piped


def test_the_import_contracts_are_a_check_that_can_fail(tmp_path: Path) -> None:
    """Planted: the linter reports a broken contract; make must end with an error."""
    linter = tmp_path / "lint-imports"
    linter.write_text("#!/bin/sh\necho Contracts: 6 kept, 1 broken.\nexit 1\n")
    linter.chmod(0o755)
    recipe = (ROOT / "Makefile").read_text().split("contracts: setup\n\t@", 1)[1].splitlines()[0]
    command = recipe.replace("$$", "$").replace(".venv/bin/lint-imports", str(linter))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 broken" in done.stdout
